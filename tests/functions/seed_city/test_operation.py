"""Seeding writes places from what locals wrote; it repeats nothing, and loses nothing it has."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from functions.seed_city.operation import Ports, SeedRequest, VibesNotExtracted, seed
from shared.nodes.city import CityUnknown
from shared.nodes.node import node_id
from shared.runtime.errors import TryAgain
from shared.sources.evidence import Evidence
from shared.sources.post import CityListing, Post, Venue
from shared.spend.llm import LlmUnavailable, Question
from tests.builders import NOON, a_listing, a_post, a_vector, a_venue
from tests.fakes import MemoryIndex, MemoryNodes, ScriptedLlm, plain_answer

SEATTLE = SeedRequest(city="seattle")
QUERY = a_vector("anything")


@dataclass
class Source:
    """Twenty cafés, each spoken of by one local."""

    listed: list[Venue] = field(default_factory=lambda: [a_venue(n) for n in range(20)])
    written: list[Post] = field(default_factory=lambda: [a_post(n) for n in range(20)])

    async def city(self, slug: str) -> CityListing:
        return a_listing(slug)

    async def venues(self, slug: str) -> list[Venue]:
        return self.listed

    async def posts(self, slug: str) -> list[Post]:
        return self.written


@dataclass
class MemoryPosts:
    kept: dict[object, Post] = field(default_factory=dict)

    async def save(self, city: str, evidence: Sequence[Evidence], at: datetime) -> int:
        self.kept.update({post.key: post for item in evidence for post in item.posts})
        return len(self.kept)


class Encoder:
    def __init__(self) -> None:
        self.sentences: list[str] = []

    async def to_vibes(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        self.sentences += texts
        return [a_vector(text) for text in texts]


class World:
    def __init__(self) -> None:
        self.source, self.posts = Source(), MemoryPosts()
        self.nodes, self.index = MemoryNodes(), MemoryIndex()
        self.encoder, self.llm = Encoder(), ScriptedLlm()

    async def seed(self, request: SeedRequest = SEATTLE) -> dict[str, Any]:
        ports = Ports(self.source, self.nodes, self.posts, self.index, self.encoder, self.llm)
        return await seed(request, ports, NOON)

    def node(self, number: int) -> Any:
        return self.nodes.nodes[node_id("seattle", f"sample:seattle:{number}")]


async def test_every_place_becomes_a_node_with_evidence_and_a_vector_in_the_index() -> None:
    world = World()
    done = await world.seed()
    assert (done["nodes"], done["written"], done["unchanged"], done["posts"]) == (20, 20, 0, 20)
    node = world.node(3)
    assert (node.name, node.vibe_tags, node.summary) == ("Place 3", ("quiet",), "A calm room.")
    assert (node.cross_ref_confidence, node.source_tier) == (0.35, 2)
    assert len(world.posts.kept) == 20
    assert await world.index.count("seattle", 1) == 20


async def test_the_vector_embeds_the_canonical_sentence_and_never_a_post() -> None:
    world = World()
    await world.seed()
    assert set(world.encoder.sentences) == {"coffee shop: quiet. A calm room."}


async def test_the_city_opens_for_trips_with_the_snapshot_that_is_answered() -> None:
    world = World()
    done = await world.seed()
    assert (await world.nodes.find_city("seattle")).snapshot == done["snapshot"]


async def test_a_second_run_asks_nothing_and_changes_nothing() -> None:
    world = World()
    first = await world.seed()
    world.llm.asked.clear()
    second = await world.seed()
    assert world.llm.asked == []
    assert (second["written"], second["unchanged"]) == (0, 20)
    assert second["snapshot"] == first["snapshot"]


async def test_one_new_post_asks_about_its_place_alone() -> None:
    world = World()
    await world.seed()
    world.llm.asked.clear()
    world.source.written.append(a_post(7, author="someone new"))
    done = await world.seed()
    assert done["written"] == 1
    (question,) = world.llm.asked
    assert question.schema["properties"]["places"]["items"]["properties"]["place"]["enum"] == [
        "p00"
    ]
    assert world.node(7).cross_ref_confidence == 0.5775  # 1 - 0.65²


async def test_a_failed_question_keeps_what_the_others_brought_and_raises() -> None:
    world = World()
    answers = iter([None, LlmUnavailable("overloaded"), None])

    def second_fails(question: Question) -> dict[str, Any]:
        failure = next(answers)
        if failure is not None:
            raise failure
        return plain_answer(question)

    world.llm = ScriptedLlm(second_fails)
    with pytest.raises(VibesNotExtracted, match=r"8 places have no vibes yet.*\(overloaded\)"):
        await world.seed()
    assert issubclass(VibesNotExtracted, TryAgain)
    assert len(world.nodes.nodes) == 12
    assert await world.index.count("seattle", 1) == 12
    with pytest.raises(CityUnknown):  # a half-seeded city plans no trip
        await world.nodes.find_city("seattle")

    world.llm = ScriptedLlm()
    done = await world.seed()
    assert (done["written"], done["unchanged"]) == (8, 12)
    assert len(world.llm.asked) == 1


async def test_an_answer_that_leaves_a_place_out_is_no_answer_for_any_of_its_group() -> None:
    world = World()
    world.llm = ScriptedLlm(lambda question: {"places": plain_answer(question)["places"][1:]})
    with pytest.raises(VibesNotExtracted, match=r"20 places .*garbage"):
        await world.seed()
    assert world.nodes.nodes == {}


async def test_a_place_no_local_wrote_of_is_a_node_without_confidence_and_costs_no_call() -> None:
    world = World()
    world.source.written = [a_post(n, source="guide") for n in range(20)]
    await world.seed()
    assert world.llm.asked == []
    node = world.node(0)
    assert (node.cross_ref_confidence, node.source_tier, node.vibe_tags) == (None, 3, ())


async def test_a_kind_of_place_that_no_trip_can_hold_is_left_out() -> None:
    world = World()
    world.source.listed[0] = a_venue(0, category="car_wash")
    done = await world.seed()
    assert done["nodes"] == 19


async def test_a_limit_counts_the_places_that_a_trip_can_hold() -> None:
    world = World()
    world.source.listed[0] = a_venue(0, category="car_wash")
    assert (await world.seed(SeedRequest(city="seattle", limit=5)))["nodes"] == 5
    again = await world.seed()
    assert (again["written"], again["unchanged"]) == (14, 5)


async def test_a_node_that_was_hidden_stays_hidden_when_it_is_written_anew() -> None:
    world = World()
    await world.seed()
    hidden = world.node(2)
    world.nodes.hide(hidden.id)
    world.source.written.append(a_post(2, author="someone new"))
    await world.seed()
    assert world.node(2).hidden
    found = await world.index.nearest("seattle", QUERY, 1, 200)
    assert hidden.id not in {hit.node_id for hit in found}


async def test_at_most_eight_questions_are_asked_at_once() -> None:
    world = World()
    world.source.listed = [a_venue(n) for n in range(200)]
    world.source.written = [a_post(n) for n in range(200)]
    llm = Crowded()
    world.llm = llm
    await world.seed()
    assert len(llm.asked) == 25
    assert llm.most == 8


class Crowded(ScriptedLlm):
    """Counts how many questions are open at once."""

    def __init__(self) -> None:
        super().__init__()
        self.open = self.most = 0

    async def ask(self, question: Question, seconds: float) -> Any:
        self.open += 1
        self.most = max(self.most, self.open)
        for _ in range(5):
            await asyncio.sleep(0)
        self.open -= 1
        return await super().ask(question, seconds)


@pytest.mark.parametrize(
    "body",
    [
        {"city": "Seattle"},
        {"city": "../etc"},
        {"city": "seattle", "limit": 0},
        {"city": "seattle", "limit": 100_001},
        {"city": "seattle", "limit": True},
        {"city": "seattle", "source": "elsewhere"},
        {"city": "seattle", "url": "http://evil"},
    ],
)
def test_a_request_that_seeding_does_not_take_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SeedRequest.model_validate(body)
