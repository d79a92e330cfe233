"""A user is created once; a choice counts once; a persona comes back as it was stored."""

import asyncio
from dataclasses import replace
from itertools import count

import pytest

from shared.personas.postgres import Travellers
from shared.personas.traveller import Person
from shared.runtime.postgres import Pool
from shared.signals.postgres import Signals
from shared.signals.types import CLIENT_SIGNALS
from tests.builders import NOON, TOMBSTONES, a_persona, a_signal, an_id
from tests.databases import widen
from tests.shared.waiting import until

CHOICES = {
    "slot_accept", "slot_skip", "slot_swap", "pivot_accept", "pivot_dismiss", "thumbs_up",
    "thumbs_down",
}  # fmt: skip
_USERS = count()


@pytest.fixture
def travellers(pool: Pool) -> Travellers:
    return Travellers(pool, TOMBSTONES)


@pytest.fixture
async def user(travellers: Travellers) -> str:
    """Someone who has entered."""
    person = await travellers.enter(f"user-{next(_USERS)}", NOON)
    return person.id


async def choices(pool: Pool, user: str) -> int:
    return (await Travellers(pool, TOMBSTONES).load(user)).choice_count


async def signal(pool: Pool, user: str, name: object, **changes: object) -> None:
    await Signals(pool, TOMBSTONES).store([a_signal(f"{user} {name}", user_id=user, **changes)])


async def test_a_first_visit_creates_a_traveller_without_rights(travellers: Travellers) -> None:
    assert await travellers.enter("new", NOON) == Person("new", "traveller")


async def test_first_visits_that_race_create_one_user(pool: Pool) -> None:
    await widen(pool)
    people = await asyncio.gather(
        *(Travellers(pool, TOMBSTONES).enter("racer", NOON) for _ in range(10))
    )
    assert set(people) == {Person("racer", "traveller")}
    assert await pool.fetchval("SELECT count(*) FROM users WHERE id = 'racer'") == 1


async def test_whoever_loses_the_race_is_the_user_whom_the_winner_made(pool: Pool) -> None:
    async with pool.acquire() as winner:
        transaction = winner.transaction()
        await transaction.start()
        made = "INSERT INTO users (id, role, created_at) VALUES ('loser', 'admin', $1)"
        await winner.execute(made, NOON)
        entering = asyncio.create_task(Travellers(pool, TOMBSTONES).enter("loser", NOON))
        blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        await until(lambda: winner.fetchval(blocked))
        await transaction.commit()
    assert await entering == Person("loser", "admin")


async def test_coming_again_changes_nothing(pool: Pool, travellers: Travellers, user: str) -> None:
    await pool.execute("UPDATE users SET role = 'admin' WHERE id = $1", user)
    assert (await travellers.enter(user, NOON)).is_admin
    created = await pool.fetchval("SELECT created_at FROM users WHERE id = $1", user)
    assert created == NOON


async def test_whoever_just_entered_is_cold_balanced_and_unknown(
    travellers: Travellers, user: str
) -> None:
    traveller = await travellers.load(user)
    assert (traveller.persona, traveller.choice_count, traveller.pace) == (None, 0, "balanced")
    assert traveller.onboarding_tags == {}


async def test_a_persona_comes_back_as_it_was_stored(travellers: Travellers, user: str) -> None:
    await travellers.save_onboarding(user, {"food": ["ラーメン"]}, "slow", a_persona())
    traveller = await travellers.load(user)
    assert (traveller.onboarding_tags, traveller.pace) == ({"food": ["ラーメン"]}, "slow")
    assert traveller.persona is not None
    assert traveller.persona.embedding == pytest.approx(a_persona().embedding, abs=1e-7)
    assert replace(traveller.persona, embedding=()) == replace(a_persona(), embedding=())


async def test_without_a_pace_the_earlier_one_is_kept(travellers: Travellers, user: str) -> None:
    await travellers.save_onboarding(user, {"food": []}, "full", a_persona())
    await travellers.save_onboarding(user, {"art": []}, None, a_persona())
    traveller = await travellers.load(user)
    assert (traveller.pace, traveller.onboarding_tags) == ("full", {"art": []})


@pytest.mark.parametrize("signal_type", [*CLIENT_SIGNALS, "slot_swap"])
async def test_choices_count_and_looks_do_not(signal_type: str, pool: Pool, user: str) -> None:
    await signal(pool, user, 1, signal_type=signal_type)
    assert await choices(pool, user) == (1 if signal_type in CHOICES else 0)


async def test_a_slot_of_a_trip_counts_once_a_ranking(pool: Pool, user: str) -> None:
    await signal(pool, user, "accept")
    await signal(pool, user, "then skip", signal_type="slot_skip")
    await signal(pool, user, "and thumbs", signal_type="thumbs_up")
    assert await choices(pool, user) == 1
    await signal(pool, user, "another slot", slot_id=an_id("b"))
    await signal(pool, user, "another trip", trip_id=an_id("b"))
    await signal(pool, user, "another ranking", ranking_id=an_id("b"))
    assert await choices(pool, user) == 4


@pytest.mark.parametrize("origin", ["backfill", "system"])
async def test_what_was_not_done_in_the_app_never_warms(origin: str, pool: Pool, user: str) -> None:
    await signal(pool, user, 1, origin=origin)
    assert await choices(pool, user) == 0


async def test_others_choices_are_not_ones_own(pool: Pool, user: str) -> None:
    await signal(pool, "someone-else", 1)
    assert await choices(pool, user) == 0


async def test_the_twentieth_choice_warms(pool: Pool, travellers: Travellers, user: str) -> None:
    for number in range(19):
        await signal(pool, user, number, slot_id=an_id(number))
    assert (await travellers.load(user)).is_cold
    await signal(pool, user, 19, slot_id=an_id(19))
    assert not (await travellers.load(user)).is_cold
