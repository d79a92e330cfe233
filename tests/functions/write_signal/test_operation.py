"""202 only for signals that cannot be lost; what the server knows, no client may say."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import orjson
import pytest

from functions.write_signal.operation import Sender, write
from shared.runtime.errors import FieldsRefused
from shared.signals.durable import NotConfirmed
from shared.signals.errors import (
    NodeNotInTrip,
    SignalBatchRefused,
    SignalIdRepeated,
    SignalNotTaken,
    SignalTripUnknown,
    SignalTypeReserved,
)
from shared.signals.signal import Signal
from shared.signals.slot_facts import SlotFacts, SlotsOfTrips
from tests.builders import NOON, an_id
from workflows.manifest import ROOT

SLOT = SlotFacts(an_id("slot"), an_id("ranking"), "llm_ranker/x", 2, "evening")
SLOTS: SlotsOfTrips = {an_id("trip"): {an_id("node"): SLOT}, an_id("empty trip"): {}}
ME = Sender("me", NOON)


class Trips:
    def __init__(self, slots: SlotsOfTrips = SLOTS) -> None:
        self.slots = slots
        self.asked: list[tuple[str, set[tuple[UUID, UUID]]]] = []

    async def find_slots(self, user_id: str, named: Collection[tuple[UUID, UUID]]) -> SlotsOfTrips:
        self.asked.append((user_id, set(named)))
        return self.slots


class Road:
    """A way of making signals durable, open or blocked."""

    def __init__(self, raises: Exception | None = None) -> None:
        self.raises = raises
        self.taken: list[Sequence[Signal]] = []

    async def __call__(self, signals: Sequence[Signal]) -> None:
        self.taken.append(signals)
        if self.raises is not None:
            raise self.raises


def blocked() -> Road:
    return Road(NotConfirmed("down"))


def said(name: object = "signal", **changes: object) -> dict[str, Any]:
    return {
        "signal_id": str(an_id(name)),
        "signal_type": "slot_accept",
        "activity_node_id": str(an_id("node")),
        "trip_id": str(an_id("trip")),
        "context": {"time_to_action_ms": 2400},
        **changes,
    }


def batch(*items: object) -> dict[str, Any]:
    return {"signals": list(items)}


async def test_the_first_way_that_confirms_ends_the_search() -> None:
    first, second = Road(), Road()
    answer = await write(said(), ME, Trips(), [first, second])
    assert answer == {"signal_id": str(an_id("signal")), "status": "accepted"}
    assert (len(first.taken), len(second.taken)) == (1, 0)


async def test_a_way_that_fails_hands_the_same_signals_to_the_next() -> None:
    first, second = blocked(), Road()
    await write(batch(said("a"), said("b")), ME, Trips(), [first, second])
    assert first.taken == second.taken
    assert len(first.taken[0]) == 2


@pytest.mark.parametrize("body", [said(), batch(said("a"), said("b"), {})], ids=["one", "batch"])
async def test_where_every_way_fails_nothing_is_acknowledged(body: dict[str, Any]) -> None:
    roads = [blocked(), blocked()]
    with pytest.raises(SignalNotTaken, match="same signal_id") as refused:
        await write(body, ME, Trips(), roads)
    assert refused.value.status == 503
    assert [len(road.taken) for road in roads] == [1, 1]


async def test_an_error_of_our_own_is_not_taken_for_a_blocked_way() -> None:
    second = Road()
    with pytest.raises(ZeroDivisionError):
        await write(said(), ME, Trips(), [Road(ZeroDivisionError()), second])
    assert second.taken == []


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"trip_id": str(an_id("another's"))}, SignalTripUnknown),
        ({"trip_id": str(an_id("empty trip"))}, NodeNotInTrip),
        ({"signal_type": "slot_swap"}, SignalTypeReserved),
        ({"weight": 100}, FieldsRefused),
    ],
)
async def test_a_single_bad_signal_is_refused_for_what_it_is_before_any_way(
    change: dict[str, object], refusal: type[Exception]
) -> None:
    road = Road()
    with pytest.raises(refusal):
        await write(said(**change), ME, Trips(), [road])
    assert road.taken == []


async def test_of_a_batch_the_good_are_kept_and_the_bad_named_each_with_its_reason() -> None:
    road = Road()
    items = [
        said("a"),
        said("b", trip_id=str(an_id("another's"))),
        7,
        said("c"),
        said("d", context={"time_to_action_ms": -1}),
        said("e", signal_type="pivot_offered"),
        {"signal_id": 12},
    ]
    answer = await write(batch(*items), ME, Trips(), [road])
    assert answer["accepted"] == [str(an_id("a")), str(an_id("c"))]
    assert [(each["index"], each["signal_id"], each["title"]) for each in answer["refused"]] == [
        (1, str(an_id("b")), "Trip unknown"),
        (2, None, "Fields refused"),
        (4, str(an_id("d")), "Fields refused"),
        (5, str(an_id("e")), "Signal type reserved"),
        (6, None, "Fields refused"),
    ]
    assert str(an_id("another's")) in answer["refused"][0]["detail"]
    assert "time_to_action_ms" in answer["refused"][2]["detail"]
    (taken,) = road.taken
    assert [signal.signal_id for signal in taken] == [an_id("a"), an_id("c")]


async def test_a_batch_asks_for_all_its_slots_at_once_and_leaves_in_one_piece() -> None:
    road, trips = Road(), Trips()
    await write(batch(*(said(n) for n in range(100))), ME, trips, [road])
    assert trips.asked == [("me", {(an_id("trip"), an_id("node"))})]
    assert [len(taken) for taken in road.taken] == [100]


async def test_a_batch_without_one_good_signal_is_refused_and_names_them_all() -> None:
    road = Road()
    with pytest.raises(SignalBatchRefused, match="None of the 2") as refused:
        await write(batch(said(trip_id=str(an_id("?"))), 7), ME, Trips(), [road])
    assert refused.value.status == 422
    assert [each["index"] for each in refused.value.members()["refused"]] == [0, 1]
    assert road.taken == []


async def test_a_batch_that_nobody_could_read_asks_for_no_slots() -> None:
    trips = Trips()
    with pytest.raises(SignalBatchRefused):
        await write(batch(1, 2), ME, trips, [Road()])
    assert trips.asked == []


async def test_the_same_signal_twice_in_a_batch_is_taken_once() -> None:
    road = Road()
    answer = await write(batch(said("a"), said("a")), ME, Trips(), [road])
    assert answer == {"accepted": [str(an_id("a"))], "refused": []}
    assert len(road.taken[0]) == 1


async def test_another_signal_under_an_id_of_the_batch_is_refused_and_the_first_stands() -> None:
    road = Road()
    other = said("a", signal_type="slot_skip")
    answer = await write(batch(said("a"), other), ME, Trips(), [road])
    assert answer["accepted"] == [str(an_id("a"))]
    (refused,) = answer["refused"]
    assert (refused["index"], refused["title"]) == (1, SignalIdRepeated.title)
    assert [signal.signal_type for signal in road.taken[0]] == ["slot_accept"]


async def test_the_shipped_example_is_a_signal_that_a_client_may_send() -> None:
    body = orjson.loads((ROOT / "functions/write_signal/example.json").read_bytes())["body"]
    slots = {UUID(body["trip_id"]): {UUID(body["activity_node_id"]): SLOT}}
    answer = await write(body, ME, Trips(slots), [Road()])
    assert answer == {"signal_id": body["signal_id"], "status": "accepted"}


@pytest.mark.parametrize(
    "body",
    [
        {"signals": []},
        {"signals": None},
        {"signals": said()},
        {"signals": [said()] * 101},
        {"signals": [said()], "user_id": "someone-else"},
    ],
    ids=["none", "null", "object", "101", "more"],
)
async def test_what_is_no_batch_of_1_to_100_is_refused_whole(body: dict[str, Any]) -> None:
    road = Road()
    with pytest.raises(FieldsRefused):
        await write(body, ME, Trips(), [road])
    assert road.taken == []
