"""Opens the connection pool to Redis; what is asked of it stands in each domain's redis.py."""

from typing import Any

from redis.asyncio import Connection, Redis, SSLConnection
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionLost

from shared.runtime.settings import Settings


class _Sending(AbstractConnection):
    """Says of a connection that was reset that it is lost, as redis-py does, and so sends anew.

    Under uvloop writing to one is a RuntimeError, which redis-py takes for a mistake of its caller.
    """

    async def send_packed_command(self, *command: Any, **options: Any) -> None:
        """Send a command; raise ConnectionError where the connection is lost."""
        try:
            await super().send_packed_command(*command, **options)
        except RuntimeError as error:
            raise ConnectionLost(str(error)) from error


class _Plain(_Sending, Connection):
    """A connection to `redis://`."""


class _Encrypted(_Sending, SSLConnection):
    """A connection to `rediss://`."""


def open_redis(settings: Settings) -> Redis:
    """Return a client of REDIS_URL whose every command ends within half a second.

    A trip asks Redis up to five times in a row, and must come within 8 s also where Redis hangs.
    """
    client = Redis.from_url(
        settings["REDIS_URL"],
        decode_responses=True,
        socket_timeout=0.5,
        socket_connect_timeout=0.5,
        max_connections=100,
        # A pooled connection to a Redis that was restarted is found dead only when it is used.
        retry=Retry(NoBackoff(), 1, (ConnectionLost,)),
    )
    pool = client.connection_pool
    pool.connection_class = (
        _Encrypted if issubclass(pool.connection_class, SSLConnection) else _Plain
    )
    return client
