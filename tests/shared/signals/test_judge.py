"""What a client says is judged by the server's own facts, and each refusal says what to change."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.runtime.errors import Refusal
from shared.signals.errors import (
    NodeNotInTrip,
    SignalFromTheFuture,
    SignalTooOld,
    SignalTripUnknown,
    SignalTypeReserved,
    SignalTypeUnknown,
    SlotNotOfNode,
)
from shared.signals.judge import judge, judge_moment
from shared.signals.request import read_signal
from shared.signals.signal import Signal
from shared.signals.slot_facts import SlotFacts, SlotsOfTrips
from shared.signals.types import CLIENT_SIGNALS, SERVER_SIGNALS
from tests.builders import NOON, an_id

SLOT = SlotFacts(an_id("slot"), an_id("ranking"), "llm_ranker/x", 2, "evening")
SLOTS: SlotsOfTrips = {an_id("trip"): {an_id("node"): SLOT}, an_id("empty trip"): {}}


def judged(**changes: Any) -> Signal:
    said = {
        "signal_id": str(an_id("signal")),
        "signal_type": "slot_accept",
        "activity_node_id": str(an_id("node")),
        "trip_id": str(an_id("trip")),
        "context": {"time_to_action_ms": 2400},
    }
    return judge(read_signal({**said, **changes}), "me", NOON, SLOTS)


def refused(kind: type[Refusal], *says: str, **changes: Any) -> None:
    with pytest.raises(kind) as refusal:
        judged(**changes)
    assert refusal.value.status == (404 if kind is SignalTripUnknown else 422)
    for text in says:
        assert text in str(refusal.value)


def test_slot_ranking_model_and_moment_are_the_servers_own_facts() -> None:
    context = {"time_to_action_ms": 2400, "day_of_trip": 2, "day_part": "evening", "group_size": 1}
    assert judged() == Signal(
        signal_id=an_id("signal"),
        user_id="me",
        signal_type="slot_accept",
        origin="app",
        activity_node_id=an_id("node"),
        trip_id=an_id("trip"),
        slot_id=SLOT.slot_id,
        ranking_id=SLOT.ranking_id,
        model_version=SLOT.model_version,
        context=context,
        occurred_at=NOON,
        created_at=NOON,
    )


def test_where_a_client_says_otherwise_the_server_knows_better() -> None:
    said = {"day_of_trip": 9, "day_part": "morning", "group_size": 4}
    expected = {"day_of_trip": 2, "day_part": "evening", "group_size": 1}
    assert judged(context=said).context == expected


@pytest.mark.parametrize("signal_type", CLIENT_SIGNALS)
def test_a_client_may_send_what_travellers_do(signal_type: str) -> None:
    assert judged(signal_type=signal_type).signal_type == signal_type


@pytest.mark.parametrize("signal_type", SERVER_SIGNALS)
def test_a_client_may_not_write_what_the_server_alone_writes(signal_type: str) -> None:
    sentence = f"{signal_type} is written by the server alone"
    refused(SignalTypeReserved, sentence, "send one of", signal_type=signal_type)


@pytest.mark.parametrize("signal_type", ["slot_love", "", "SLOT_ACCEPT", "x" * 10_000])
def test_a_type_that_nobody_knows_is_refused_with_those_that_are_known(signal_type: str) -> None:
    refused(SignalTypeUnknown, signal_type[:64], "thumbs_down", signal_type=signal_type)


@pytest.mark.parametrize(
    "occurred_at",
    [
        NOON,
        NOON - timedelta(days=30),
        NOON + timedelta(seconds=60),
        NOON - timedelta(milliseconds=1),
    ],
)
def test_what_happened_in_the_last_30_days_keeps_its_own_time(occurred_at: datetime) -> None:
    signal = judged(occurred_at=occurred_at.isoformat())
    assert (signal.occurred_at, signal.created_at) == (occurred_at, NOON)


def test_a_moment_counts_in_whatever_zone_it_is_told() -> None:
    assert judged(occurred_at="2026-11-23T21:00:00+01:00").occurred_at == NOON
    refused(SignalFromTheFuture, occurred_at="2026-11-23T20:00:00-01:00")


def test_what_is_still_to_happen_is_refused_with_both_times() -> None:
    moment = (NOON + timedelta(seconds=60, milliseconds=1)).isoformat()
    says = ("occurred_at", "2026-11-23T20:01:00", "2026-11-23T20:00:00", "clock")
    refused(SignalFromTheFuture, *says, occurred_at=moment)


def test_what_happened_more_than_30_days_ago_is_refused_with_the_oldest_moment() -> None:
    moment = (NOON - timedelta(days=30, milliseconds=1)).isoformat()
    refused(SignalTooOld, "occurred_at", "2026-10-24T20:00:00", occurred_at=moment)


def test_history_is_judged_by_an_oldest_moment_of_its_own() -> None:
    long_ago = NOON - timedelta(days=9000)
    judge_moment(long_ago, NOON, long_ago)
    with pytest.raises(SignalTooOld):
        judge_moment(long_ago - timedelta(seconds=1), NOON, long_ago)


def test_another_travellers_trip_is_unknown() -> None:
    refused(SignalTripUnknown, str(an_id("theirs")), trip_id=str(an_id("theirs")))


def test_a_place_outside_the_trip_is_named() -> None:
    trip = str(an_id("empty trip"))
    refused(NodeNotInTrip, trip, str(an_id("node")), trip_id=trip)


def test_a_slot_may_be_named_where_it_is_the_places_own() -> None:
    assert judged(slot_id=str(SLOT.slot_id)).slot_id == SLOT.slot_id


def test_a_slot_that_does_not_hold_the_place_is_refused() -> None:
    other = str(an_id("other"))
    refused(SlotNotOfNode, other, str(an_id("node")), str(an_id("trip")), slot_id=other)
