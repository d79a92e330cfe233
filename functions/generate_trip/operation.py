"""Plans a trip: persona → 200 candidates → ranking → slots; all that is shown is logged."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID, uuid5

from shared.idempotency.claim import Claim, StoredAnswer
from shared.nodes.city import City
from shared.outbox.message import Message
from shared.personas.default import persona_of, why_a_stand_in
from shared.personas.gate import admit
from shared.personas.traveller import Persona, Traveller
from shared.ranking.candidates import Candidate, Scores
from shared.ranking.cells import Cell, Edition, all_cells, cells_of_trip
from shared.ranking.ladder import Served, summarise
from shared.ranking.prompt import MODEL, MODEL_VERSION, PROMPT_VERSION
from shared.ranking.rank_cells import CacheAway, CellRanker, CellResult
from shared.ranking.record import RankingFacts
from shared.ranking.retrieve import BY_EVIDENCE, Index, NodeSource, Retrieval
from shared.ranking.warm import why_the_language_model
from shared.registry.model import Model, ModelName
from shared.runtime.call import NO_MODEL
from shared.signals.signal import Signal
from shared.spaces.archetypes import SPACE_VERSION
from shared.spaces.vectors import require_same_space
from shared.trips.assemble import Brief, assemble
from shared.trips.plan import Plan
from shared.trips.promises import candidate_set_signal, messages_of
from shared.trips.reply import show_trip
from shared.trips.request import TripRequest
from shared.trips.slots import narrative_keys, slots_of
from shared.trips.trip import Trip
from shared.trips.validate import validate

# What the ranking leaves of the deadline: two looks into a cache that may hang, assembly, the
# transaction, the sending, and the cold start that a first request sat through before our clock.
_RESERVE_SECONDS = 2.0
_SEND_SECONDS = 0.3


class Travellers(Protocol):
    """Where travellers are known."""

    async def load(self, user_id: str) -> Traveller:
        """Return the traveller with persona and choice count."""


class Nodes(NodeSource, Protocol):
    """Where cities and their nodes are known."""

    async def find_city(self, slug: str) -> City:
        """Return the seeded city; raise CityUnknown."""


class Trips(Protocol):
    """Where the traveller's earlier trips are known."""

    async def seen(self, user_id: str, city: str, today: date) -> list[UUID]:
        """Return the nodes not to offer again."""


class Models(Protocol):
    """The registry of models."""

    async def production(self, name: ModelName) -> Model | None:
        """Return the version in production, or None where there is none."""


class Cells(Protocol):
    """The cells' cache, as far as pre-warming needs it."""

    async def absent(self, keys: Sequence[str]) -> list[str]:
        """Return the keys that hold nothing; raise CacheAway."""


class Narratives(Protocol):
    """The narratives' cache."""

    async def read(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the sentences that are there."""


class Ledger(Protocol):
    """The one transaction that a new trip is."""

    async def commit(
        self,
        trip: Trip,
        signal: Signal,
        messages: Sequence[Message],
        claim: Claim | None,
        answer: StoredAnswer,
    ) -> None:
        """Write all of it or nothing."""

    async def send(self, messages: Sequence[Message], cap_seconds: float, at: datetime) -> None:
        """Send what the transaction promised; what does not leave in time is relayed later."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What planning a trip needs of the world."""

    travellers: Travellers
    nodes: Nodes
    trips: Trips
    models: Models
    index: Index
    cells: Cells
    ranker: CellRanker
    narratives: Narratives
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class Errand:
    """One request: who asks for what, when, under which claim, and by when the reply must leave."""

    request: TripRequest
    user_id: str
    request_id: str
    trip_id: UUID
    claim: Claim | None
    at: datetime
    deadline: float


@dataclass(frozen=True, slots=True)
class _Ranking:
    facts: RankingFacts
    candidates: Sequence[Candidate]
    scores: Scores
    persona: Persona
    model_version: str


async def generate(errand: Errand, ports: Ports) -> StoredAnswer:
    """Return the answer of `POST /api/v1/trips`: the trip is stored, its candidate set with it.

    Raises CityUnknown and DatesRefused. An engine that fails lowers the rung, never the promise.
    """
    city, traveller = await asyncio.gather(
        ports.nodes.find_city(errand.request.city), ports.travellers.load(errand.user_id)
    )
    errand.request.check_dates(city.today(errand.at))
    edition = Edition(city.slug, city.snapshot, MODEL, PROMPT_VERSION, SPACE_VERSION)
    absent = await _absent_cells(edition, ports.cells)
    ranking = await _rank(errand, city, edition, traveller, ports)
    pace = errand.request.pace or traveller.pace
    brief = Brief(errand.request.start_date, errand.request.days, pace, city.zone)
    plan = assemble(brief, ranking.candidates, ranking.scores, ranking.facts.exploration_seed)
    trip = await _word(errand, city, brief, plan, ranking, ports.narratives)
    answer = StoredAnswer(201, {"X-Model-Version": trip.model_version}, show_trip(trip, city.zone))
    signal = candidate_set_signal(trip, plan, ranking.facts, ranking.candidates, ranking.scores)
    messages = messages_of(trip, edition, absent)
    await ports.ledger.commit(trip, signal, messages, errand.claim, answer)
    await ports.ledger.send(messages, _SEND_SECONDS, errand.at)
    return answer


async def _absent_cells(edition: Edition, cells: Cells) -> list[Cell]:
    by_key = {edition.key(cell): cell for cell in all_cells()}
    try:
        return [by_key[key] for key in await cells.absent(list(by_key))]
    except CacheAway:
        return []


async def _rank(
    errand: Errand, city: City, edition: Edition, traveller: Traveller, ports: Ports
) -> _Ranking:
    persona = persona_of(traveller)
    retrieval = Retrieval(ports.index, ports.nodes, city.slug)
    seconds = errand.deadline - asyncio.get_running_loop().time() - _RESERVE_SECONDS
    cells = cells_of_trip(persona.archetype, errand.request.days)
    seen = await ports.trips.seen(errand.user_id, city.slug, city.today(errand.at))
    require_same_space(persona.space_version, edition.space_version)
    candidates, ranked, notes = await asyncio.gather(
        retrieval.nearest(persona.embedding, seen),
        ports.ranker.rank(cells, edition, retrieval, seconds),
        _notes_on(traveller, ports.models),
    )
    served = _say_who_ranked(ranked, candidates, notes)
    facts = RankingFacts(
        ranking_id=uuid5(errand.trip_id, "ranking"),
        request_id=errand.request_id,
        edition=edition,
        served=served,
        party=[traveller],
        trip_days=errand.request.days,
        exploration_seed=errand.trip_id.int & 0x7FFF_FFFF,
    )
    any_ranked = any(result.ranking is not None for result in ranked.values())
    model_version = MODEL_VERSION if any_ranked else NO_MODEL
    return _Ranking(facts, candidates, Scores(ranked), persona, model_version)


async def _notes_on(traveller: Traveller, models: Models) -> list[str]:
    """Return what a ranking says of the traveller: a stand-in's reason, and why no model learned.

    A cold traveller is ranked by the language model, always; a warm one until a ranker is there.
    """
    stand_in = why_a_stand_in(traveller)
    notes = [stand_in] if stand_in else []
    if not traveller.is_cold:
        production = await models.production("warm_ranker")
        notes.append(why_the_language_model(admit([traveller]), production))
    return notes


def _say_who_ranked(
    ranked: Mapping[Cell, CellResult], candidates: Sequence[Candidate], notes: Sequence[str]
) -> Served:
    served = summarise(result.served for result in ranked.values())
    reasons = [served.reason]
    if any(candidate.source == BY_EVIDENCE for candidate in candidates):
        reasons.append("candidates by local evidence because the vector index was unavailable")
    return Served(served.rung, "; ".join([*reasons, *notes]))


async def _word(
    errand: Errand,
    city: City,
    brief: Brief,
    plan: Plan,
    ranking: _Ranking,
    narratives: Narratives,
) -> Trip:
    archetype = ranking.persona.archetype
    sentences = await narratives.read(narrative_keys(plan, archetype))
    return Trip(
        id=errand.trip_id,
        user_id=errand.user_id,
        city=city.slug,
        start_date=plan.days[0].date,
        end_date=plan.days[-1].date,
        pace=brief.pace,
        status="planned",
        ranking_id=ranking.facts.ranking_id,
        model_version=ranking.model_version,
        served=ranking.facts.served,
        validation_report=validate(plan, city),
        slots=slots_of(errand.trip_id, plan, archetype, sentences),
        created_at=errand.at,
    )
