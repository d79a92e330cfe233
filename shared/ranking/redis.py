"""The cells' cache in Redis."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID, uuid4

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.ranking.cells import CellEntry, CellRanking
from shared.ranking.rank_cells import CacheAway

# A key names all that its value depends on; the expiry only clears editions that nobody asks for.
_KEPT_SECONDS = 14 * 24 * 3600
_POLL_SECONDS = 0.05
# A flight that outlived its seconds must not end the flight that another began after it.
_LAND = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""


class RedisCells:
    """Rankings of cells by key; a command that fails raises CacheAway."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._flying: dict[str, str] = {}

    async def read(self, keys: Sequence[str]) -> list[CellRanking | None]:
        """Return the rankings under the keys, in their order, by one MGET."""
        with _away():
            return [_load(value) for value in await self._redis.mget(keys)]

    async def absent(self, keys: Sequence[str]) -> list[str]:
        """Return the keys that hold nothing, by one pipeline."""
        with _away():
            pipeline = self._redis.pipeline(transaction=False)
            for key in keys:
                pipeline.exists(key)
            found = await pipeline.execute()
        return [key for key, exists in zip(keys, found, strict=True) if not exists]

    async def put(self, key: str, ranking: CellRanking) -> None:
        """Keep a ranking."""
        with _away():
            await self._redis.set(key, _dump(ranking), ex=_KEPT_SECONDS)

    async def take_off(self, key: str, seconds: float) -> bool:
        """Return whether the caller may make this cell; for `seconds` nobody else may."""
        ours, lasts = uuid4().hex, max(1, int(seconds * 1000))
        with _away():
            held = await self._redis.set(_flight(key), ours, nx=True, px=lasts, get=True)
        # Our own token: the client sent the command again after its first answer was lost.
        if held not in (None, ours):
            return False
        self._flying[key] = ours
        return True

    async def land(self, key: str) -> None:
        """Let others make this cell again, unless another has taken off since."""
        ours = self._flying.pop(key, "")
        with _away():
            await self._redis.eval(_LAND, 1, _flight(key), ours)

    async def wait_for(self, key: str, seconds: float) -> CellRanking | None:
        """Return the cell that somebody else is making, or None once they gave up."""
        async with asyncio.timeout(seconds):
            while True:
                with _away():
                    value, flying = await self._redis.mget([key, _flight(key)])
                if value is not None or flying is None:
                    return _load(value)
                await asyncio.sleep(_POLL_SECONDS)

    async def check(self) -> None:
        """Raise where Redis does not answer."""
        await self._redis.ping()


@contextmanager
def _away() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise CacheAway(repr(error)) from error


def _flight(key: str) -> str:
    return f"flight:{key}"


def _dump(ranking: CellRanking) -> bytes:
    return orjson.dumps([[str(entry.node_id), entry.band] for entry in ranking.entries])


def _load(value: bytes | str | None) -> CellRanking | None:
    if value is None:
        return None
    return CellRanking(tuple(CellEntry(UUID(node), band) for node, band in orjson.loads(value)))
