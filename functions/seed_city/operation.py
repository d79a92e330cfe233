"""Seeds a city: source → posts → vibes (closed taxonomy) → nodes with vectors → index."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.nodes.city import City
from shared.nodes.draft import NodeDraft
from shared.nodes.node import ActivityNode
from shared.nodes.point import NodePoint
from shared.nodes.sentences import node_sentence
from shared.runtime import log
from shared.runtime.errors import TryAgain
from shared.sources.evidence import Evidence, gather
from shared.sources.extract import EDITION, PLACES_A_QUESTION, Vibes, ask_for_vibes, read_vibes
from shared.sources.post import CityListing, Post, Venue
from shared.spaces.archetypes import SPACE_VERSION
from shared.spend.llm import Llm, LlmUnavailable

_ASK_SECONDS = 60.0
_QUESTIONS_AT_ONCE = 8
_NO_VIBES = Vibes((), "", None, None)


class SeedRequest(BaseModel):
    """The body of `POST /api/v1/admin/seed-city`; `limit` counts nodes, from an empty city."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    city: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
    source: Literal["sample"] = "sample"
    limit: Annotated[int, Field(ge=1, le=100_000, strict=True)] | None = None


class VibesNotExtracted(TryAgain):
    """The language model left places unanswered; what was extracted is kept for the next try."""

    def __init__(self, missing: int, outcome: str) -> None:
        super().__init__(
            f"{missing} places have no vibes yet because the language model was unavailable "
            f"({outcome}); send the same request again to go on."
        )


class Source(Protocol):
    """Where a city's places and posts come from."""

    async def city(self, slug: str) -> CityListing:
        """Return the city's listing."""

    async def venues(self, slug: str) -> list[Venue]:
        """Return the places in the source's order."""

    async def posts(self, slug: str) -> list[Post]:
        """Return the posts about them."""


class Nodes(Protocol):
    """The truth about cities and nodes."""

    async def save_city(self, city: City, at: datetime) -> None:
        """Create or correct the city."""

    async def evidence(self, city: str) -> dict[UUID, str | None]:
        """Return the digest of the evidence that each node was written from."""

    async def save(self, drafts: Sequence[NodeDraft], at: datetime) -> None:
        """Create or replace nodes, all or none."""

    async def points(self, city: str, space_version: int) -> list[NodePoint]:
        """Return the city's vectors."""

    async def mark_seeded(self, city: str, at: datetime) -> str:
        """Open the city for trips and return its snapshot."""


class Posts(Protocol):
    """Where posts are kept."""

    async def save(self, city: str, evidence: Sequence[Evidence], at: datetime) -> int:
        """Store the posts, linked to their nodes; return how many."""


class Index(Protocol):
    """The vector index."""

    async def save(self, points: Sequence[NodePoint], space_version: int) -> None:
        """Put points into the index."""


class Encoder(Protocol):
    """Texts in the vibe space."""

    async def to_vibes(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return each text's 64 dimensions."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What seeding needs of the world."""

    source: Source
    nodes: Nodes
    posts: Posts
    index: Index
    encoder: Encoder
    llm: Llm


async def seed(request: SeedRequest, ports: Ports, at: datetime) -> dict[str, Any]:
    """Return what was done.

    A place whose evidence has not changed is left as it is, so that a second run asks the language
    model nothing and a run that broke off goes on where it was. Raises the source's errors, and
    VibesNotExtracted after keeping what was extracted.
    """
    listing = await ports.source.city(request.city)
    evidence = await _read(request, ports.source)
    await ports.nodes.save_city(listing.city(), at)
    known = await ports.nodes.evidence(request.city)
    fresh = [item for item in evidence if _is_new(item, request.city, known)]
    failures = await _write(fresh, request.city, ports, at)
    points = await ports.nodes.points(request.city, SPACE_VERSION)
    await ports.index.save(points, SPACE_VERSION)
    if failures:
        raise VibesNotExtracted(sum(failures.values()), ", ".join(sorted(failures)))
    snapshot = await ports.nodes.mark_seeded(request.city, at)
    log.event("city.seeded", city=request.city, nodes=len(points), written=len(fresh))
    return {
        "city": request.city,
        "source": request.source,
        "snapshot": snapshot,
        "nodes": len(points),
        "written": len(fresh),
        "unchanged": len(evidence) - len(fresh),
        "posts": sum(len(item.posts) for item in evidence),
    }


async def _read(request: SeedRequest, source: Source) -> list[Evidence]:
    venues, posts = await asyncio.gather(source.venues(request.city), source.posts(request.city))
    known_kinds = [venue for venue in venues if venue.is_known_kind]
    return gather(known_kinds[: request.limit], posts)


def _is_new(item: Evidence, city: str, known: Mapping[UUID, str | None]) -> bool:
    digest = known.get(item.venue.node(city).id)
    return digest is None or digest != _digest(item)


def _digest(item: Evidence) -> str:
    return item.digest(f"{EDITION}.s{SPACE_VERSION}")


async def _write(
    fresh: Sequence[Evidence], city: str, ports: Ports, at: datetime
) -> dict[str, int]:
    """Extract and store group by group; return how many places failed, by reason."""
    gate = asyncio.Semaphore(_QUESTIONS_AT_ONCE)
    failures: dict[str, int] = {}

    async def write_group(group: Sequence[Evidence]) -> None:
        async with gate:
            try:
                vibes = await _extract(group, ports.llm)
            except LlmUnavailable as error:
                failures[error.outcome] = failures.get(error.outcome, 0) + len(group)
                return
        nodes = [_node(item, found, city) for item, found in zip(group, vibes, strict=True)]
        vectors = await ports.encoder.to_vibes([_sentence(node) for node in nodes])
        drafts = [
            NodeDraft(node, item.venue.source_ref, vector, SPACE_VERSION)
            for node, item, vector in zip(nodes, group, vectors, strict=True)
        ]
        await ports.nodes.save(drafts, at)
        await ports.posts.save(city, group, at)

    await asyncio.gather(*(write_group(group) for group in _groups(fresh)))
    return failures


def _groups(evidence: Sequence[Evidence]) -> Iterator[Sequence[Evidence]]:
    for start in range(0, len(evidence), PLACES_A_QUESTION):
        yield evidence[start : start + PLACES_A_QUESTION]


async def _extract(group: Sequence[Evidence], llm: Llm) -> list[Vibes]:
    """Return the vibes of each place; a place that no local wrote of is not asked about."""
    spoken_of = [item for item in group if item.local]
    if not spoken_of:
        return [_NO_VIBES] * len(group)
    answer = await llm.ask(ask_for_vibes(spoken_of), _ASK_SECONDS)
    found = iter(read_vibes(answer, spoken_of))
    return [next(found) if item.local else _NO_VIBES for item in group]


def _node(item: Evidence, vibes: Vibes, city: str) -> ActivityNode:
    return replace(
        item.venue.node(city),
        summary=vibes.summary,
        vibe_tags=tuple(sorted(vibes.tags)),
        quality_signals={
            "quote": vibes.quote,
            "quote_source": vibes.quote_source,
            "posts": item.counts(),
            "evidence_sha256": _digest(item),
        },
        cross_ref_confidence=item.confidence(),
        source_tier=item.tier(),
    )


def _sentence(node: ActivityNode) -> str:
    kind = f"{node.cuisine} {node.category}" if node.cuisine else node.category
    return node_sentence(kind, node.vibe_tags, node.summary)
