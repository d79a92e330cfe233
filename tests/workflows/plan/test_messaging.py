"""Queues, topics, subscriptions and schedules are made as the manifest says, with signed calls."""

from collections.abc import Callable

from workflows.plan.messaging import channels, triggers
from workflows.plan.release import Release
from workflows.plan.steps import Ensure, Step
from workflows.wiring import Function, Wiring

INVOKER = "invoker@overplanned-prod.iam.gserviceaccount.com"
STORE_SIGNAL = "https://store-signal-123456789012.us-central1.run.app"
COUNT_SIGNALS = (
    "https://run.googleapis.com/v2/projects/overplanned-prod/locations/us-central1/"
    "jobs/count-signals:run"
)
RELAY_OUTBOX = "https://relay-outbox-123456789012.us-central1.run.app"


def only(steps: list[Step]) -> Ensure:
    (step,) = steps
    assert isinstance(step, Ensure)
    return step


def test_a_subscription_pushes_with_a_token_for_its_function(
    wiring: Wiring, release: Release
) -> None:
    step, *grants = triggers(wiring.functions["store_signal"], wiring, release)
    assert isinstance(step, Ensure)
    assert len(grants) == 2
    for argv in (step.create, step.update or ()):
        assert f"--push-endpoint={STORE_SIGNAL}" in argv
        assert f"--push-auth-token-audience={STORE_SIGNAL}" in argv
        assert f"--push-auth-service-account={INVOKER}" in argv
        assert {"--ack-deadline=30", "--min-retry-delay=1s", "--max-retry-delay=60s"} <= set(argv)
        assert {"--dead-letter-topic=signals-dead", "--max-delivery-attempts=20"} <= set(argv)


def test_a_subscription_that_gives_nothing_up_any_more_loses_its_policy(
    wiring: Wiring, release: Release
) -> None:
    step = only(list(triggers(wiring.functions["park_signal"], wiring, release)))
    assert step.update
    assert "--clear-dead-letter-policy" in step.update
    assert not any("dead-letter" in word for word in step.create if word.startswith("--"))


def test_a_schedule_calls_with_a_token_for_its_function(wiring: Wiring, release: Release) -> None:
    step = only(list(triggers(wiring.functions["relay_outbox"], wiring, release)))
    for argv in (step.create, step.update or ()):
        assert {"--schedule=* * * * *", "--time-zone=Etc/UTC", f"--uri={RELAY_OUTBOX}"} <= set(argv)
        assert f"--oidc-token-audience={RELAY_OUTBOX}" in argv
        assert f"--oidc-service-account-email={INVOKER}" in argv
        assert "--attempt-deadline=50s" in argv


def test_a_scheduled_job_is_started_by_google_s_api_with_an_access_token(
    wiring: Wiring, release: Release
) -> None:
    step = only(list(triggers(wiring.jobs["count_signals"], wiring, release)))
    for argv in (step.create, step.update or ()):
        assert f"--uri={COUNT_SIGNALS}" in argv
        assert f"--oauth-service-account-email={INVOKER}" in argv
        assert "--oauth-token-scope=https://www.googleapis.com/auth/cloud-platform" in argv
        assert not any(word.startswith("--oidc") for word in argv)


def test_a_short_schedule_still_has_the_attempt_that_scheduler_asks_for(
    a_function: Callable[..., Function], wiring: Wiring, release: Release
) -> None:
    relay = wiring.functions["relay_outbox"]
    short = a_function(relay.name, relay.trigger, timeout=5.0)
    (step,) = triggers(short, Wiring({relay.name: short}, {}, {}), release)
    assert isinstance(step, Ensure)
    assert "--attempt-deadline=15s" in step.create


def test_a_queue_converges_to_its_declared_rates(wiring: Wiring, release: Release) -> None:
    step = only(list(channels(wiring.functions["prewarm_combo"], wiring, release)))
    for argv in (step.create, step.update or ()):
        assert "prewarm" in argv
        assert {
            "--max-dispatches-per-second=5",
            "--max-concurrent-dispatches=10",
            "--max-attempts=5",
            "--min-backoff=0.1s",
            "--max-backoff=3600s",
        } <= set(argv)


def test_a_sender_brings_the_queue_and_the_topic_it_sends_to(
    wiring: Wiring, release: Release
) -> None:
    steps = channels(wiring.functions["generate_trip"], wiring, release)
    made = [step.create[1:5] for step in steps if isinstance(step, Ensure)]
    assert made == [
        ("tasks", "queues", "create", "prewarm"),
        ("pubsub", "topics", "create", "signals"),
    ]


def test_a_job_brings_the_queue_that_it_sends_to_and_the_bucket(
    wiring: Wiring, release: Release
) -> None:
    steps = channels(wiring.jobs["count_signals"], wiring, release)
    made = [step.create[1:5] for step in steps if isinstance(step, Ensure)]
    assert made == [
        ("tasks", "queues", "create", "nightly"),
        ("storage", "buckets", "create", "gs://overplanned-prod-training"),
    ]
