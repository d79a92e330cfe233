"""The narratives' cache in Redis; a sentence that cannot be read is simply not there."""

from collections.abc import Mapping, Sequence

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.runtime import log

_KEPT_SECONDS = 30 * 24 * 3600


class RedisNarratives:
    """Sentences by key."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def read(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the sentences that are there; none of them where Redis is away."""
        if not keys:
            return {}
        try:
            values = await self._redis.mget(keys)
        except (RedisError, OSError) as error:
            log.failure("narratives.cache_away", error)
            return {}
        return {key: str(value) for key, value in zip(keys, values, strict=True) if value}

    async def put(self, sentences: Mapping[str, str]) -> None:
        """Keep the sentences."""
        pipeline = self._redis.pipeline(transaction=False)
        for key, sentence in sentences.items():
            pipeline.set(key, sentence, ex=_KEPT_SECONDS)
        await pipeline.execute()
