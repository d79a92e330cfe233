"""Owns how a phone posts what was done: in batches, some of them late, some of them twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from emulators.travellers.reading import Act, Impression
from emulators.travellers.trip import Slot, Trip

OFFLINE = 0.12
"""The share of batches that wait for a network, for half a day to two days."""
TWICE = 0.06
"""The share of batches that are sent again although they arrived."""
_LONGEST_WAIT = 4
_SMALLEST, _LARGEST = 8, 40


@dataclass(frozen=True, slots=True)
class Parcel:
    """The body of one `POST /api/v1/signals`, posted `wait` half days after the session."""

    wait: int
    body: Mapping[str, Any]

    @property
    def size(self) -> int:
        """How many signals it holds."""
        return len(self.body["signals"])


def pack(
    trip: Trip, session: int, impressions: Sequence[Impression], began: datetime, stream: Random
) -> Iterator[Parcel]:
    """The parcels of one session that began at `began`."""
    done = [(shown.slot, act) for shown in impressions for act in shown.acts]
    size = stream.randint(_SMALLEST, _LARGEST)
    for first in range(0, len(done), size):
        some = done[first : first + size]
        signals = [_signal(trip, session, slot, act, began) for slot, act in some]
        wait = stream.randint(1, _LONGEST_WAIT) if stream.random() < OFFLINE else 0
        parcel = Parcel(wait, {"signals": signals})
        yield parcel
        if stream.random() < TWICE:
            yield Parcel(wait + stream.randint(0, 1), parcel.body)


def _signal(trip: Trip, session: int, slot: Slot, act: Act, began: datetime) -> dict[str, Any]:
    context = {"day_of_trip": slot.day, "day_part": slot.day_part, "group_size": 1}
    if act.time_to_action_ms is not None:
        context["time_to_action_ms"] = act.time_to_action_ms
    return {
        # A trip has an id of its own, so no two signals share one, and a resent one keeps its own.
        "signal_id": str(
            uuid5(UUID(trip.id), f"{session}/{slot.day}/{slot.order}/{act.signal_type}")
        ),
        "signal_type": act.signal_type,
        "activity_node_id": slot.place.id,
        "trip_id": trip.id,
        "slot_id": slot.id,
        "occurred_at": (began + timedelta(seconds=act.offset_s)).isoformat(timespec="milliseconds"),
        "context": context,
    }
