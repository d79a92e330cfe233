"""A small wiring with one function per kind of trigger, and a release to plan it for."""

from collections.abc import Callable
from typing import Any

import pytest

from workflows.plan.release import Release
from workflows.wiring import (
    Function,
    Need,
    Push,
    Queue,
    Route,
    Schedule,
    Tasked,
    Topic,
    Trigger,
    Wiring,
)

READ_TRIP = Route("GET", "/api/v1/trips/{trip_id}")
FunctionBuilder = Callable[..., Function]


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
def wiring(a_function: FunctionBuilder) -> Wiring:
    functions = (
        a_function(
            "generate_trip",
            Route("POST", "/api/v1/trips"),
            needs=("postgres", "redis", "anthropic", "tasks", "pubsub"),
            sends=("prewarm_combo", "signals"),
        ),
        a_function("prewarm_combo", Tasked("prewarm"), needs=("redis", "anthropic")),
        a_function("store_signal", Push("signals", 30.0, 1.0, 60.0), needs=("postgres",)),
        a_function("relay_outbox", Schedule("* * * * *"), needs=("postgres",), timeout=50.0),
    )
    return Wiring(
        functions={function.name: function for function in functions},
        queues={"prewarm": Queue("prewarm", "trips.toml", 5.0, 10, 5, 0.1, 3600.0)},
        topics={"signals": Topic("signals", "signals.toml", ordered=False, outside=False)},
    )


@pytest.fixture
def release() -> Release:
    return Release(
        project="overplanned-prod", number="123456789012", region="us-central1", commit="abc1234"
    )
