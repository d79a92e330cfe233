"""Opens the connection pool to Redis; what is asked of it stands in each domain's redis.py."""

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionLost

from shared.runtime.settings import Settings


def open_redis(settings: Settings) -> Redis:
    """Return a client of REDIS_URL whose every command ends within half a second.

    A trip asks Redis up to five times in a row, and must come within 8 s also where Redis hangs.
    """
    return Redis.from_url(
        settings["REDIS_URL"],
        decode_responses=True,
        socket_timeout=0.5,
        socket_connect_timeout=0.5,
        max_connections=100,
        # A pooled connection to a Redis that was restarted is found dead only when it is used.
        retry=Retry(NoBackoff(), 1, (ConnectionLost,)),
    )
