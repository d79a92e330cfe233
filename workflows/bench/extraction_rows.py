"""Generated signals for the extraction's benchmark: simulated people, real shapes, made quickly."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson

from shared.nodes.node import ActivityNode, Position
from shared.nodes.taxonomy import DAY_PARTS
from shared.personas.traveller import Persona, Traveller
from shared.ranking.candidates import Candidate, Scores
from shared.ranking.cells import CELL_SIZE, CellEntry, CellRanking, Edition, cells_of_trip
from shared.ranking.ladder import CellServed, Served
from shared.ranking.prompt import MODEL, MODEL_VERSION, PROMPT_VERSION
from shared.ranking.rank_cells import CellResult
from shared.ranking.record import RankingFacts, Shown, candidate_set_context
from shared.spaces.archetypes import ARCHETYPES, SPACE_VERSION

ANSWERS_A_TRIP: Final = 40
SIGNALS_A_TRIP: Final = ANSWERS_A_TRIP + 1
_TRIPS_A_PERSON: Final = 3
_SET_SIZE: Final = 200
_SHOWN: Final = 20
_SETS: Final = 200
_PLACES: Final = 2000
_ANSWERS: Final = ("slot_view", "slot_accept", "slot_skip", "thumbs_up", "slot_view")
_SEED: Final = 7
_COLUMNS: Final = (
    "signal_id", "user_id", "signal_type", "activity_node_id", "trip_id", "slot_id", "ranking_id",
    "model_version", "context", "origin", "weight", "weight_table_version", "occurred_at",
    "created_at",
)  # fmt: skip


async def fill(database_url: str, day: date, signals: int) -> int:
    """Insert about so many signals of a day, of whole trips; return how many."""
    connection = await asyncpg.connect(database_url)
    trips = max(1, signals // SIGNALS_A_TRIP)
    try:
        await connection.copy_records_to_table(
            "behavioral_signals", records=_rows(day, trips), columns=list(_COLUMNS)
        )
        await connection.execute("VACUUM ANALYZE behavioral_signals")
    finally:
        await connection.close()
    return trips * SIGNALS_A_TRIP


def _rows(day: date, trips: int) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(f"{_SEED} {day}")  # noqa: S311 - the same rows in every run
    places = [_id(chance) for _ in range(_PLACES)]
    sets = [_candidate_set(chance, places) for _ in range(_SETS)]
    midnight = datetime.combine(day, time(), UTC)
    for number in range(trips):
        user = f"simulated-bench-{number // _TRIPS_A_PERSON}"
        trip, ranking = _id(chance), _id(chance)
        at = midnight + timedelta(seconds=chance.randrange(80_000))
        shown, context = sets[number % _SETS]
        yield (
            _id(chance), user, "candidate_set_logged", None, trip, None, ranking, MODEL_VERSION,
            context, "system", 1.0, 2, at, at,
        )  # fmt: skip
        for answer in range(ANSWERS_A_TRIP):
            at += timedelta(seconds=chance.randrange(1, 60))
            said = {"day_part": DAY_PARTS[answer % 3], "day_of_trip": 1 + answer % 3}
            said |= {"time_to_action_ms": chance.randrange(500, 60_000), "group_size": 1}
            yield (
                _id(chance), user, _ANSWERS[answer % 5], shown[answer % _SHOWN], trip, _id(chance),
                ranking, MODEL_VERSION, orjson.dumps(said).decode(), "app", 1.0, 2, at, at,
            )  # fmt: skip


def _candidate_set(chance: random.Random, places: list[UUID]) -> tuple[list[UUID], str]:
    """Return what was shown and the whole record, as generate_trip would log it."""
    nodes = chance.sample(places, _SET_SIZE)
    candidates = [
        Candidate(_node(id, chance), 0.8 - place / 400 + chance.random() / 1e3, chance.random(), "")
        for place, id in enumerate(nodes)
    ]
    archetype = chance.choice(ARCHETYPES)
    ranked = {
        cell: CellResult(_cell_ranking(chance, nodes), CellServed("cache", ""))
        for cell in cells_of_trip(archetype, 3)
    }
    vector = tuple(chance.gauss(0, 0.09) for _ in range(128))
    persona = Persona("", vector, archetype, SPACE_VERSION, "llm", None)
    facts = RankingFacts(
        ranking_id=_id(chance),
        request_id=f"{chance.getrandbits(128):032x}",
        edition=Edition("seattle", "bench", MODEL, PROMPT_VERSION, SPACE_VERSION),
        served=Served("cache", "9 of 9 cells from the cache"),
        party=[Traveller("simulated-bench", {}, "balanced", persona, chance.randrange(40))],
        trip_days=3,
        exploration_seed=chance.getrandbits(31),
    )
    shown = {id: Shown(place, 1.0) for place, id in enumerate(nodes[:_SHOWN], start=1)}
    record = candidate_set_context(facts, candidates, Scores(ranked), shown)
    return nodes[:_SHOWN], orjson.dumps(record).decode()


def _cell_ranking(chance: random.Random, nodes: list[UUID]) -> CellRanking:
    best = chance.sample(nodes, CELL_SIZE)
    return CellRanking(tuple(CellEntry(id, 9 - place // 3) for place, id in enumerate(best)))


def _node(id: UUID, chance: random.Random) -> ActivityNode:
    return ActivityNode(
        id=id,
        city="seattle",
        name="generated",
        category=chance.choice(("coffee_shop", "restaurant", "museum", "park", "bar")),
        position=Position(47.6, -122.3),
        origin="sample",
        cross_ref_confidence=chance.random(),
    )


def _id(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)
