"""People with trips, answers, replays and dead letters, written as our functions write them."""

import asyncio
import base64
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson

from functions.forget_user.main import Erasure
from functions.generate_trip.main import TripLedger
from functions.generate_trip.operation import Errand, Ports, generate
from shared.idempotency.claim import Claim, StoredAnswer, make_claim
from shared.idempotency.postgres import IdempotencyKeys
from shared.nodes.postgres import Nodes
from shared.outbox.message import Message
from shared.outbox.send import Sender
from shared.parking.letter import DeadLetter
from shared.parking.postgres import DeadLetters
from shared.personas.postgres import Travellers
from shared.personas.traveller import Persona
from shared.ranking.cells import CellEntry, CellRanking, all_cells
from shared.ranking.rank_cells import CellRanker
from shared.runtime.postgres import Pool, PostgresParking
from shared.signals.message import encode_signals
from shared.signals.postgres import Signals
from shared.signals.signal import Signal
from shared.spaces.archetypes import SPACE_VERSION, nearest_archetype
from shared.trips.postgres import Trips
from shared.trips.request import TripRequest
from tests.builders import MONDAY, NOON, TOMBSTONES, a_city, a_signal, a_vector, an_edition
from tests.fakes import MemoryCells, MemoryIndex, MemoryNodes, ScriptedLlm
from tests.functions.generate_trip.world import Models, Narratives, a_place

PLACES = 300


@dataclass(frozen=True)
class Deed:
    """A signal: of which stop of its trip (or of a place, without a trip), how long after what."""

    stop: int
    signal_type: str = "slot_accept"
    hesitated_ms: int = 2417
    minutes_later: int = 3
    origin: str = "app"
    again: bool = False


@dataclass(frozen=True)
class Journey:
    """A trip and what was done on it."""

    days: int = 1
    starts_in: int = 0
    deeds: tuple[Deed, ...] = ()
    sent: bool = True


@dataclass(frozen=True)
class Life:
    """One person's history with us."""

    user_id: str
    journeys: tuple[Journey, ...]
    loose: tuple[Deed, ...] = ()
    letters: int = 0
    claims: int = 0


class Post:
    """Takes every message, or none while it is away."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.away = False

    async def send(self, message: Message) -> None:
        if self.away:
            raise ConnectionError("away")
        self.sent.append(message)


@dataclass
class Town:
    """A city of 300 places in Postgres, and what our functions join to serve it."""

    pool: Pool
    chance: random.Random = field(default_factory=random.Random)
    post: Post = field(default_factory=Post)

    def __post_init__(self) -> None:
        self.places = [a_place(number) for number in range(PLACES)]
        self.travellers = Travellers(self.pool, TOMBSTONES)
        self.signals = Signals(self.pool, TOMBSTONES)
        self.keys = IdempotencyKeys(self.pool, TOMBSTONES)
        sender = Sender(topics=self.post, tasks=self.post)
        self.ledger = TripLedger(self.pool, sender, TOMBSTONES)
        self.erasure = Erasure(self.pool, sender, TOMBSTONES)
        cells = MemoryCells()
        # Days 4 and 5 are missing, so that every trip also promises to have them made.
        cells.kept = {
            an_edition().key(cell): self.ranking() for cell in all_cells() if cell.trip_day <= 3
        }
        self.ports = Ports(
            travellers=self.travellers,
            nodes=MemoryNodes(self.places, [a_city()]),
            trips=Trips(self.pool),
            models=Models(),
            index=MemoryIndex(self.places),
            cells=cells,
            ranker=CellRanker(cells, ScriptedLlm()),
            narratives=Narratives(),
            ledger=self.ledger,
        )

    def ranking(self) -> CellRanking:
        """Some cell's 24 places with their bands."""
        chosen = self.chance.sample(self.places, 24)
        return CellRanking(
            tuple(CellEntry(place.id, 9 - rank // 3) for rank, place in enumerate(chosen))
        )

    async def found(self, others: Sequence[Life] = ()) -> None:
        """Writes the city and the others where they are not there yet, and clears all else away."""
        if not await self.pool.fetchval("SELECT count(*) FROM activity_nodes"):
            nodes = Nodes(self.pool)
            await nodes.save_city(a_city(), NOON)
            await nodes.save(list(MemoryNodes(self.places).drafts.values()), NOON)
            for other in others:
                await self.live(other)
        names = [other.user_id for other in others]
        for table in ("trips", "behavioral_signals", "idempotency_keys"):
            await self.pool.execute(f"DELETE FROM {table} WHERE user_id <> ALL ($1)", names)
        await self.pool.execute("DELETE FROM users WHERE id <> ALL ($1)", names)
        await self.pool.execute("TRUNCATE tombstones, training_subjects, training_days")

    def moment(self) -> datetime:
        """Some moment of the next hours, never a round one."""
        return NOON + timedelta(seconds=self.chance.randrange(20_000) + self.chance.random())

    async def live(self, life: Life) -> list[UUID]:
        """Lives a life; returns the ids of its trips."""
        await self.enter(life.user_id)
        trips = [await self.travel(life.user_id, journey) for journey in life.journeys]
        for deed in life.loose:
            await self.act(life.user_id, None, [], deed, self.moment())
        for _ in range(life.letters):
            await self.write_letters(life.user_id, trips[0] if trips else None)
        for number in range(life.claims):
            await self.claim(life.user_id, trips[0] if trips and number else None)
        return trips

    async def enter(self, user_id: str) -> None:
        """Signs in for the first time and says what they like."""
        await self.travellers.enter(user_id, self.moment())
        await self.onboard(user_id)

    async def onboard(self, user_id: str) -> None:
        """Says what they like."""
        vector = a_vector(user_id, 128)
        words = f"Collects {user_id[-6:]} matchboxes."
        persona = Persona(
            words, vector, nearest_archetype(vector), SPACE_VERSION, "llm", self.moment()
        )
        tags = {"odd": [f"matchboxes {user_id[-6:]}"]}
        await self.travellers.save_onboarding(user_id, tags, None, persona)

    async def travel(self, user_id: str, journey: Journey) -> UUID:
        """Plans a trip and answers on it."""
        trip_id = uuid4()
        self.post.away = not journey.sent
        at = self.moment()
        answer = await self.plan(user_id, trip_id, at, journey.days, journey.starts_in)
        stops = [slot for day in answer.body["days"] for slot in day["slots"]]
        for deed in journey.deeds:
            later = at + timedelta(minutes=deed.minutes_later)
            await self.act(user_id, trip_id, stops, deed, later)
        self.post.away = False
        return trip_id

    async def plan(
        self,
        user_id: str,
        trip_id: UUID,
        at: datetime,
        days: int = 1,
        starts_in: int = 0,
        claim: Claim | None = None,
    ) -> StoredAnswer:
        """Plans a trip as `generate_trip` does."""
        start = MONDAY + timedelta(days=1 + starts_in)
        asked = {"city": "seattle", "start_date": start.isoformat(), "days": days}
        errand = Errand(
            request=TripRequest.model_validate(asked),
            user_id=user_id,
            request_id=f"trace-of-{trip_id.hex[:12]}",
            trip_id=trip_id,
            claim=claim,
            at=at,
            deadline=asyncio.get_running_loop().time() + 60,
        )
        return await generate(errand, self.ports)

    async def act(
        self,
        user_id: str,
        trip_id: UUID | None,
        stops: Sequence[dict[str, Any]],
        deed: Deed,
        at: datetime,
    ) -> Signal:
        """Sends a signal, once more where it is so."""
        stop = stops[deed.stop % len(stops)] if stops else None
        node = stop["activity_node"]["id"] if stop else str(self.places[deed.stop].id)
        signal = a_signal(
            uuid4(),
            user_id=user_id,
            signal_type=deed.signal_type,
            origin=deed.origin,
            activity_node_id=UUID(node),
            trip_id=trip_id,
            slot_id=UUID(stop["id"]) if stop else None,
            ranking_id=None,
            context={
                "time_to_action_ms": deed.hesitated_ms,
                "day_part": stop["day_part"] if stop else "morning",
                "device": f"phone of {user_id}",
            },
            occurred_at=at - timedelta(seconds=self.chance.random()),
            created_at=at,
        )
        for _ in range(1 + deed.again):
            await self.signals.store([signal])
        return signal

    async def write_letters(self, user_id: str, trip_id: UUID | None) -> None:
        """Leaves what nobody could take: refused, cut off in the middle, and a dead letter."""
        signal = a_signal(uuid4(), user_id=user_id, trip_id=trip_id, occurred_at=self.moment())
        payload = encode_signals([signal])
        data = base64.b64encode(orjson.dumps(payload)).decode()
        envelope = orjson.dumps({"message": {"data": data, "messageId": "1"}}).decode()
        parking = PostgresParking(self.pool)
        for body in (envelope, envelope[: envelope.index(data) + 260], orjson.dumps(payload)):
            text = body if isinstance(body, str) else body.decode()
            await parking.park("store_signal", text, "It is broken.", self.moment())
        letter = DeadLetter(
            id=uuid4(),
            topic="signals",
            function="store_signal",
            payload=payload,
            attributes={},
            reason="store-signal did not take it in 20 deliveries.",
            parked_at=self.moment(),
        )
        await DeadLetters(self.pool).keep(letter)

    async def claim(self, user_id: str, trip_id: UUID | None) -> None:
        """Leaves an answer under an Idempotency-Key, or without a trip one in progress."""
        claim = make_claim(user_id, "/api/v1/trips", uuid4().hex, b"{}", uuid4())
        await self.keys.take(claim, self.moment(), timedelta(seconds=15))
        if trip_id is not None:
            await self.keys.store(claim, StoredAnswer(201, {}, {"id": str(trip_id)}))
