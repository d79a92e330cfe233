"""One contract, two stores of nodes: what holds in memory holds in Postgres."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from itertools import count
from uuid import UUID

import pytest

from shared.nodes.city import City, CityUnknown
from shared.nodes.draft import NodeDraft
from shared.nodes.node import ActivityNode, Position, node_id
from shared.nodes.postgres import Nodes
from shared.runtime.postgres import Pool
from tests.builders import NOON, a_city, a_node, a_vector
from tests.fakes import MemoryNodes

Store = MemoryNodes | Nodes
_TOWNS = count()


@dataclass
class Town:
    """A city of one test's own, in one of the stores."""

    store: Store
    slug: str
    hide: Callable[[UUID], Awaitable[None]]

    @property
    def city(self) -> City:
        return a_city(self.slug)

    def draft(self, name: object, space: int = 1, **changes: object) -> NodeDraft:
        ref = f"sample:{name}"
        node = a_node(name, **{"id": node_id(self.slug, ref), "city": self.slug, **changes})  # type: ignore[arg-type]
        return NodeDraft(node, ref, a_vector(name), space)

    async def write(self, *drafts: NodeDraft) -> list[UUID]:
        await self.store.save(drafts, NOON)
        return [draft.node.id for draft in drafts]

    async def read(self, found: UUID) -> ActivityNode:
        return (await self.store.load(self.slug, [found]))[found]


@pytest.fixture(params=["memory", "postgres"])
async def town(request: pytest.FixtureRequest, pool: Pool) -> Town:
    store: Store = MemoryNodes() if request.param == "memory" else Nodes(pool)

    async def hide(hidden: UUID) -> None:
        if isinstance(store, MemoryNodes):
            store.hide(hidden)
        else:
            await pool.execute("UPDATE activity_nodes SET hidden = true WHERE id = $1", hidden)

    town = Town(store, f"town-{next(_TOWNS)}", hide)
    await store.save_city(town.city, NOON)
    return town


async def test_a_city_plans_no_trip_before_it_is_seeded(town: Town) -> None:
    with pytest.raises(CityUnknown, match=town.slug):
        await town.store.find_city(town.slug)
    snapshot = await town.store.mark_seeded(town.slug, NOON)
    assert await town.store.find_city(town.slug) == replace(town.city, snapshot=snapshot)


async def test_a_city_that_is_listed_anew_is_corrected_and_keeps_its_snapshot(town: Town) -> None:
    snapshot = await town.store.mark_seeded(town.slug, NOON)
    await town.store.save_city(replace(town.city, name="Emerald City", snapshot="listed"), NOON)
    found = await town.store.find_city(town.slug)
    assert (found.name, found.snapshot) == ("Emerald City", snapshot)


async def test_a_node_is_read_as_it_was_written(town: Town) -> None:
    draft = town.draft(
        "Milstead",
        cuisine="bakery",
        position=Position(47.65, -122.35),
        opening_hours="Mo-Su 07:00-19:00",
        hours_source="typical",
        summary="Careful espresso.",
        vibe_tags=("bookish", "quiet"),
        quality_signals={"quote": "Mine.", "posts": {"reddit": 2}, "evidence_sha256": "abc"},
        cross_ref_confidence=0.35,
        source_tier=2,
    )
    (written,) = await town.write(draft)
    assert await town.read(written) == draft.node


async def test_only_the_citys_own_nodes_are_loaded(town: Town) -> None:
    (written,) = await town.write(town.draft("here"))
    gone = node_id(town.slug, "sample:gone")
    assert set(await town.store.load(town.slug, [written, gone])) == {written}
    assert await town.store.load("elsewhere", [written]) == {}


async def test_the_best_are_those_that_evidence_carries_first_without_the_hidden(
    town: Town,
) -> None:
    unknown, low, high, hidden, left_out = await town.write(
        town.draft("unknown", cross_ref_confidence=None),
        town.draft("low", cross_ref_confidence=0.2),
        town.draft("high", cross_ref_confidence=0.9),
        town.draft("hidden", cross_ref_confidence=1.0),
        town.draft("left out", cross_ref_confidence=1.0),
    )
    await town.hide(hidden)
    assert await town.store.best(town.slug, 9, [left_out]) == [high, low, unknown]
    assert await town.store.best(town.slug, 1, [left_out]) == [high]


async def test_the_best_of_equals_are_always_the_same(town: Town) -> None:
    ids = await town.write(*(town.draft(n, cross_ref_confidence=0.5) for n in range(20)))
    assert await town.store.best(town.slug, 20, []) == sorted(ids, key=str)


async def test_the_digest_of_a_nodes_evidence_is_kept(town: Town) -> None:
    with_digest, without = await town.write(
        town.draft("a", quality_signals={"evidence_sha256": "d1"}), town.draft("b")
    )
    assert await town.store.evidence(town.slug) == {with_digest: "d1", without: None}


async def test_writing_a_node_again_replaces_what_a_source_says_and_no_more(town: Town) -> None:
    (written,) = await town.write(town.draft("x", summary="Old."))
    await town.hide(written)
    assert await town.write(town.draft("x", summary="New.")) == [written]
    node = await town.read(written)
    assert (node.summary, node.hidden) == ("New.", True)


async def test_points_are_the_vectors_of_one_space(town: Town) -> None:
    draft = town.draft("a", category="museum")
    await town.write(draft, town.draft("b", space=2))
    (point,) = await town.store.points(town.slug, 1)
    assert (point.id, point.city, point.category) == (draft.node.id, town.slug, "museum")
    assert point.vector == pytest.approx(draft.vibe_embedding, abs=1e-6)


async def test_a_snapshot_that_nothing_changed_is_the_same(town: Town) -> None:
    await town.write(town.draft("a"), town.draft("b"))
    first = await town.store.mark_seeded(town.slug, NOON)
    await town.write(town.draft("b"), town.draft("a"))
    assert await town.store.mark_seeded(town.slug, NOON) == first


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Other"},
        {"category": "bar"},
        {"cuisine": "thai"},
        {"summary": "New."},
        {"vibe_tags": ("lively",)},
    ],
    ids=lambda change: str(next(iter(change))),
)
async def test_whatever_a_ranking_can_see_of_a_node_is_in_the_snapshot(
    change: dict[str, object], town: Town
) -> None:
    draft = town.draft("a", cuisine="italian")
    await town.write(draft)
    first = await town.store.mark_seeded(town.slug, NOON)
    changed = replace(draft, node=replace(draft.node, **change))  # type: ignore[arg-type]
    await town.write(changed)
    assert await town.store.mark_seeded(town.slug, NOON) != first


async def test_a_node_that_comes_or_hides_changes_the_snapshot(town: Town) -> None:
    (first_node,) = await town.write(town.draft("a"))
    first = await town.store.mark_seeded(town.slug, NOON)
    await town.write(town.draft("b"))
    second = await town.store.mark_seeded(town.slug, NOON)
    await town.hide(first_node)
    third = await town.store.mark_seeded(town.slug, NOON)
    assert len({first, second, third}) == 3


async def test_of_drafts_that_one_breaks_none_is_written(pool: Pool) -> None:
    town = Town(Nodes(pool), f"town-{next(_TOWNS)}", None)  # type: ignore[arg-type]
    await town.store.save_city(town.city, NOON)
    with pytest.raises(Exception, match="check constraint"):
        await town.write(town.draft("good"), town.draft("bad", source_tier=9))
    assert await town.store.evidence(town.slug) == {}
