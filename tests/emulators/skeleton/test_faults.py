"""Injected faults and the call log."""

from typing import Any

import pytest

from emulators.skeleton.calls import RECENT, Calls
from emulators.skeleton.clock import Clock
from emulators.skeleton.faults import Fault, Faults, FaultsRejected


async def met(faults: Faults, *names: str) -> list[Fault | None]:
    return [await faults.meet(name) for name in names]


async def test_the_next_n_calls_fail_and_no_more() -> None:
    faults = Faults()
    faults.set({"fail_next": 2, "status": 429})
    assert await met(faults, "a", "b", "c") == [Fault(429), Fault(429), None]


async def test_only_matching_calls_are_hit() -> None:
    faults = Faults()
    faults.set({"fail_next": 1, "match": "Publish"})
    assert await met(faults, "Pull", "Publish", "Publish") == [None, Fault(503), None]


async def test_a_disconnect_comes_before_a_failure() -> None:
    faults = Faults()
    faults.set({"fail_next": 1, "disconnect_next": 1})
    first, second, third = await met(faults, "a", "b", "c")
    assert first is not None
    assert second is not None
    assert (first.disconnect, second.disconnect, third) == (True, False, None)


async def test_new_faults_replace_the_old_ones() -> None:
    faults = Faults()
    faults.set({"fail_next": 5})
    faults.set({})
    assert await met(faults, "a") == [None]


def test_an_emulators_own_faults_count_down() -> None:
    faults = Faults(extra=("duplicate_next",))
    faults.set({"duplicate_next": 1})
    assert [faults.take("duplicate_next"), faults.take("duplicate_next")] == [True, False]


@pytest.mark.parametrize(
    "body",
    [
        {"fail": 1},
        {"fail_next": "1"},
        {"fail_next": True},
        {"fail_next": -1},
        {"status": 200},
        {"latency_ms": "slow"},
        {"duplicate_next": 1},
    ],
)
def test_faults_of_another_shape_are_refused_and_change_nothing(body: dict[str, Any]) -> None:
    faults = Faults()
    faults.set({"fail_next": 3})
    with pytest.raises(FaultsRejected):
        faults.set({"fail_next": 1} | body)
    assert faults.fail_next == 3


def test_calls_are_counted_and_the_latest_are_kept() -> None:
    calls = Calls(Clock())
    for number in range(RECENT + 1):
        calls.record("Publish", {"number": number})
    state = calls.state()
    assert state["calls"] == {"Publish": RECENT + 1}
    assert [call["detail"]["number"] for call in state["recent"]] == list(range(1, RECENT + 1))


def test_a_detail_is_worked_out_only_when_the_state_is_read() -> None:
    asked: list[int] = []

    def detail() -> dict[str, int]:
        asked.append(1)
        return {"number": 1}

    calls = Calls(Clock())
    calls.record("Publish", detail)
    assert not asked
    assert calls.state()["recent"][0]["detail"] == {"number": 1}
