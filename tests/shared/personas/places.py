"""Answers and places for the tests of taste."""

from datetime import timedelta

from shared.personas.taste import Answer, Place
from tests.builders import NOON, an_id


def an_answer(
    name: object = "Milstead", signal_type: str = "slot_accept", **changes: object
) -> Answer:
    facts: dict[str, object] = {
        "node_id": an_id(name),
        "name": str(name),
        "category": "museum",
        "vibe_tags": ("museum-depth",),
        "signal_type": signal_type,
        "weight": 1.0,
        "occurred_at": NOON,
    }
    return Answer(**{**facts, **changes})  # type: ignore[arg-type]


def a_place(name: object = "Milstead", strength: float = 1.0, **changes: object) -> Place:
    facts: dict[str, object] = {
        "name": str(name),
        "category": "museum",
        "vibe_tags": ("museum-depth", "historic"),
        "strength": strength,
        "answered_at": NOON,
    }
    return Place(**{**facts, **changes})  # type: ignore[arg-type]


def days(count: float) -> timedelta:
    return timedelta(days=count)
