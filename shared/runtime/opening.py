"""What a function process holds open: joined at the first request, able to say if it is well."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from shared.runtime import log
from shared.runtime.errors import TryAgain
from shared.runtime.settings import Settings, read_settings

Check = Callable[[], Awaitable[object]]
D = TypeVar("D")

_CHECK_SECONDS = 2.0


# SQLSTATE classes of a database that broke off (08), is full (53), or is restarting (57).
_PASSING_STATES = ("08", "53", "57")
# What asyncpg says of a connection whose server has just gone; by name, for this file is no driver.
_PASSING_NAMES = frozenset({"InterfaceError", "InternalClientError"})


class EngineUnreachable(TryAgain):
    """An engine that the function cannot do without did not answer."""

    def __init__(self) -> None:
        super().__init__("A part of our system is restarting; send the same request again shortly.")


def will_pass(error: BaseException) -> bool:
    """Return whether an engine was away, so that the same call may succeed a little later."""
    state = getattr(error, "sqlstate", None) or ""
    gone = type(error).__name__ in _PASSING_NAMES
    return gone or isinstance(error, OSError) or state.startswith(_PASSING_STATES)


class Opening:
    """The settings to open drivers with, and the health checks that they leave behind."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.checks: dict[str, Check] = {}

    def check(self, name: str, check: Check) -> None:
        """Remember how to ask the engine `name` whether it is well."""
        self.checks[name] = check


class Joined(Generic[D]):
    """A function's drivers, joined by the first request while the others wait for it."""

    def __init__(self, join: Callable[[Opening], Awaitable[D]]) -> None:
        self._join = join
        self._lock = asyncio.Lock()
        self._drivers: D | None = None
        self._opening: Opening | None = None

    async def drivers(self) -> D:
        """Return the drivers; raise EngineUnreachable where one fails: the next call tries anew."""
        if self._drivers is not None:
            return self._drivers
        async with self._lock:
            if self._drivers is None:
                opening = Opening(read_settings())
                try:
                    self._drivers = await self._join(opening)
                except Exception as error:
                    if not will_pass(error):
                        raise
                    log.failure("drivers.unreachable", error)
                    raise EngineUnreachable from error
                self._opening = opening
        return self._drivers

    async def examine(self) -> dict[str, str]:
        """Return each engine's name with `ok` or what is wrong with it."""
        try:
            await self.drivers()
        except EngineUnreachable as error:
            return {"drivers": repr(error.__cause__)}
        assert self._opening is not None
        names = list(self._opening.checks)
        found = await asyncio.gather(*(_examine(self._opening.checks[name]) for name in names))
        return dict(zip(names, found, strict=True))


async def _examine(check: Check) -> str:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            await check()
    except TimeoutError:
        return f"no answer within {_CHECK_SECONDS:g} s"
    except Exception as error:  # noqa: BLE001 - whatever is wrong is what the check reports
        return f"{type(error).__name__}: {error}"
    return "ok"
