"""Opens the connection pool to Redis; what is asked of it stands in each domain's redis.py."""

from redis.asyncio import Redis

from shared.runtime.settings import Settings


def open_redis(settings: Settings) -> Redis:
    """Return a client of REDIS_URL whose every command ends within two seconds."""
    return Redis.from_url(
        settings["REDIS_URL"],
        decode_responses=True,
        socket_timeout=2.0,
        socket_connect_timeout=1.0,
        max_connections=100,
    )
