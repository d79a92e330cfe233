"""In-memory drivers for unit tests; each passes the contract test of the real one beside it."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.nodes.city import City, CityUnknown
from shared.nodes.draft import NodeDraft
from shared.nodes.node import ActivityNode
from shared.nodes.point import IndexAway, NodePoint, Retrieved
from shared.ranking.cells import CellRanking
from shared.ranking.rank_cells import CacheAway
from shared.spaces.archetypes import SPACE_VERSION, cosine
from shared.spend.llm import LlmAnswer, LlmUnavailable, Outcome, Question
from tests.builders import a_draft, a_point


@dataclass
class _Flight:
    landed: asyncio.Event
    until: float


class MemoryCells:
    """The cells' cache in a dict."""

    def __init__(self) -> None:
        self.kept: dict[str, CellRanking] = {}
        self.away = False
        self._flying: dict[str, _Flight] = {}

    async def read(self, keys: Sequence[str]) -> list[CellRanking | None]:
        self._answer()
        return [self.kept.get(key) for key in keys]

    async def absent(self, keys: Sequence[str]) -> list[str]:
        self._answer()
        return [key for key in keys if key not in self.kept]

    async def put(self, key: str, ranking: CellRanking) -> None:
        self._answer()
        self.kept[key] = ranking

    async def take_off(self, key: str, seconds: float) -> bool:
        self._answer()
        now = asyncio.get_running_loop().time()
        flight = self._flying.get(key)
        if flight is not None and flight.until > now:
            return False
        self._flying[key] = _Flight(asyncio.Event(), now + seconds)
        return True

    async def land(self, key: str) -> None:
        self._answer()
        flight = self._flying.pop(key, None)
        if flight is not None:
            flight.landed.set()

    async def wait_for(self, key: str, seconds: float) -> CellRanking | None:
        self._answer()
        flight = self._flying.get(key)
        if key not in self.kept and flight is not None:
            async with asyncio.timeout(seconds):
                await flight.landed.wait()
        return self.kept.get(key)

    def _answer(self) -> None:
        if self.away:
            raise CacheAway("gone")


class ScriptedLlm:
    """A language model that answers by a function of the question, or fails with an outcome."""

    def __init__(
        self,
        answer: Callable[[Question], dict[str, Any]] | None = None,
        failure: Outcome | None = None,
    ) -> None:
        self._answer = answer or plain_answer
        self.failure = failure
        self.asked: list[Question] = []
        self.given_seconds: list[float] = []
        self.hold: asyncio.Event | None = None
        self.was_asked = asyncio.Event()

    async def ask(self, question: Question, seconds: float) -> LlmAnswer:
        self.asked.append(question)
        self.was_asked.set()
        self.given_seconds.append(seconds)
        if self.hold is not None:
            await self.hold.wait()
        if self.failure is not None:
            raise LlmUnavailable(self.failure)
        return LlmAnswer(self._answer(question), "claude-haiku-4-5")


def plain_answer(question: Question) -> dict[str, Any]:
    """The dullest right answer to each question that our prompts ask."""
    if question.purpose == "rank_cell":
        return {
            "ranking": [f"c{number:03d}" for number in range(24)],
            "confidence": [9 - number // 3 for number in range(24)],
        }
    if question.purpose == "describe_persona":
        return {"description": "Loves ramen and quiet coffee."}
    (field, places) = next(iter(question.schema["properties"].items()))
    words = {"vibe_tags": ["quiet"], "quote": "", "summary": "A calm room.", "narrative": "Go."}
    aliases = places["items"]["properties"]["place"]["enum"]
    return {field: [{"place": alias, **words} for alias in aliases]}


class MemoryIndex:
    """The vector index in a dict, searched exactly."""

    def __init__(self, nodes: Sequence[ActivityNode] = ()) -> None:
        self._spaces: dict[int, dict[UUID, NodePoint]] = {}
        self.away = False
        if nodes:
            self._keep([a_point(node) for node in nodes], SPACE_VERSION)

    async def nearest(
        self,
        city: str,
        vector: Sequence[float],
        space_version: int,
        limit: int,
        without: Iterable[UUID] = (),
    ) -> list[Retrieved]:
        if self.away or space_version not in self._spaces:
            raise IndexAway("gone")
        excluded = set(without)
        found = [
            Retrieved(point.id, cosine(vector, point.vector))
            for point in self._spaces[space_version].values()
            if point.city == city and not point.hidden and point.id not in excluded
        ]
        found.sort(key=lambda hit: -(hit.score or 0))
        return found[:limit]

    async def save(self, points: Sequence[NodePoint], space_version: int) -> None:
        self._keep(points, space_version)

    async def count(self, city: str, space_version: int) -> int:
        return sum(point.city == city for point in self._spaces[space_version].values())

    def _keep(self, points: Sequence[NodePoint], space_version: int) -> None:
        self._spaces.setdefault(space_version, {}).update({point.id: point for point in points})


class MemoryNodes:
    """Cities and their nodes in dicts."""

    def __init__(self, nodes: Sequence[ActivityNode] = (), cities: Sequence[City] = ()) -> None:
        self.drafts = {node.id: a_draft(node) for node in nodes}
        self._cities = {city.slug: city for city in cities}
        self._seeded = set(self._cities)

    @property
    def nodes(self) -> dict[UUID, ActivityNode]:
        return {node_id: draft.node for node_id, draft in self.drafts.items()}

    def hide(self, node_id: UUID) -> None:
        """What an operator's SQL does."""
        draft = self.drafts[node_id]
        self.drafts[node_id] = replace(draft, node=replace(draft.node, hidden=True))

    async def find_city(self, slug: str) -> City:
        if slug not in self._seeded:
            raise CityUnknown(slug)
        return self._cities[slug]

    async def load(self, city: str, ids: Iterable[UUID]) -> dict[UUID, ActivityNode]:
        wanted = set(ids)
        return {node.id: node for node in self._of(city) if node.id in wanted}

    async def best(self, city: str, limit: int, without: Iterable[UUID]) -> list[UUID]:
        excluded = set(without)
        ranked = sorted(self._of(city), key=lambda node: (-node.quality, str(node.id)))
        return [n.id for n in ranked if not n.hidden and n.id not in excluded][:limit]

    async def evidence(self, city: str) -> dict[UUID, str | None]:
        return {node.id: node.quality_signals.get("evidence_sha256") for node in self._of(city)}

    async def save_city(self, city: City, at: datetime) -> None:
        known = self._cities.get(city.slug)
        self._cities[city.slug] = replace(city, snapshot=known.snapshot) if known else city

    async def mark_seeded(self, city: str, at: datetime) -> str:
        seen = [
            (
                n.id,
                n.name,
                n.category,
                n.cuisine,
                n.summary,
                n.vibe_tags,
                n.hidden,
                n.overrated_flag,
            )
            for n in sorted(self._of(city), key=lambda node: node.id)
        ]
        snapshot = hashlib.sha256(repr(seen).encode()).hexdigest()[:12]
        self._cities[city] = replace(self._cities[city], snapshot=snapshot)
        self._seeded.add(city)
        return snapshot

    async def save(self, drafts: Sequence[NodeDraft], at: datetime) -> None:
        for draft in drafts:
            known = self.drafts.get(draft.node.id)
            hidden, overrated = (
                (known.node.hidden, known.node.overrated_flag) if known else (False, False)
            )
            node = replace(draft.node, hidden=hidden, overrated_flag=overrated)
            self.drafts[node.id] = replace(draft, node=node)

    async def points(self, city: str, space_version: int) -> list[NodePoint]:
        return [
            NodePoint(
                node.id, city, node.category, node.hidden, self.drafts[node.id].vibe_embedding
            )
            for node in self._of(city)
            if self.drafts[node.id].space_version == space_version
        ]

    def _of(self, city: str) -> list[ActivityNode]:
        return [draft.node for draft in self.drafts.values() if draft.node.city == city]
