"""What planning a trip meets of the world, in memory."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from functions.generate_trip.operation import Errand, Ports, generate
from shared.idempotency.claim import Claim, StoredAnswer
from shared.nodes.node import ActivityNode, Position
from shared.nodes.taxonomy import CATEGORIES
from shared.outbox.message import Message
from shared.personas.traveller import Pace, Traveller
from shared.ranking.cells import all_cells
from shared.ranking.rank_cells import CellRanker
from shared.registry.model import Model, ModelName
from shared.signals.signal import Signal
from shared.trips.request import TripRequest
from shared.trips.trip import Trip
from tests.builders import (
    MONDAY,
    NOON,
    PIKE,
    a_cell_ranking,
    a_city,
    a_node,
    a_traveller,
    an_edition,
    an_id,
)
from tests.fakes import MemoryCells, MemoryIndex, MemoryNodes, ScriptedLlm

TRIP_ID = an_id("trip")
KINDS = sorted(CATEGORIES)
A_CLAIM = Claim("traveller-1", "/api/v1/trips", "key", bytes(32), an_id("attempt"))


def a_place(number: int, **changes: object) -> ActivityNode:
    facts: dict[str, object] = {
        "position": Position(PIKE.lat + number % 7 * 0.003, PIKE.lon + number % 11 * 0.003),
        "cross_ref_confidence": number % 10 / 10,
    }
    return a_node(number, KINDS[number % len(KINDS)], **{**facts, **changes})


@dataclass
class Commit:
    """What one transaction was given."""

    trip: Trip
    signal: Signal
    messages: Sequence[Message]
    claim: Claim | None
    answer: StoredAnswer


@dataclass
class MemoryLedger:
    commits: list[Commit] = field(default_factory=list)
    sent: list[tuple[Sequence[Message], float]] = field(default_factory=list)
    raises: Exception | None = None

    async def commit(
        self,
        trip: Trip,
        signal: Signal,
        messages: Sequence[Message],
        claim: Claim | None,
        answer: StoredAnswer,
    ) -> None:
        if self.raises is not None:
            raise self.raises
        self.commits.append(Commit(trip, signal, messages, claim, answer))

    async def send(self, messages: Sequence[Message], cap_seconds: float, at: datetime) -> None:
        assert self.commits, "a message left before the trip stood"
        self.sent.append((messages, cap_seconds))


@dataclass
class Travellers:
    traveller: Traveller

    async def load(self, user_id: str) -> Traveller:
        return replace(self.traveller, id=user_id)


@dataclass
class Trips:
    nodes: list[UUID] = field(default_factory=list)
    asked: list[tuple[str, str, date]] = field(default_factory=list)

    async def seen(self, user_id: str, city: str, today: date) -> list[UUID]:
        self.asked.append((user_id, city, today))
        return self.nodes


@dataclass
class Models:
    in_production: Model | None = None
    asked: list[str] = field(default_factory=list)

    async def production(self, name: ModelName) -> Model | None:
        self.asked.append(name)
        return self.in_production


@dataclass
class Narratives:
    kept: dict[str, str] = field(default_factory=dict)

    async def read(self, keys: Sequence[str]) -> dict[str, str]:
        return {key: self.kept[key] for key in keys if key in self.kept}


class World:
    """A seeded city of 240 places, an empty cache, a language model that answers."""

    def __init__(self, traveller: Traveller | None = None) -> None:
        self.places = [a_place(number) for number in range(240)]
        self.travellers = Travellers(traveller or a_traveller())
        self.trips = Trips()
        self.models = Models()
        self.cells = MemoryCells()
        self.llm = ScriptedLlm()
        self.narratives = Narratives()
        self.ledger = MemoryLedger()
        self.index_away = False

    def warm(self) -> None:
        """Puts all 45 cells into the cache."""
        ranking = a_cell_ranking(*range(5))
        self.cells.kept = {an_edition().key(cell): ranking for cell in all_cells()}

    async def plan(
        self,
        *,
        days: int = 3,
        pace: Pace | None = None,
        start: date = MONDAY,
        claim: Claim | None = None,
        at: datetime = NOON,
        city: str = "seattle",
        budget: float = 8.0,
    ) -> StoredAnswer:
        """Plans one trip."""
        index = MemoryIndex(self.places)
        index.away = self.index_away
        ports = Ports(
            travellers=self.travellers,
            nodes=MemoryNodes(self.places, [a_city()]),
            trips=self.trips,
            models=self.models,
            index=index,
            cells=self.cells,
            ranker=CellRanker(self.cells, self.llm),
            narratives=self.narratives,
            ledger=self.ledger,
        )
        asked = {"city": city, "start_date": start.isoformat(), "days": days, "pace": pace}
        errand = Errand(
            request=TripRequest.model_validate(asked),
            user_id="traveller-1",
            request_id="trace-1",
            trip_id=TRIP_ID,
            claim=claim,
            at=at,
            deadline=asyncio.get_running_loop().time() + budget,
        )
        return await generate(errand, ports)

    @property
    def commit(self) -> Commit:
        """The one transaction."""
        (commit,) = self.ledger.commits
        return commit

    def prewarmed(self) -> list[Message]:
        """The tasks promised."""
        return [m for m in self.commit.messages if m.target == "prewarm_combo"]
