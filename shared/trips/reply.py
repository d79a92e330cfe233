"""A trip as the frontend gets it."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shared.trips.trip import Slot, Trip


def show_trip(trip: Trip, zone: ZoneInfo) -> dict[str, Any]:
    """Return the JSON of a trip; times carry the city's offset."""
    return {
        "id": str(trip.id),
        "city": trip.city,
        "status": trip.status,
        "start_date": trip.start_date.isoformat(),
        "end_date": trip.end_date.isoformat(),
        "pace": trip.pace,
        "model_version": trip.model_version,
        "ranker": {"rung": trip.served.rung, "reason": trip.served.reason},
        "days": [
            {
                "day_number": number,
                "date": (trip.start_date + timedelta(days=number - 1)).isoformat(),
                "slots": [_slot(slot, zone) for slot in trip.slots if slot.day_number == number],
            }
            for number in range(1, trip.days + 1)
        ],
        "hours_source": trip.validation_report.get("hours_source"),
        "validation": dict(trip.validation_report),
    }


def _slot(slot: Slot, zone: ZoneInfo) -> dict[str, Any]:
    node = slot.node
    return {
        "id": str(slot.id),
        "slot_order": slot.slot_order,
        "day_part": slot.day_part,
        "starts_at": slot.starts_at.astimezone(zone).isoformat(),
        "ends_at": slot.ends_at.astimezone(zone).isoformat(),
        "activity_node": {
            "id": str(node.id),
            "name": node.name,
            "category": node.category,
            "neighbourhood": node.neighbourhood,
            "lat": node.position.lat,
            "lon": node.position.lon,
            "vibe_tags": list(node.vibe_tags),
            "cross_ref_confidence": node.cross_ref_confidence,
            "overrated_flag": node.overrated_flag,
            "origin": node.origin,
            "opening_hours": node.opening_hours,
            "hours_source": node.hours_source,
        },
        "narrative": slot.narrative,
        "confidence": slot.confidence,
        "travel_minutes_from_previous": slot.travel_minutes_from_previous,
        "travel_mode_from_previous": slot.travel_mode_from_previous,
    }
