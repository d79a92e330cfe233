"""One contract, two caches: what holds in memory holds in Redis."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from redis.asyncio import Redis

from shared.ranking.cells import CellRanking
from shared.ranking.rank_cells import CacheAway
from shared.ranking.redis import RedisCells
from shared.runtime.redis import open_redis
from shared.runtime.settings import Settings
from shared.trips.redis import RedisNarratives
from tests.builders import a_cell_ranking
from tests.fakes import MemoryCells
from tests.shared.waiting import until

Cells = MemoryCells | RedisCells
LONG = 10.0
"""Seconds that no test waits out."""


@pytest.fixture(params=["memory", "redis"])
def cells(request: pytest.FixtureRequest) -> Cells:
    if request.param == "memory":
        return MemoryCells()
    return RedisCells(request.getfixturevalue("own_redis"))


@pytest.fixture
async def nowhere() -> AsyncIterator[Redis]:
    """A Redis at which nobody listens."""
    client = open_redis(Settings({"REDIS_URL": "redis://127.0.0.1:1/0"}))
    yield client
    await client.aclose()


@pytest.fixture(params=["memory", "redis"])
def lost_cells(request: pytest.FixtureRequest, nowhere: Redis) -> Cells:
    if request.param == "redis":
        return RedisCells(nowhere)
    cells = MemoryCells()
    cells.away = True
    return cells


async def test_what_is_put_is_read_in_the_order_asked_for(cells: Cells) -> None:
    await cells.put("a", a_cell_ranking(1, 2, 3))
    await cells.put("b", CellRanking(()))
    assert await cells.read(["b", "c", "a"]) == [CellRanking(()), None, a_cell_ranking(1, 2, 3)]


async def test_the_later_ranking_replaces_the_earlier(cells: Cells) -> None:
    await cells.put("a", a_cell_ranking(1))
    await cells.put("a", a_cell_ranking(2))
    assert await cells.read(["a"]) == [a_cell_ranking(2)]


async def test_absent_names_what_holds_nothing_in_the_order_asked_for(cells: Cells) -> None:
    await cells.put("b", a_cell_ranking(1))
    assert await cells.absent(["c", "b", "a"]) == ["c", "a"]


async def test_one_caller_at_a_time_may_make_a_cell(cells: Cells) -> None:
    assert await cells.take_off("a", LONG)
    assert not await cells.take_off("a", LONG)
    assert await cells.take_off("b", LONG)
    await cells.land("a")
    assert await cells.take_off("a", LONG)


async def test_of_many_that_take_off_together_one_flies(cells: Cells) -> None:
    flying = await asyncio.gather(*(cells.take_off("a", LONG) for _ in range(20)))
    assert sum(flying) == 1


async def test_a_flight_that_never_lands_frees_its_cell_after_its_seconds(cells: Cells) -> None:
    await cells.take_off("a", 0.05)
    await until(lambda: cells.take_off("a", LONG))


async def test_whoever_waits_gets_what_the_flight_brings(cells: Cells) -> None:
    await cells.take_off("a", LONG)
    waiting = asyncio.create_task(cells.wait_for("a", LONG))
    await cells.put("a", a_cell_ranking(7))
    await cells.land("a")
    assert await waiting == a_cell_ranking(7)


async def test_whoever_waits_for_a_flight_that_gave_up_gets_nothing(cells: Cells) -> None:
    await cells.take_off("a", LONG)
    waiting = asyncio.create_task(cells.wait_for("a", LONG))
    await asyncio.sleep(0)
    await cells.land("a")
    assert await waiting is None


async def test_nobody_waits_longer_than_they_said(cells: Cells) -> None:
    await cells.take_off("a", LONG)
    with pytest.raises(TimeoutError):
        await cells.wait_for("a", 0.05)


async def test_a_cell_that_is_there_is_not_waited_for(cells: Cells) -> None:
    await cells.put("a", a_cell_ranking(1))
    await cells.take_off("a", LONG)
    assert await cells.wait_for("a", LONG) == a_cell_ranking(1)
    assert await cells.wait_for("nobody flies this", LONG) is None


async def test_landing_twice_harms_nobody(cells: Cells) -> None:
    await cells.take_off("a", LONG)
    await cells.land("a")
    await cells.land("a")


async def test_a_flight_that_outlived_its_seconds_does_not_end_the_next_one(
    own_redis: Redis,
) -> None:
    slow, next_one = RedisCells(own_redis), RedisCells(own_redis)
    await slow.take_off("a", 0.05)
    await until(lambda: next_one.take_off("a", LONG))
    await slow.land("a")
    assert not await slow.take_off("a", LONG)
    await next_one.land("a")
    assert await slow.take_off("a", LONG)


async def test_a_flight_whose_first_answer_was_lost_is_the_callers_when_it_is_sent_again(
    own_redis: Redis,
) -> None:
    sent: list[Any] = []

    class AnswerLost(RedisCells):
        async def twice(self, *command: Any, **options: Any) -> Any:
            sent.append(command)
            await own_redis.set(*command, **options)
            return await own_redis.set(*command, **options)

    cells = AnswerLost(own_redis)
    cells._redis = SimpleNamespace(set=cells.twice)  # type: ignore[assignment]
    assert await cells.take_off("a", LONG)
    assert not await RedisCells(own_redis).take_off("a", LONG)
    assert len(sent) == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda cells: cells.read(["a"]),
        lambda cells: cells.absent(["a"]),
        lambda cells: cells.put("a", a_cell_ranking(1)),
        lambda cells: cells.take_off("a", 1),
        lambda cells: cells.land("a"),
        lambda cells: cells.wait_for("a", 1),
    ],
    ids=["read", "absent", "put", "take_off", "land", "wait_for"],
)
async def test_a_cache_that_does_not_answer_says_so_whatever_is_asked(
    ask: Any, lost_cells: Cells
) -> None:
    with pytest.raises(CacheAway):
        await ask(lost_cells)


async def test_what_redis_keeps_goes_away_by_itself(own_redis: Redis) -> None:
    cells = RedisCells(own_redis)
    await cells.put("a", a_cell_ranking(1))
    await RedisNarratives(own_redis).put({"narrative:a": "Go."})
    assert 0 < await own_redis.ttl("a") <= 14 * 86400
    assert 0 < await own_redis.ttl("narrative:a") <= 30 * 86400


async def test_sentences_that_are_there_are_read_and_the_others_are_not_missed(
    own_redis: Redis,
) -> None:
    narratives = RedisNarratives(own_redis)
    await narratives.put({"a": "Go – früh!", "b": "Stay."})
    assert await narratives.read(["b", "x", "a"]) == {"a": "Go – früh!", "b": "Stay."}
    assert await narratives.read([]) == {}


async def test_without_redis_there_are_no_sentences_and_no_error(nowhere: Redis) -> None:
    assert await RedisNarratives(nowhere).read(["a"]) == {}
