"""A small wiring with one function per kind of trigger, and a release to plan it for."""

from collections.abc import Callable
from typing import Any

import pytest

from workflows.plan.release import Release
from workflows.triggers import DeadLetters, JobTrigger, Push, Route, Schedule, Tasked, Trigger
from workflows.wiring import Function, Job, Need, Queue, Topic, Wiring

READ_TRIP = Route("GET", "/api/v1/trips/{trip_id}")
FunctionBuilder = Callable[..., Function]
JobBuilder = Callable[..., Job]


@pytest.fixture
def a_function() -> FunctionBuilder:
    def build(
        name: str = "read_trip",
        trigger: Trigger = READ_TRIP,
        needs: tuple[Need, ...] = (),
        sends: tuple[str, ...] = (),
        **facts: Any,
    ) -> Function:
        given: dict[str, Any] = {
            "access": "traveller" if isinstance(trigger, Route) else None,
            "memory_mib": 512,
            "timeout": 5.0,
            "cpu": 1,
            "min_instances": 0,
            "concurrency": 80,
            **facts,
        }
        return Function(
            name=name, file="trips.toml", trigger=trigger, needs=needs, sends=sends, **given
        )

    return build


@pytest.fixture
def a_job() -> JobBuilder:
    def build(name: str, trigger: JobTrigger, **facts: Any) -> Job:
        given: dict[str, Any] = {
            "needs": (),
            "sends": (),
            "memory_mib": 2048,
            "timeout": 3600.0,
            "cpu": 1,
            "tasks": 1,
            "retries": 3,
            "parallelism": None,
            **facts,
        }
        return Job(name=name, file="signals.toml", trigger=trigger, **given)

    return build


@pytest.fixture
def wiring(a_function: FunctionBuilder, a_job: JobBuilder) -> Wiring:
    functions = (
        a_function(
            "generate_trip",
            Route("POST", "/api/v1/trips"),
            needs=("postgres", "redis", "anthropic", "tasks", "pubsub"),
            sends=("prewarm_combo", "signals"),
        ),
        a_function("prewarm_combo", Tasked("prewarm"), needs=("redis", "anthropic")),
        a_function(
            "store_signal",
            Push("signals", 30.0, 1.0, 60.0, DeadLetters("signals-dead", 20)),
            needs=("postgres",),
        ),
        a_function("park_signal", Push("signals-dead", 30.0, 1.0, 60.0), needs=("postgres",)),
        a_function("relay_outbox", Schedule("* * * * *"), needs=("postgres",), timeout=50.0),
    )
    jobs = (
        a_job(
            "count_signals",
            Schedule("0 3 * * *"),
            needs=("postgres", "storage", "tasks"),
            sends=("learn_tastes",),
            tasks=4,
            parallelism=2,
        ),
        a_job("learn_tastes", Tasked("nightly"), needs=("postgres",)),
    )
    return Wiring(
        functions={function.name: function for function in functions},
        queues={
            "prewarm": Queue("prewarm", "trips.toml", 5.0, 10, 5, 0.1, 3600.0),
            "nightly": Queue("nightly", "signals.toml", 1.0, 1, 5, 0.1, 3600.0),
        },
        topics={
            name: Topic(name, "signals.toml", ordered=False, outside=False)
            for name in ("signals", "signals-dead")
        },
        jobs={job.name: job for job in jobs},
    )


@pytest.fixture
def release() -> Release:
    return Release(
        project="overplanned-prod", number="123456789012", region="us-central1", commit="abc1234"
    )
