"""Builders: the smallest true thing of each kind, with only what a test cares about spelled out."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid5

from shared.nodes.city import City
from shared.nodes.node import ActivityNode, Position
from shared.personas.default import MIDDLE, MIDDLE_ARCHETYPE
from shared.personas.traveller import Persona, Traveller
from shared.ranking.candidates import Candidate
from shared.ranking.cells import CellEntry, CellRanking, Edition
from shared.ranking.prompt import MODEL, PROMPT_VERSION
from shared.spaces.archetypes import SPACE_VERSION

NOON = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
"""Noon in Seattle on a Monday."""

MONDAY = date(2026, 11, 23)

_SPACE = UUID("11111111-2222-3333-4444-555555555555")
PIKE = Position(47.6097, -122.3422)


def an_id(name: object) -> UUID:
    return uuid5(_SPACE, str(name))


def a_city(slug: str = "seattle") -> City:
    return City(
        slug=slug,
        name="Seattle",
        country_code="US",
        time_zone="America/Los_Angeles",
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


def a_candidate(node: ActivityNode | None = None, similarity: float = 0.5) -> Candidate:
    return Candidate(node or a_node(), similarity, similarity, "qdrant")


def a_traveller(choice_count: int = 0, persona: Persona | None = None) -> Traveller:
    return Traveller("traveller-1", {"food": ["ramen"]}, "balanced", persona, choice_count)


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
