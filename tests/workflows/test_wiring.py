"""What the manifest says, and what follows from it for its readers."""

from tests.workflows.builders import fixture_wiring
from workflows.manifest import load
from workflows.triggers import DeadLetters, Push, Route, Schedule, Tasked

NINE = {
    "generate_trip",
    "read_trip",
    "write_signal",
    "store_signal",
    "prewarm_combo",
    "relay_outbox",
    "save_onboarding",
    "read_persona",
    "seed_city",
}


def test_the_shipped_manifest_wires_every_function_of_this_stage() -> None:
    assert load().functions.keys() >= NINE


def test_each_kind_of_trigger_is_read() -> None:
    functions = fixture_wiring().functions
    assert functions["echo_call"].trigger == Route("POST", "/echo/{name}")
    assert functions["take_task"].trigger == Tasked("work")
    assert functions["hear_news"].trigger == Push("news", 10.0, 1.0, 60.0)
    assert functions["tick_clock"].trigger == Schedule("*/5 * * * *")
    assert functions["refuse_rumour"].trigger == Push(
        "rumours", 10.0, 0.1, 0.1, DeadLetters("rumours-dead", 5)
    )


def test_a_job_is_read_with_its_tasks_and_retries() -> None:
    jobs = fixture_wiring().jobs
    tells, ends = jobs["tell_task"], jobs["end_badly"]
    assert (tells.trigger, tells.tasks, tells.retries) == (Schedule("0 3 * * *"), 2, 3)
    assert (ends.trigger, ends.tasks, ends.retries) == (Tasked("nightly"), 1, 0)
    assert (tells.service, tells.module) == ("tell-task", "functions.tell_task.main")


def test_a_functions_url_is_its_audience_with_dashes_for_underscores() -> None:
    function = fixture_wiring().functions["hear_news"]
    assert function.url("https://{service}-7.run.app") == "https://hear-news-7.run.app"


def test_senders_are_found_from_queue_and_topic() -> None:
    wiring = fixture_wiring()
    assert [f.name for f in wiring.queue_senders("work")] == ["echo_call"]
    assert [f.name for f in wiring.topic_senders("news")] == ["echo_call"]
    assert [f.name for f in wiring.tasked("work")] == ["take_task"]
    assert [f.name for f in wiring.tasked("nightly")] == ["end_badly"]
    assert [f.name for f in wiring.queue_senders("nightly")] == ["echo_call"]
    assert [f.name for f in wiring.given_up_to("rumours-dead")] == ["refuse_rumour"]


def test_subscriptions_and_schedules_are_named_after_what_they_start() -> None:
    wiring = fixture_wiring()
    assert [name for name, _, _ in wiring.subscriptions()] == [
        "news-to-hear-news",
        "rumours-to-refuse-rumour",
        "rumours-dead-to-hear-dead",
    ]
    assert [name for name, _, _ in wiring.schedules()] == ["tick-clock", "tell-task"]


def test_only_functions_without_a_route_are_called_by_the_cloud() -> None:
    background = {f.name for f in fixture_wiring().functions.values() if f.background}
    assert background == {"take_task", "hear_news", "tick_clock", "refuse_rumour", "hear_dead"}
