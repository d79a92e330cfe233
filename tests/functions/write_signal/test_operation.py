"""202 only for a signal that cannot be lost; what the server knows, no client may say."""

from uuid import UUID

import pytest
from pydantic import ValidationError

from functions.write_signal.operation import (
    NotConfirmed,
    SignalNotTaken,
    SignalRequest,
    write,
)
from shared.signals.errors import NodeNotInTrip
from shared.signals.signal import Signal
from shared.signals.slot_facts import SlotFacts
from shared.signals.types import CLIENT_SIGNALS, SERVER_SIGNALS
from tests.builders import NOON, an_id

SLOT = SlotFacts(an_id("slot"), an_id("ranking"), "llm_ranker/x", 2, "evening")
BODY = {
    "signal_id": str(an_id("signal")),
    "signal_type": "slot_accept",
    "activity_node_id": str(an_id("node")),
    "trip_id": str(an_id("trip")),
    "context": {"time_to_action_ms": 2400},
}


class Trips:
    def __init__(self, slot: SlotFacts | None = SLOT) -> None:
        self.slot = slot
        self.asked: list[tuple[str, UUID, UUID]] = []

    async def find_slot(self, user_id: str, trip_id: UUID, node_id: UUID) -> SlotFacts:
        self.asked.append((user_id, trip_id, node_id))
        if self.slot is None:
            raise NodeNotInTrip(node_id, trip_id)
        return self.slot


class Road:
    """A way of making signals durable, open or blocked."""

    def __init__(self, raises: Exception | None = None) -> None:
        self.raises = raises
        self.taken: list[Signal] = []

    async def __call__(self, signal: Signal) -> None:
        self.taken.append(signal)
        if self.raises is not None:
            raise self.raises


def blocked() -> Road:
    return Road(NotConfirmed("down"))


def request(**changes: object) -> SignalRequest:
    return SignalRequest.model_validate({**BODY, **changes})


async def test_the_first_way_that_confirms_ends_the_search() -> None:
    first, second = Road(), Road()
    answer = await write(request(), "me", NOON, Trips(), [first, second])
    assert answer == {"signal_id": BODY["signal_id"], "status": "accepted"}
    assert (len(first.taken), len(second.taken)) == (1, 0)


async def test_a_way_that_fails_hands_the_same_signal_to_the_next() -> None:
    first, second = blocked(), Road()
    await write(request(), "me", NOON, Trips(), [first, second])
    assert first.taken == second.taken


async def test_where_every_way_fails_the_client_is_told_to_send_it_again() -> None:
    roads = [blocked(), blocked()]
    with pytest.raises(SignalNotTaken, match="same signal_id") as refused:
        await write(request(), "me", NOON, Trips(), list(roads))
    assert refused.value.status == 503
    assert [len(road.taken) for road in roads] == [1, 1]


async def test_an_error_of_our_own_is_not_taken_for_a_blocked_way() -> None:
    second = Road()
    with pytest.raises(ZeroDivisionError):
        await write(request(), "me", NOON, Trips(), [Road(ZeroDivisionError()), second])
    assert second.taken == []


async def test_a_place_outside_the_travellers_trip_is_refused_before_any_way() -> None:
    road = Road()
    with pytest.raises(NodeNotInTrip):
        await write(request(), "me", NOON, Trips(None), [road])
    assert road.taken == []


async def test_slot_ranking_and_model_are_the_servers_own_facts() -> None:
    road, trips = Road(), Trips()
    await write(request(), "me", NOON, trips, [road])
    (signal,) = road.taken
    assert trips.asked == [("me", an_id("trip"), an_id("node"))]
    assert (signal.slot_id, signal.ranking_id, signal.model_version) == (
        SLOT.slot_id,
        SLOT.ranking_id,
        SLOT.model_version,
    )
    assert (signal.user_id, signal.origin, signal.created_at) == ("me", "app", NOON)
    assert signal.context == {
        "time_to_action_ms": 2400,
        "day_of_trip": 2,
        "day_part": "evening",
        "group_size": 1,
    }


async def test_where_a_client_says_otherwise_the_server_knows_better() -> None:
    road = Road()
    context = {"day_of_trip": 9, "day_part": "morning", "group_size": 4}
    await write(request(context=context), "me", NOON, Trips(), [road])
    assert road.taken[0].context == {"day_of_trip": 2, "day_part": "evening", "group_size": 1}


@pytest.mark.parametrize("signal_type", CLIENT_SIGNALS)
def test_a_client_may_send_what_travellers_do(signal_type: str) -> None:
    assert request(signal_type=signal_type).signal_type == signal_type


@pytest.mark.parametrize("signal_type", [*SERVER_SIGNALS, "slot_love", "", None])
def test_a_client_may_not_write_what_the_server_alone_writes(signal_type: object) -> None:
    with pytest.raises(ValidationError):
        request(signal_type=signal_type)


@pytest.mark.parametrize(
    "change",
    [
        {"user_id": "someone-else"},
        {"origin": "backfill"},
        {"model_version": "mine"},
        {"ranking_id": str(an_id("x"))},
        {"weight": 100},
        {"context": {"day_of_trip": 0}},
        {"context": {"day_of_trip": 31}},
        {"context": {"day_part": "night"}},
        {"context": {"group_size": 0}},
        {"context": {"weather": "rain"}},
        {"context": {"time_to_action_ms": -1}},
        {"context": {"time_to_action_ms": 86_400_001}},
        {"context": {"time_to_action_ms": "2400"}},
        {"context": []},
        {"signal_id": "one"},
        {"trip_id": None},
    ],
)
def test_what_a_client_may_not_say_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        request(**change)
