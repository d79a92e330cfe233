"""What the manifest says, and what follows from it for its readers."""

from tests.workflows.builders import fixture_wiring
from workflows.manifest import load
from workflows.wiring import Push, Route, Schedule, Tasked

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


def test_a_functions_url_is_its_audience_with_dashes_for_underscores() -> None:
    function = fixture_wiring().functions["hear_news"]
    assert function.url("https://{service}-7.run.app") == "https://hear-news-7.run.app"


def test_senders_are_found_from_queue_and_topic() -> None:
    wiring = fixture_wiring()
    assert [f.name for f in wiring.queue_senders("work")] == ["echo_call"]
    assert [f.name for f in wiring.topic_senders("news")] == ["echo_call"]
    assert [f.name for f in wiring.tasked("work")] == ["take_task"]


def test_subscriptions_and_schedules_are_named_after_what_they_start() -> None:
    wiring = fixture_wiring()
    assert [name for name, _, _ in wiring.subscriptions()] == ["news-to-hear-news"]
    assert [name for name, _, _ in wiring.schedules()] == ["tick-clock"]


def test_only_functions_without_a_route_are_called_by_the_cloud() -> None:
    background = {f.name for f in fixture_wiring().functions.values() if f.background}
    assert background == {"take_task", "hear_news", "tick_clock"}
