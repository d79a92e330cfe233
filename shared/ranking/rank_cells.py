"""Comes by the cells of a trip: from the cache, else the language model, else down the ladder."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from shared.nodes.node import ActivityNode
from shared.nodes.point import IndexAway
from shared.ranking.cells import Cell, CellRanking, Edition, siblings
from shared.ranking.flights import Flights
from shared.ranking.ladder import INDEX_AWAY, CellServed, Rung
from shared.ranking.prompt import ask_for_cell, read_cell
from shared.runtime import log
from shared.spaces.archetypes import ARCHETYPES, Archetype, centroid, cosine, description
from shared.spend.llm import Llm, LlmUnavailable

# A flight ends this much before its passengers' deadline: nothing may run on after the reply.
_LANDING_SECONDS = 0.25


class CacheAway(Exception):
    """The cache did not answer; a ranking goes on without it."""


class CellCache(Protocol):
    """Where the rankings of cells are kept; every method may raise CacheAway."""

    async def read(self, keys: Sequence[str]) -> list[CellRanking | None]:
        """Return the rankings under the keys, in their order."""

    async def put(self, key: str, ranking: CellRanking) -> None:
        """Keep a ranking."""

    async def take_off(self, key: str, seconds: float) -> bool:
        """Return whether the caller may make this cell; for `seconds` nobody else may."""

    async def land(self, key: str) -> None:
        """Let others make this cell again."""

    async def wait_for(self, key: str, seconds: float) -> CellRanking | None:
        """Return the cell that somebody else is making, or None once they gave up."""


class ArchetypeCandidates(Protocol):
    """The 200 candidates that an archetype's cells are ranked from."""

    async def of_archetype(self, archetype: Archetype) -> Sequence[ActivityNode]:
        """Return the nodes nearest to the archetype's centroid; raise IndexAway."""


@dataclass(frozen=True, slots=True)
class CellResult:
    """A cell's ranking (None on the lowest rung) and how it was come by."""

    ranking: CellRanking | None
    served: CellServed


class CellRanker:
    """Ranks cells for every request of one process; one flight per key here and in the cache."""

    def __init__(self, cache: CellCache, llm: Llm) -> None:
        self._cache = cache
        self._llm = llm
        self._flights: Flights[CellRanking] = Flights()

    async def rank(
        self,
        cells: Sequence[Cell],
        edition: Edition,
        candidates: ArchetypeCandidates,
        seconds: float,
    ) -> dict[Cell, CellResult]:
        """Return every cell with its rung, within about `seconds`, whichever engine fails."""
        cached = await self._read(cells, edition)
        missing = [cell for cell in cells if cached[cell] is None]
        made = await asyncio.gather(
            *(self._make(cell, edition, candidates, seconds) for cell in missing)
        )
        results = {
            cell: CellResult(ranking, CellServed("cache"))
            for cell, ranking in cached.items()
            if ranking is not None
        }
        for cell, outcome in zip(missing, made, strict=True):
            if isinstance(outcome, CellRanking):
                results[cell] = CellResult(outcome, CellServed("model"))
        failed = {
            cell: outcome
            for cell, outcome in zip(missing, made, strict=True)
            if isinstance(outcome, str)
        }
        return results | await self._step_down(failed, edition)

    async def _read(
        self, cells: Sequence[Cell], edition: Edition
    ) -> dict[Cell, CellRanking | None]:
        try:
            found = await self._cache.read([edition.key(cell) for cell in cells])
        except CacheAway as error:
            log.failure("cells.cache_away", error)
            found = [None] * len(cells)
        return dict(zip(cells, found, strict=True))

    async def _make(
        self, cell: Cell, edition: Edition, candidates: ArchetypeCandidates, seconds: float
    ) -> CellRanking | str:
        key = edition.key(cell)
        deadline = asyncio.get_running_loop().time() + seconds
        try:
            async with asyncio.timeout_at(deadline):
                return await self._flights.join(
                    key, lambda: self._fly(cell, key, candidates, deadline - _LANDING_SECONDS)
                )
        except LlmUnavailable as error:
            return error.outcome
        except IndexAway:
            return INDEX_AWAY
        except TimeoutError:
            return "late"

    async def _fly(
        self, cell: Cell, key: str, candidates: ArchetypeCandidates, deadline: float
    ) -> CellRanking:
        try:
            if not await self._cache.take_off(key, _left(deadline)):
                awaited = await self._cache.wait_for(key, _left(deadline))
                if awaited is not None:
                    return awaited
        except CacheAway:
            return await self._ask(cell, candidates, deadline)
        try:
            # Whoever flew before may have landed between our read and our taking off.
            (cached,) = await self._cache.read([key])
            if cached is not None:
                return cached
            ranking = await self._ask(cell, candidates, deadline)
            with suppress(CacheAway):
                await self._cache.put(key, ranking)
            return ranking
        finally:
            with suppress(CacheAway):
                await self._cache.land(key)

    async def _ask(
        self, cell: Cell, candidates: ArchetypeCandidates, deadline: float
    ) -> CellRanking:
        nodes = await candidates.of_archetype(cell.archetype)
        question = ask_for_cell(cell, description(cell.archetype), nodes)
        answer = await self._llm.ask(question, _left(deadline))
        repair = read_cell(answer, nodes)
        log.event(
            "cell.ranked", cell=str(cell), duplicates=repair.duplicates, missing=repair.missing
        )
        return repair.ranking

    async def _step_down(
        self, failed: Mapping[Cell, str], edition: Edition
    ) -> dict[Cell, CellResult]:
        """Serve failed cells from another day's cell, another archetype's, or by quality alone."""
        wanted = {cell: [*siblings(cell), *_strangers(cell)] for cell in failed}
        nearby = list(dict.fromkeys(other for others in wanted.values() for other in others))
        cached = await self._read(nearby, edition) if nearby else {}
        return {
            cell: _first_cached(cell, wanted[cell], cached, failure)
            for cell, failure in failed.items()
        }


def _left(deadline: float) -> float:
    """Return the seconds until an event-loop time."""
    return deadline - asyncio.get_running_loop().time()


def _first_cached(
    cell: Cell, others: Sequence[Cell], cached: Mapping[Cell, CellRanking | None], failure: str
) -> CellResult:
    for other in others:
        ranking = cached[other]
        if ranking is not None:
            same = other.archetype == cell.archetype
            rung: Rung = "cache" if same else "nearest_archetype"
            return CellResult(ranking, CellServed(rung, failure))
    return CellResult(None, CellServed("quality", failure))


def _strangers(cell: Cell) -> list[Cell]:
    """Return the same moment for the other archetypes, the most alike first."""
    own = centroid(cell.archetype)
    others = [archetype for archetype in ARCHETYPES if archetype != cell.archetype]
    others.sort(key=lambda archetype: -cosine(own, centroid(archetype)))
    return [Cell(archetype, cell.day_part, cell.trip_day) for archetype in others]
