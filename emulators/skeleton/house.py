"""Owns what every emulator is given to start and what it hands back once it runs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from emulators.skeleton.clock import Clock
from emulators.skeleton.identity import Identity


@dataclass(frozen=True, slots=True)
class House:
    """What all emulators of one process share. A port that is absent or 0 means a free one."""

    data_dir: Path
    clock: Clock
    identity: Identity
    options: dict[str, str] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Running:
    """A started emulator: where it listens, by face ("grpc", "admin", "http"), and how to stop it.

    `addresses["grpc"]` is host:port; the others are base URLs without a slash at the end.
    """

    name: str
    addresses: dict[str, str]
    stop: Callable[[], Awaitable[None]]
