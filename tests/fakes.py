"""In-memory drivers for unit tests; each passes the contract test of the real one beside it."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from shared.nodes.node import ActivityNode
from shared.nodes.point import IndexAway, Retrieved
from shared.ranking.cells import CellRanking
from shared.ranking.rank_cells import CacheAway
from shared.spend.llm import LlmAnswer, LlmUnavailable, Outcome, Question


class MemoryCells:
    """The cells' cache in a dict."""

    def __init__(self) -> None:
        self.kept: dict[str, CellRanking] = {}
        self.flying: dict[str, asyncio.Event] = {}
        self.away = False

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
        if key in self.flying:
            return False
        self.flying[key] = asyncio.Event()
        return True

    async def land(self, key: str) -> None:
        self._answer()
        self.flying.pop(key).set()

    async def wait_for(self, key: str, seconds: float) -> CellRanking | None:
        self._answer()
        async with asyncio.timeout(seconds):
            if key in self.flying:
                await self.flying[key].wait()
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
        self._answer = answer or _first_24
        self.failure = failure
        self.asked: list[Question] = []
        self.hold: asyncio.Event | None = None

    async def ask(self, question: Question, seconds: float) -> LlmAnswer:
        self.asked.append(question)
        if self.hold is not None:
            await self.hold.wait()
        if self.failure is not None:
            raise LlmUnavailable(self.failure)
        return LlmAnswer(self._answer(question), "claude-haiku-4-5")


def _first_24(question: Question) -> dict[str, Any]:
    return {
        "ranking": [f"c{number:03d}" for number in range(24)],
        "confidence": [9 - number // 3 for number in range(24)],
    }


class MemoryIndex:
    """A vector index that returns its nodes in a fixed order."""

    def __init__(self, nodes: Sequence[ActivityNode]) -> None:
        self.nodes = list(nodes)
        self.away = False

    async def nearest(
        self,
        city: str,
        vector: Sequence[float],
        space_version: int,
        limit: int,
        without: Iterable[UUID] = (),
    ) -> list[Retrieved]:
        if self.away:
            raise IndexAway("gone")
        excluded = set(without)
        found = [node for node in self.nodes if node.city == city and node.id not in excluded]
        return [
            Retrieved(node.id, 1 - place / 1000) for place, node in enumerate(found[:limit])
        ]


class MemoryNodes:
    """The nodes of one city."""

    def __init__(self, nodes: Sequence[ActivityNode]) -> None:
        self.nodes = {node.id: node for node in nodes}

    async def load(self, city: str, ids: Iterable[UUID]) -> dict[UUID, ActivityNode]:
        return {node_id: self.nodes[node_id] for node_id in ids if node_id in self.nodes}

    async def best(self, city: str, limit: int, without: Iterable[UUID]) -> list[UUID]:
        excluded = set(without)
        ranked = sorted(self.nodes.values(), key=lambda node: -node.quality)
        return [node.id for node in ranked if node.id not in excluded][:limit]
