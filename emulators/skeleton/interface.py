"""Owns which network interface the servers of this process listen on."""

from contextvars import ContextVar

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104  # asked for by name, by a container whose ports are mapped

host: ContextVar[str] = ContextVar("host", default=LOOPBACK)


def reachable_host() -> str:
    """The address at which this machine itself reaches what listens on `host`."""
    return LOOPBACK if host.get() == EVERYWHERE else host.get()
