"""Random tastes over the sample city: candidates and scores as a ranking would hand them on."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

import orjson

from shared.nodes.city import City
from shared.nodes.node import ActivityNode
from shared.nodes.taxonomy import CATEGORIES
from shared.personas.traveller import Pace
from shared.ranking.candidates import Candidate, Scores
from shared.ranking.cells import CELL_SIZE, TOP_BAND, Cell, CellEntry, CellRanking, cells_of_trip
from shared.ranking.ladder import CellServed
from shared.ranking.rank_cells import CellResult
from shared.sources.post import CityListing, Venue
from shared.trips.brief import Brief
from workflows.manifest import ROOT

CANDIDATES: Final = 200
PACES: Final[tuple[Pace, ...]] = ("slow", "balanced", "full")

_SAMPLE = ROOT / "emulators" / "sources" / "data" / "seattle"
_FIRST_DATE = date(2026, 11, 23)
_DATES = 730
_SHARED_TASTE = 0.3
_NOISE_OF_A_CELL = 0.7


@dataclass(frozen=True, slots=True)
class Wish:
    """One trip to be assembled: what assemble() is given beside its seed."""

    brief: Brief
    candidates: Sequence[Candidate]
    scores: Scores


def a_wish(seed: int, days: int | None = None, pace: Pace | None = None) -> Wish:
    """Return a random wish: taste, date within two years, and what is not given of days and pace.

    A taste weighs categories and interests at random; the traveller's best 200 places are the
    candidates, and each cell holds the best 24 of a related taste (the archetype's), ranked anew
    with some noise as a language model would.
    """
    chance = random.Random(seed)  # noqa: S311 - a simulation
    nodes = sample_nodes()
    taste = _taste(nodes, chance)
    related = [
        _SHARED_TASTE * mine + (1 - _SHARED_TASTE) * theirs
        for mine, theirs in zip(taste, _taste(nodes, chance), strict=True)
    ]
    days = days or chance.randint(1, 7)
    asked: Pace = chance.choice(PACES) if pace is None else pace
    brief = Brief(
        start_date=_FIRST_DATE + timedelta(days=chance.randrange(_DATES)),
        days=days,
        pace=asked,
        zone=sample_city().zone,
    )
    cells = {
        cell: CellResult(_rank(cell, nodes, related, chance), CellServed("model"))
        for cell in cells_of_trip("culture_first", days)
    }
    return Wish(brief, _nearest(nodes, taste), Scores(cells))


@cache
def sample_city() -> City:
    """Return the sample city as seeding would store it."""
    return CityListing.model_validate_json((_SAMPLE / "city.json").read_bytes()).city()


@cache
def sample_nodes() -> tuple[ActivityNode, ...]:
    """Return the sample city's places, without evidence."""
    lines = (_SAMPLE / "venues.ndjson").read_bytes().splitlines()
    slug = sample_city().slug
    return tuple(Venue.model_validate(orjson.loads(line)).node(slug) for line in lines)


def _taste(nodes: Sequence[ActivityNode], chance: random.Random) -> list[float]:
    categories = {name: chance.gauss(0, 1) for name in CATEGORIES}
    named = sorted({category.interest for category in CATEGORIES.values()})
    interests = {interest: chance.gauss(0, 1) for interest in named}
    return [
        categories[node.category]
        + interests[CATEGORIES[node.category].interest]
        + chance.gauss(0, 1)
        for node in nodes
    ]


def _nearest(nodes: Sequence[ActivityNode], taste: Sequence[float]) -> list[Candidate]:
    ranked = sorted(zip(taste, nodes, strict=True), key=lambda pair: -pair[0])[:CANDIDATES]
    high, low = ranked[0][0], ranked[-1][0]
    return [
        Candidate(node, liking, (liking - low) / (high - low), "qdrant") for liking, node in ranked
    ]


def _rank(
    cell: Cell, nodes: Sequence[ActivityNode], taste: Sequence[float], chance: random.Random
) -> CellRanking:
    fitting = [
        (liking + chance.gauss(0, _NOISE_OF_A_CELL), node.id)
        for liking, node in zip(taste, nodes, strict=True)
        if cell.day_part in CATEGORIES[node.category].day_parts
    ]
    best = sorted(fitting, key=lambda pair: -pair[0])[:CELL_SIZE]
    bands = (max(0, TOP_BAND - place * (TOP_BAND + 1) // CELL_SIZE) for place in range(CELL_SIZE))
    return CellRanking(
        tuple(CellEntry(node_id, band) for (_, node_id), band in zip(best, bands, strict=False))
    )
