"""The stack's clock and its backlogs, by the emulators' own routes."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime

import httpx

from emulators.travellers.errors import SimulationFailed, StackBusy

BACKLOGS = ("scheduler", "jobs", "tasks", "pubsub")
"""The emulators that work may wait in, in the order in which it runs through them."""
_ROUNDS = 2
_PATIENCE_S = 900


class StackTime:
    """Moves the one clock, forward only; `addresses` is what `python -m emulators` wrote."""

    def __init__(self, http: httpx.AsyncClient, addresses: Mapping[str, Mapping[str, str]]) -> None:
        self._http = http
        self._urls = {
            name: addresses[name].get("http") or addresses[name]["admin"]
            for name in BACKLOGS
            if name in addresses
        }
        self._offset = 0.0
        self.quiet_s = 0.0

    def now(self) -> float:
        """Unix seconds on the stack's clock, as of its last answer."""
        return time.time() + self._offset

    async def read(self) -> datetime:
        """The stack's time."""
        await self._move({"advance_s": 0})
        return datetime.fromtimestamp(self.now(), UTC)

    async def advance_to(self, at: datetime) -> None:
        """Waits for quiet and sets the clock to `at`; one that is later already is left alone."""
        await self.until_quiet()
        if self.now() < at.timestamp():
            await self._move({"set": at.isoformat()})

    async def until_quiet(self) -> None:
        """Returns once no backlog holds anything that is due; raises StackBusy.

        Two rounds: what the last emulator delivers may give the first one work again.
        """
        began = time.monotonic()
        for _ in range(_ROUNDS):
            for name, url in self._urls.items():
                await self._idle(name, url)
        self.quiet_s += time.monotonic() - began

    async def _idle(self, name: str, url: str) -> None:
        wait = f"{url}/_emulator/idle?timeout_s={_PATIENCE_S}"
        answer = await self._http.get(wait, timeout=_PATIENCE_S + 30)
        if answer.is_error:
            raise StackBusy(f"{name} was not idle within {_PATIENCE_S} s: {answer.text[:500]}")

    async def _move(self, body: Mapping[str, object]) -> None:
        url = next(iter(self._urls.values()))
        answer = await self._http.post(f"{url}/_emulator/clock", json=body)
        if answer.is_error:
            raise SimulationFailed(f"The clock was not moved: {answer.text[:500]}")
        self._offset = answer.json()["now"] - time.time()
