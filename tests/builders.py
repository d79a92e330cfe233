"""Builders: the smallest true thing of each kind, with only what a test cares about spelled out."""

import math
import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from shared.forgetting.tombstone import Tombstones
from shared.nodes.city import City
from shared.nodes.draft import NodeDraft
from shared.nodes.node import ActivityNode, Position
from shared.nodes.point import NodePoint
from shared.outbox.message import Message
from shared.personas.default import MIDDLE, MIDDLE_ARCHETYPE
from shared.personas.traveller import Pace, Persona, Traveller
from shared.ranking.candidates import Candidate
from shared.ranking.cells import CellEntry, CellRanking, Edition
from shared.ranking.ladder import Served
from shared.ranking.prompt import MODEL, PROMPT_VERSION
from shared.runtime.settings import Settings
from shared.signals.signal import Signal
from shared.sources.post import Bounds, CityListing, Post, Venue
from shared.spaces.archetypes import SPACE_VERSION
from shared.trips.trip import Slot, Trip

NOON = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
"""Noon in Seattle on a Monday."""

MONDAY = date(2026, 11, 23)

_SPACE = UUID("11111111-2222-3333-4444-555555555555")
PIKE = Position(47.6097, -122.3422)


TOMBSTONES = Tombstones(Settings({"TOMBSTONE_KEY": "the tests' own"}))


def an_id(name: object) -> UUID:
    return uuid5(_SPACE, str(name))


def a_city(slug: str = "seattle", time_zone: str = "America/Los_Angeles") -> City:
    return City(
        slug=slug,
        name="Seattle",
        country_code="US",
        time_zone=time_zone,
        south=47.4,
        west=-122.5,
        north=47.8,
        east=-122.1,
        snapshot="s1",
    )


def a_node(
    name: object = "Milstead", category: str = "coffee_shop", **changes: object
) -> ActivityNode:
    facts: dict[str, object] = {
        "id": an_id(name),
        "city": "seattle",
        "name": str(name),
        "category": category,
        "position": PIKE,
        "origin": "sample",
        "neighbourhood": "Fremont",
        "cross_ref_confidence": 0.5,
    }
    return ActivityNode(**{**facts, **changes})  # type: ignore[arg-type]


def a_vector(name: object, size: int = 64) -> tuple[float, ...]:
    """A direction of the name's own."""
    chance = random.Random(str(name))
    values = [chance.gauss(0, 1) for _ in range(size)]
    length = math.hypot(*values)
    return tuple(value / length for value in values)


def a_point(node: ActivityNode) -> NodePoint:
    return NodePoint(node.id, node.city, node.category, node.hidden, a_vector(node.name))


def a_draft(node: ActivityNode) -> NodeDraft:
    return NodeDraft(node, f"sample:{node.name}", a_vector(node.name), SPACE_VERSION)


def a_candidate(node: ActivityNode | None = None, similarity: float = 0.5) -> Candidate:
    return Candidate(node or a_node(), similarity, similarity, "qdrant")


def a_traveller(
    choice_count: int = 0, persona: Persona | None = None, pace: Pace = "balanced"
) -> Traveller:
    return Traveller("traveller-1", {"food": ["ramen"]}, pace, persona, choice_count)


def a_persona() -> Persona:
    return Persona("Loves ramen.", MIDDLE, MIDDLE_ARCHETYPE, SPACE_VERSION, "llm", NOON)


def an_edition(**changes: object) -> Edition:
    facts: dict[str, object] = {
        "city": "seattle",
        "snapshot": "s1",
        "model": MODEL,
        "prompt_version": PROMPT_VERSION,
        "space_version": SPACE_VERSION,
    }
    return Edition(**{**facts, **changes})  # type: ignore[arg-type]


def a_cell_ranking(*names: object) -> CellRanking:
    return CellRanking(tuple(CellEntry(an_id(name), 9 - place) for place, name in enumerate(names)))


def a_slot(name: object = "Milstead", **changes: object) -> Slot:
    facts: dict[str, object] = {
        "id": an_id(f"slot {name}"),
        "day_number": 1,
        "slot_order": 1,
        "day_part": "morning",
        "starts_at": NOON,
        "ends_at": NOON + timedelta(hours=1),
        "node": a_node(name),
        "narrative": "Go early.",
        "confidence": 1.0,
        "travel_minutes_from_previous": 0,
        "travel_mode_from_previous": "none",
        "explores": False,
        "propensity": 1.0,
    }
    return Slot(**{**facts, **changes})  # type: ignore[arg-type]


def a_trip(**changes: object) -> Trip:
    facts: dict[str, object] = {
        "id": an_id("trip"),
        "user_id": "traveller-1",
        "city": "seattle",
        "start_date": MONDAY,
        "end_date": MONDAY,
        "pace": "balanced",
        "status": "planned",
        "ranking_id": an_id("ranking"),
        "model_version": "llm_ranker/claude-haiku-4-5.rank-1",
        "served": Served("cache", "3 of 3 cells from the cache"),
        "validation_report": {"violations": [], "hours_source": "typical"},
        "slots": (a_slot("Milstead"), a_slot("Elliott Bay", slot_order=2)),
        "created_at": NOON,
    }
    return Trip(**{**facts, **changes})  # type: ignore[arg-type]


def a_signal(name: object = "signal", **changes: object) -> Signal:
    facts: dict[str, object] = {
        "signal_id": an_id(name),
        "user_id": "traveller-1",
        "signal_type": "slot_accept",
        "origin": "app",
        "activity_node_id": an_id("Milstead"),
        "trip_id": an_id("trip"),
        "slot_id": an_id("slot Milstead"),
        "ranking_id": an_id("ranking"),
        "model_version": "llm_ranker/claude-haiku-4-5.rank-1",
        "context": {"time_to_action_ms": 2400},
        "occurred_at": NOON,
        "created_at": NOON,
    }
    return Signal(**{**facts, **changes})  # type: ignore[arg-type]


def a_message(name: object = "message", **changes: object) -> Message:
    facts: dict[str, object] = {
        "id": an_id(f"message {name}"),
        "kind": "topic",
        "target": "trip-generated",
        "payload": {"name": str(name)},
    }
    return Message(**{**facts, **changes})  # type: ignore[arg-type]


def a_listing(slug: str = "seattle") -> CityListing:
    return CityListing(
        slug=slug,
        name="Seattle",
        country_code="US",
        time_zone="America/Los_Angeles",
        bounds=Bounds(south=47.4, west=-122.5, north=47.8, east=-122.1),
        snapshot="listed",
    )


def a_venue(number: int = 1, **changes: object) -> Venue:
    facts: dict[str, object] = {
        "source_ref": f"sample:seattle:{number}",
        "name": f"Place {number}",
        "lat": PIKE.lat,
        "lon": PIKE.lon,
        "category": "coffee_shop",
        "neighbourhood": "Fremont",
        "hours": "Mo-Su 07:00-19:00",
        "hours_source": "typical",
    }
    return Venue.model_validate({**facts, **changes})


def a_post(number: int = 1, **changes: object) -> Post:
    """What `author`, a local, wrote of `Place {number}`."""
    author = str(changes.get("author", "a regular"))
    facts: dict[str, object] = {
        "id": f"{number}/{author}",
        "source": "reddit",
        "author": author,
        "posted_at": NOON,
        "place": f"Place {number}",
        "neighbourhood": "Fremont",
        "text": f"The corner seat at Place {number} is mine every Sunday.",
        "sample": True,
    }
    return Post.model_validate({**facts, **changes})
