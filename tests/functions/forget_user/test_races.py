"""Whatever runs while a person leaves: afterwards no row carries their id."""

import asyncio
import random
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from functions.forget_user.operation import forget
from shared.forgetting.tombstone import PersonForgotten
from shared.idempotency.claim import RequestInProgress, make_claim
from shared.outbox.postgres import Outbox
from shared.outbox.send import Sender
from shared.runtime.postgres import Pool
from tests.builders import NOON
from tests.databases import widen
from tests.functions.forget_user.lives import Deed, Journey, Life, Town
from tests.functions.forget_user.scan import read_all, spells

ROUNDS = 12
ONE_TRIP = (Journey(days=1, deeds=(Deed(0), Deed(1))),)


@pytest.fixture
async def town(pool: Pool) -> Town:
    """A city without people."""
    made = Town(pool)
    await made.found()
    await widen(pool)
    return made


async def leave(town: Town, user_id: str) -> dict[str, object]:
    return await forget(user_id, town.moment(), uuid4(), uuid4(), town.erasure)


async def relay(town: Town) -> None:
    """What relay_outbox does, with the messages of everyone."""
    outbox = Outbox(town.pool)
    messages = await outbox.claim(NOON + timedelta(days=1), 100)
    await outbox.settle(await Sender(topics=town.post, tasks=town.post).send(messages, 5), NOON)


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_whoever_leaves_amid_their_own_requests_leaves_no_row_behind(
    town: Town, seed: int
) -> None:
    chance = random.Random(seed)
    user_id = f"leaver-{uuid4().hex}"
    (trip_id,) = await town.live(Life(user_id, ONE_TRIP, letters=1, claims=2))

    async def soon(work: object) -> object:
        await asyncio.sleep(chance.random() * 0.15)
        return await work  # type: ignore[misc]

    def plan() -> object:
        return town.plan(user_id, uuid4(), town.moment())

    claim = make_claim(user_id, "/api/v1/trips", "key", b"{}", uuid4())
    work = [
        leave(town, user_id),
        plan(),
        plan(),
        town.onboard(user_id),
        town.claim(user_id, trip_id),
        town.keys.take(claim, NOON, timedelta(seconds=15)),
        *(town.act(user_id, trip_id, [], Deed(number), town.moment()) for number in range(6)),
        town.travellers.enter(user_id, NOON),
        relay(town),
    ]
    ends = await asyncio.gather(*map(soon, work), return_exceptions=True)
    wrong = [
        end
        for end in ends
        if isinstance(end, BaseException)
        and not isinstance(end, PersonForgotten | RequestInProgress)
    ]
    assert not wrong
    assert isinstance(ends[0], dict), "the one who leaves gets the receipt"
    assert not [row for row in await read_all(town.pool) if spells(row.text, user_id)]


async def test_of_two_who_leave_at_once_one_gets_the_receipt(town: Town) -> None:
    await town.live(Life("twice-over-here", ONE_TRIP))
    ends = await asyncio.gather(
        *(leave(town, "twice-over-here") for _ in range(6)), return_exceptions=True
    )
    assert Counter(type(end) for end in ends) == {dict: 1, PersonForgotten: 5}
    assert [message.target for message in town.post.sent].count("traveller-left") == 1


async def test_a_trip_planned_while_its_traveller_leaves_is_refused_and_not_stored(
    town: Town,
) -> None:
    await town.enter("planning-and-leaving")
    planning = asyncio.create_task(town.plan("planning-and-leaving", uuid4(), town.moment()))
    await asyncio.sleep(0)
    await leave(town, "planning-and-leaving")
    with pytest.raises(PersonForgotten):
        await planning
    for table in ("trips", "itinerary_slots", "behavioral_signals"):
        assert await town.pool.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_whoever_left_does_not_enter_again(town: Town) -> None:
    await town.live(Life("gone-for-good", ONE_TRIP))
    await leave(town, "gone-for-good")
    for _ in range(2):
        with pytest.raises(PersonForgotten):
            await town.travellers.enter("gone-for-good", NOON)
    with pytest.raises(PersonForgotten):
        await town.onboard("gone-for-good")
    with pytest.raises(PersonForgotten):
        await leave(town, "gone-for-good")
    assert await town.pool.fetchval("SELECT count(*) FROM users") == 0


async def test_an_erasure_that_breaks_off_leaves_everything_as_it_was(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.live(Life("still-with-us", ONE_TRIP, letters=1, claims=2))
    before = sorted(row.text for row in await read_all(town.pool))

    async def breaks(*args: object) -> None:
        raise ConnectionError("postgres went away")

    with monkeypatch.context() as patched:
        patched.setattr("shared.outbox.postgres.promise", breaks)
        with pytest.raises(ConnectionError):
            await leave(town, "still-with-us")
    assert sorted(row.text for row in await read_all(town.pool)) == before
    assert (await leave(town, "still-with-us"))["erased"] == {
        "users": 1,
        "trips": 1,
        "signals": 3,
        "idempotency_keys": 2,
        "outbox": 19,
        "parked_messages": 4,
    }
