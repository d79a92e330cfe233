"""Each role follows from the manifest, and no function gets one more."""

from collections.abc import Callable

import pytest

from workflows.plan.access import dead_lettering, grants, invocation, secrets
from workflows.plan.release import Release
from workflows.plan.steps import Run, Step
from workflows.triggers import DeadLetters, Push, Route, Schedule, Tasked, Trigger
from workflows.wiring import Function, Need, Wiring

INVOKER = "invoker@overplanned-prod.iam.gserviceaccount.com"
READS = "roles/secretmanager.secretAccessor"


def bindings(steps: list[Step]) -> set[tuple[str, str, str]]:
    """(member, role, what the role is on) of each binding."""
    found = set()
    for step in steps:
        assert isinstance(step, Run)
        target = step.argv[step.argv.index("add-iam-policy-binding") + 1]
        flags = dict(word.split("=", 1) for word in step.argv if word.startswith("--"))
        found.add((flags["--member"].removeprefix("serviceAccount:"), flags["--role"], target))
    return found


@pytest.mark.parametrize(
    ("need", "expected"),
    [
        (
            "postgres",
            {
                ("roles/cloudsql.client", "overplanned-prod"),
                (READS, "database-url"),
                (READS, "tombstone-key"),
            },
        ),
        ("redis", {(READS, "redis-url")}),
        ("qdrant", {(READS, "qdrant-url")}),
        ("anthropic", {(READS, "anthropic-api-key")}),
        ("onnx", set()),
        ("storage", {("roles/storage.objectUser", "gs://overplanned-prod-training")}),
    ],
)
def test_a_need_gives_its_roles_and_no_other(
    need: Need,
    expected: set[tuple[str, str]],
    a_function: Callable[..., Function],
    wiring: Wiring,
    release: Release,
) -> None:
    function = a_function("read_trip", Schedule("0 3 * * *"), needs=(need,))
    account = "read-trip@overplanned-prod.iam.gserviceaccount.com"
    assert bindings(list(grants(function, wiring, release))) == {
        (account, role, target) for role, target in expected
    }


def test_a_topic_sender_may_publish_on_that_topic_alone(
    a_function: Callable[..., Function], wiring: Wiring, release: Release
) -> None:
    function = a_function("tell_all", Schedule("0 3 * * *"), needs=("pubsub",), sends=("signals",))
    account = "tell-all@overplanned-prod.iam.gserviceaccount.com"
    assert bindings(list(grants(function, wiring, release))) == {
        (account, "roles/pubsub.publisher", "signals")
    }


def test_a_task_sender_may_fill_that_queue_and_act_as_the_invoker(
    a_function: Callable[..., Function], wiring: Wiring, release: Release
) -> None:
    function = a_function(
        "warm_cells", Schedule("0 3 * * *"), needs=("tasks",), sends=("prewarm_combo",)
    )
    account = "warm-cells@overplanned-prod.iam.gserviceaccount.com"
    assert bindings(list(grants(function, wiring, release))) == {
        (account, "roles/cloudtasks.enqueuer", "prewarm"),
        (account, "roles/iam.serviceAccountUser", INVOKER),
    }


def test_a_job_s_sender_may_fill_its_queue_and_act_as_the_invoker(
    a_function: Callable[..., Function], wiring: Wiring, release: Release
) -> None:
    function = a_function(
        "count_days", Schedule("0 3 * * *"), needs=("tasks",), sends=("learn_tastes",)
    )
    account = "count-days@overplanned-prod.iam.gserviceaccount.com"
    assert bindings(list(grants(function, wiring, release))) == {
        (account, "roles/cloudtasks.enqueuer", "nightly"),
        (account, "roles/iam.serviceAccountUser", INVOKER),
    }


def test_the_invoker_may_run_a_job_with_what_the_step_before_it_says(
    wiring: Wiring, release: Release
) -> None:
    for job in wiring.jobs.values():
        (step,) = invocation(job, release)
        assert bindings([step]) == {(INVOKER, "roles/run.jobsExecutorWithOverrides", job.service)}
        assert isinstance(step, Run)
        assert step.argv[1:4] == ("run", "jobs", "add-iam-policy-binding")


def test_pubsub_itself_may_move_what_is_given_up(release: Release) -> None:
    agent = "service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    letters = DeadLetters("signals-dead", 20)
    assert bindings(list(dead_lettering("signals-to-store-signal", letters, release))) == {
        (agent, "roles/pubsub.subscriber", "signals-to-store-signal"),
        (agent, "roles/pubsub.publisher", "signals-dead"),
    }


@pytest.mark.parametrize(("access", "held"), [("traveller", 1), ("admin", 1), ("public", 0)])
def test_the_session_secret_goes_to_faces_that_check_sessions(
    access: str, held: int, a_function: Callable[..., Function]
) -> None:
    assert len(secrets(a_function(access=access))) == held


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        (Route("GET", "/x"), set()),
        (Tasked("prewarm"), {(INVOKER, "roles/run.invoker", "read-trip")}),
        (Push("signals", 30.0, 1.0, 60.0), {(INVOKER, "roles/run.invoker", "read-trip")}),
        (Schedule("* * * * *"), {(INVOKER, "roles/run.invoker", "read-trip")}),
    ],
)
def test_the_invoker_may_call_background_functions_alone(
    trigger: Trigger,
    expected: set[tuple[str, str, str]],
    a_function: Callable[..., Function],
    release: Release,
) -> None:
    assert bindings(list(invocation(a_function(trigger=trigger), release))) == expected
