"""Turns a plan's stops into itinerary slots with their words."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from shared.spaces.archetypes import Archetype
from shared.trips.narrate import narrative_key, template_sentence
from shared.trips.plan import Plan, Stop
from shared.trips.trip import Slot


def narrative_keys(plan: Plan, archetype: Archetype) -> list[str]:
    """Return the cache keys of the sentences that the plan's stops would like, in their order."""
    return [narrative_key(stop.node_id, archetype, stop.day_part) for stop in plan.stops()]


def slots_of(
    trip_id: UUID, plan: Plan, archetype: Archetype, sentences: Mapping[str, str]
) -> tuple[Slot, ...]:
    """Return the slots; a stop without a cached sentence gets one made of its node's evidence."""
    stops, keys = plan.stops(), narrative_keys(plan, archetype)
    return tuple(
        _slot(trip_id, stop, sentences.get(key) or template_sentence(stop.candidate.node))
        for stop, key in zip(stops, keys, strict=True)
    )


def _slot(trip_id: UUID, stop: Stop, narrative: str) -> Slot:
    return Slot(
        id=uuid5(trip_id, f"slot/{stop.day_number}/{stop.slot_order}"),
        day_number=stop.day_number,
        slot_order=stop.slot_order,
        day_part=stop.day_part,
        starts_at=stop.starts_at,
        ends_at=stop.ends_at,
        node=stop.candidate.node,
        narrative=narrative,
        confidence=stop.score.confidence,
        travel_minutes_from_previous=stop.travel.minutes,
        travel_mode_from_previous=stop.travel.mode,
        explores=stop.explores,
        propensity=stop.propensity,
    )
