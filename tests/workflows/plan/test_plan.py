"""A plan names known functions only, holds each step once and in an order that can run."""

from collections.abc import Callable

import pytest

from workflows.plan.plan import choose, prepare, release_steps
from workflows.plan.release import PlanError, Release
from workflows.plan.steps import Run, as_line
from workflows.wiring import Function, Wiring


def lines(wiring: Wiring, release: Release) -> list[str]:
    steps = release_steps(choose(wiring, None), wiring, release)
    return [as_line(argv) for step in steps for argv in step.shown(first=True)]


def position(lines: list[str], text: str) -> int:
    (found,) = [n for n, line in enumerate(lines) if text in line]
    return found


@pytest.mark.parametrize("name", ["generate-trip", "generate_trip", "learn-tastes", "learn_tastes"])
def test_functions_and_jobs_are_known_by_their_service_and_their_folder(
    name: str, wiring: Wiring
) -> None:
    assert choose(wiring, name) == [wiring.deployables[name.replace("-", "_")]]


def test_an_unknown_function_is_answered_with_the_known_ones(wiring: Wiring) -> None:
    with pytest.raises(PlanError) as caught:
        choose(wiring, "make-trip")
    assert str(caught.value) == (
        "No function or job is named 'make-trip'; the manifest holds count-signals, "
        "generate-trip, learn-tastes, park-signal, prewarm-combo, relay-outbox, store-signal."
    )


def test_what_two_functions_share_is_made_once(wiring: Wiring, release: Release) -> None:
    shown = lines(wiring, release)
    assert len(shown) == len(set(shown))
    position(shown, "queues create prewarm")
    position(shown, "topics create signals ")
    position(shown, "topics create signals-dead ")
    position(shown, "queues create nightly")


def test_a_thing_exists_before_a_role_is_given_on_it_and_a_service_before_its_caller(
    wiring: Wiring, release: Release
) -> None:
    shown = lines(wiring, release)
    for earlier, later in (
        ("service-accounts create invoker", "services add-iam-policy-binding store-signal"),
        ("service-accounts create generate-trip", "run deploy generate-trip"),
        ("queues create prewarm", "queues add-iam-policy-binding prewarm"),
        ("topics create signals ", "topics add-iam-policy-binding signals "),
        ("topics create signals-dead ", "subscriptions create signals-to-store-signal"),
        (
            "subscriptions create signals-to-store-signal",
            "subscriptions add-iam-policy-binding signals-to-store-signal",
        ),
        ("topics create signals-dead ", "topics add-iam-policy-binding signals-dead "),
        ("secrets create redis-url", "run deploy generate-trip"),
        ("run deploy store-signal", "services add-iam-policy-binding store-signal"),
        ("run deploy store-signal", "subscriptions create signals-to-store-signal"),
        ("run deploy relay-outbox", "jobs create http relay-outbox"),
        ("buckets create gs://overplanned-prod-training", "run jobs deploy count-signals"),
        ("queues create nightly", "run jobs deploy count-signals"),
        ("run jobs deploy count-signals", "run jobs add-iam-policy-binding count-signals"),
        ("run jobs deploy count-signals", "jobs create http count-signals"),
    ):
        assert position(shown, earlier) < position(shown, later)


def test_only_the_apis_in_use_are_switched_on(wiring: Wiring, release: Release) -> None:
    step = prepare([wiring.functions["relay_outbox"]], release)
    assert isinstance(step, Run)
    assert step.argv[3:-1] == (
        "artifactregistry.googleapis.com",
        "cloudbuild.googleapis.com",
        "cloudscheduler.googleapis.com",
        "iam.googleapis.com",
        "run.googleapis.com",
        "secretmanager.googleapis.com",
        "sqladmin.googleapis.com",
    )


@pytest.mark.parametrize("name", ["go", "a_name_of_more_than_thirty_letters"])
def test_a_name_that_iam_refuses_is_refused_here(
    name: str, a_function: Callable[..., Function], release: Release
) -> None:
    function = a_function(name)
    with pytest.raises(PlanError, match="a service account has 6 to 30"):
        release_steps([function], Wiring({name: function}, {}, {}), release)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("project", "Bad_Project"),
        ("number", "twelve"),
        ("region", "europe"),
        ("commit", "main"),
        ("digest", "sha256:abc"),
    ],
)
def test_a_malformed_fact_is_named(fact: str, value: str) -> None:
    facts = {"project": "overplanned", "number": "1", "region": "us-central1", "commit": "abc1234"}
    with pytest.raises(PlanError, match=value):
        Release(**{**facts, fact: value})
