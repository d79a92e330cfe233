"""Who is due for a new persona, what it is made of, and that nothing newer is overwritten."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.nodes.postgres import Nodes
from shared.personas.gate import ColdUserSentToModel, admit
from shared.personas.postgres import Personas, Travellers
from shared.personas.refreshing import Profile, Shard
from shared.personas.traveller import MadeOf, Persona
from shared.runtime.postgres import Pool
from shared.signals.postgres import insert
from tests.builders import NOON, TOMBSTONES, a_city, a_draft, a_node, a_persona, a_signal, an_id
from tests.shared.personas.places import days

ALL = Shard(0, 1)
TONIGHT = NOON + timedelta(hours=12)
MADE_OF = MadeOf(tags=2, liked=3, passed=1, signals_until=NOON)
PERSONA = replace(a_persona(), made_of=MADE_OF)


@pytest.fixture
async def users(pool: Pool) -> AsyncIterator[Travellers]:
    """Nobody is there but whom the test lets in; the places Milstead and SAM are."""
    nodes = Nodes(pool)
    await nodes.save_city(a_city(), NOON)
    museum = a_node("SAM", "museum", vibe_tags=("historic",))
    await nodes.save([a_draft(a_node()), a_draft(museum)], NOON)
    yield Travellers(pool, TOMBSTONES)
    await pool.execute("DELETE FROM users")
    await pool.execute("DELETE FROM behavioral_signals")


async def say(pool: Pool, user: str, at: datetime = NOON, **changes: object) -> None:
    name = f"{user} {at} {changes}"
    facts = {"user_id": user, "created_at": at, "occurred_at": at, **changes}
    async with pool.acquire() as connection:
        await insert(connection, a_signal(name, **facts))


async def due(pool: Pool, shard: Shard = ALL, after: str = "", limit: int = 100) -> list[str]:
    found = await Personas(pool).due(shard, after, TONIGHT, TONIGHT - timedelta(minutes=2), limit)
    return [profile.user_id for profile in found]


async def test_what_a_persona_was_made_of_comes_back_with_it(users: Travellers) -> None:
    await users.enter("me", NOON)
    await users.save_onboarding("me", {"food": ["ramen"]}, None, PERSONA)
    persona = (await users.load("me")).persona
    assert persona is not None
    assert persona.made_of == MADE_OF


async def test_whoever_answered_without_a_persona_is_due(pool: Pool, users: Travellers) -> None:
    await users.enter("me", NOON)
    assert await due(pool) == []
    await say(pool, "me")
    (profile,) = await Personas(pool).due(ALL, "", TONIGHT, TONIGHT, 10)
    assert profile == Profile("me", {}, "balanced", None, None)


@pytest.mark.parametrize(
    ("at", "changes", "is_due"),
    [
        (NOON + timedelta(seconds=1), {}, True),
        (NOON, {}, False),
        (TONIGHT - timedelta(seconds=119), {}, False),
        (NOON + timedelta(hours=1), {"signal_type": "slot_view"}, False),
        (NOON + timedelta(hours=1), {"signal_type": "pivot_ignore"}, False),
        (NOON + timedelta(hours=1), {"origin": "backfill"}, True),
        (NOON + timedelta(hours=1), {"signal_type": "thumbs_down"}, True),
        (NOON + timedelta(hours=1), {"occurred_at": NOON - days(300), "origin": "backfill"}, True),
    ],
)
async def test_news_are_answers_that_arrived_since_the_persona(
    at: datetime, changes: dict[str, object], is_due: bool, pool: Pool, users: Travellers
) -> None:
    await users.enter("me", NOON)
    await users.save_onboarding("me", {}, None, PERSONA)
    await say(pool, "me", at, **changes)
    assert await due(pool) == (["me"] if is_due else [])


async def test_anothers_answers_are_no_news(pool: Pool, users: Travellers) -> None:
    await users.enter("me", NOON)
    await users.enter("other", NOON)
    await say(pool, "other")
    assert await due(pool) == ["other"]


@pytest.mark.parametrize(
    ("persona", "is_due"),
    [
        (replace(PERSONA, source="template", updated_at=TONIGHT - timedelta(hours=13)), True),
        (replace(PERSONA, source="template", updated_at=TONIGHT - timedelta(hours=11)), False),
        (replace(PERSONA, updated_at=TONIGHT - timedelta(hours=13)), False),
        (replace(PERSONA, space_version=0), True),
        (replace(PERSONA, space_version=0, updated_at=TONIGHT), False),
    ],
)
async def test_a_template_is_tried_again_after_a_night_and_another_space_at_once(
    persona: Persona, is_due: bool, pool: Pool, users: Travellers
) -> None:
    await users.enter("me", NOON)
    await users.save_onboarding("me", {}, None, persona)
    assert await due(pool) == (["me"] if is_due else [])


async def test_shards_share_travellers_out_and_pages_follow_each_other(
    pool: Pool, users: Travellers
) -> None:
    everyone = {f"user-{number:02d}" for number in range(40)}
    for user in sorted(everyone):
        await users.enter(user, NOON)
        await say(pool, user)
    shards = [await due(pool, Shard(index, 4)) for index in range(4)]
    assert sorted(user for shard in shards for user in shard) == sorted(everyone)
    assert all(shards)
    first = await due(pool, limit=15)
    assert first == sorted(everyone)[:15]
    assert await due(pool, after=first[-1]) == sorted(everyone)[15:]


async def test_a_renewed_persona_is_due_no_more(pool: Pool, users: Travellers) -> None:
    await users.enter("me", NOON)
    await say(pool, "me")
    made_of = replace(MADE_OF, signals_until=TONIGHT - timedelta(minutes=2))
    renewed = replace(PERSONA, updated_at=TONIGHT, made_of=made_of)
    assert await Personas(pool).renew("me", renewed, None)
    assert await due(pool) == []
    persona = (await users.load("me")).persona
    assert persona is not None
    assert replace(persona, embedding=()) == replace(renewed, embedding=())


async def test_an_onboarding_saved_meanwhile_is_not_overwritten(
    pool: Pool, users: Travellers
) -> None:
    await users.enter("me", NOON)
    seen = (await users.load("me")).persona
    assert seen is None
    await users.save_onboarding("me", {"food": ["ramen"]}, None, PERSONA)
    assert not await Personas(pool).renew("me", replace(PERSONA, description="Late."), None)
    persona = (await users.load("me")).persona
    assert persona is not None
    assert persona.description == "Loves ramen."


async def test_whoever_left_is_not_renewed(pool: Pool, users: Travellers) -> None:
    assert not await Personas(pool).renew("gone", PERSONA, None)
    assert await pool.fetchval("SELECT count(*) FROM users") == 0


async def test_answers_come_with_their_place_once_a_type_and_none_from_after(
    pool: Pool, users: Travellers
) -> None:
    sam = an_id("SAM")
    await say(pool, "me")
    await say(pool, "me", NOON - days(1), origin="backfill")
    await say(pool, "me", activity_node_id=sam, signal_type="slot_skip")
    await say(pool, "me", NOON + days(1), activity_node_id=sam)
    await say(pool, "me", signal_type="slot_view", activity_node_id=sam)
    await say(pool, "other", activity_node_id=sam)
    await say(pool, "me", activity_node_id=an_id("a place that is gone"))
    answers = await Personas(pool).answers("me", NOON)
    said = {(answer.name, answer.signal_type): answer for answer in answers}
    assert said.keys() == {("Milstead", "slot_accept"), ("SAM", "slot_skip")}
    assert len(answers) == 2
    assert said["Milstead", "slot_accept"].weight == 1.0
    skip = said["SAM", "slot_skip"]
    assert (skip.category, skip.vibe_tags, skip.occurred_at) == ("museum", ("historic",), NOON)


async def test_no_mixture_of_other_signals_passes_the_gate(pool: Pool, users: Travellers) -> None:
    """Nineteen choices, however often repeated, and a thousand things that are none."""
    await users.enter("me", NOON)
    for number in range(19):
        for again, kind in enumerate(("slot_accept", "slot_skip", "thumbs_up", "slot_accept")):
            at, slot = NOON + timedelta(seconds=again), an_id(number)
            fast = {"time_to_action_ms": 100}
            await say(pool, "me", at, signal_type=kind, slot_id=slot, context=fast)
    for number in range(100):
        noise = {"slot_id": an_id(f"noise {number}")}
        await say(pool, "me", signal_type=("slot_view", "pivot_ignore")[number % 2], **noise)
        await say(pool, "me", origin=("backfill", "system")[number % 2], **noise)
    traveller = await users.load("me")
    assert traveller.choice_count == 19
    with pytest.raises(ColdUserSentToModel, match="19 of 20 choices"):
        admit([traveller])
    await say(pool, "me", slot_id=an_id("the twentieth"))
    assert admit([await users.load("me")]).members[0].choice_count == 20
