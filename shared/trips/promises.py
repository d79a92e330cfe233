"""What a new trip promises beside itself: its logged candidate set, and the messages it sends."""

import hashlib
from collections.abc import Sequence
from uuid import UUID, uuid5

from shared.outbox.message import Message
from shared.ranking.candidates import Candidate, Scores
from shared.ranking.cells import Cell, Edition, all_cells
from shared.ranking.record import RankingFacts, Shown, candidate_set_context
from shared.signals.signal import Signal
from shared.trips.plan import Plan
from shared.trips.trip import Trip


def candidate_set_signal(
    trip: Trip, plan: Plan, facts: RankingFacts, candidates: Sequence[Candidate], scores: Scores
) -> Signal:
    """Return the `candidate_set_logged` row of a trip: all candidates, and where each was shown."""
    shown = {
        stop.node_id: Shown(position, stop.propensity)
        for position, stop in enumerate(plan.stops(), start=1)
    }
    return Signal(
        signal_id=uuid5(trip.ranking_id, "candidate_set_logged"),
        user_id=trip.user_id,
        signal_type="candidate_set_logged",
        origin="system",
        activity_node_id=None,
        trip_id=trip.id,
        slot_id=None,
        ranking_id=trip.ranking_id,
        model_version=trip.model_version,
        context=candidate_set_context(facts, candidates, scores, shown),
        occurred_at=trip.created_at,
        created_at=trip.created_at,
    )


def messages_of(trip: Trip, edition: Edition, absent: Sequence[Cell]) -> list[Message]:
    """Return the announcement of a trip and one task for each cell that the cache lacks."""
    return [_announcement(trip), *(_prewarming(trip, edition, cell) for cell in absent)]


def promised_ids(trip_id: UUID) -> list[UUID]:
    """Return the ids of all messages that a trip may ever have promised."""
    return [_announcement_id(trip_id), *(_prewarming_id(trip_id, cell) for cell in all_cells())]


def _announcement_id(trip_id: UUID) -> UUID:
    return uuid5(trip_id, "trip-generated")


def _prewarming_id(trip_id: UUID, cell: Cell) -> UUID:
    return uuid5(trip_id, f"prewarm/{cell}")


def _announcement(trip: Trip) -> Message:
    payload = {
        "trip_id": str(trip.id),
        "user_id": trip.user_id,
        "city": trip.city,
        "model_version": trip.model_version,
    }
    return Message(_announcement_id(trip.id), "topic", "trip-generated", payload)


def _prewarming(trip: Trip, edition: Edition, cell: Cell) -> Message:
    """Return the task that makes a cell; its name lets one through an hour, whoever asks."""
    digest = hashlib.sha256(edition.key(cell).encode()).hexdigest()[:32]
    return Message(
        id=_prewarming_id(trip.id, cell),
        kind="task",
        target="prewarm_combo",
        payload={
            "city": edition.city,
            "archetype": cell.archetype,
            "day_part": cell.day_part,
            "trip_day": cell.trip_day,
        },
        task_name=f"{digest}-{trip.created_at:%Y%m%d%H}",
    )
