"""Owns the injected faults of one emulator: which of the next calls fail, wait or are cut off."""

import asyncio
from dataclasses import dataclass, field
from typing import Any


class FaultsRejected(ValueError):
    """The faults asked for are not of the documented shape."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What to do to one call instead of serving it."""

    status: int
    disconnect: bool = False


_FIELDS: dict[str, tuple[type, ...]] = {
    "fail_next": (int,),
    "status": (int,),
    "match": (str,),
    "latency_ms": (int, float),
    "disconnect_next": (int,),
}


@dataclass(slots=True)
class Faults:
    """Faults for the next calls whose name contains `match` (all calls when it is empty).

    `extra` names further whole-number keys that an emulator understands, e.g. duplicate_next;
    they count down through `take`.
    """

    extra: tuple[str, ...] = ()
    fail_next: int = 0
    status: int = 503
    match: str = ""
    latency_ms: float = 0
    disconnect_next: int = 0
    left: dict[str, int] = field(default_factory=dict)

    def set(self, body: dict[str, Any]) -> None:
        """Replaces all faults by the JSON `body`; {} clears. Raises FaultsRejected."""
        for key, value in body.items():
            _check(key, value, self.extra)
        self.clear()
        for key, value in body.items():
            if key in self.extra:
                self.left[key] = value
            else:
                setattr(self, key, value)

    def clear(self) -> None:
        """Removes all faults."""
        self.fail_next, self.status, self.match = 0, 503, ""
        self.latency_ms, self.disconnect_next = 0, 0
        self.left.clear()

    def take(self, key: str) -> bool:
        """Uses up one of the extra fault `key`; False when none is left."""
        left = self.left.get(key, 0)
        self.left[key] = max(0, left - 1)
        return left > 0

    async def meet(self, name: str) -> Fault | None:
        """Waits the latency and returns the fault that the call `name` meets, if any."""
        if self.match not in name:
            return None
        if self.latency_ms:
            await asyncio.sleep(self.latency_ms / 1000)
        if self.disconnect_next:
            self.disconnect_next -= 1
            return Fault(self.status, disconnect=True)
        if self.fail_next:
            self.fail_next -= 1
            return Fault(self.status)
        return None

    def state(self) -> dict[str, Any]:
        """The faults still to come, in the shape they were asked for."""
        return {key: getattr(self, key) for key in _FIELDS} | self.left


def _check(key: str, value: object, extra: tuple[str, ...]) -> None:
    kinds = (int,) if key in extra else _FIELDS.get(key)
    if kinds is None:
        allowed = ", ".join([*_FIELDS, *extra])
        raise FaultsRejected(f"Unknown fault {key!r}: use one of {allowed}.")
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise FaultsRejected(f"The fault {key!r} cannot be {value!r}.")
    if isinstance(value, int | float) and value < 0:
        raise FaultsRejected(f"The fault {key!r} cannot be negative.")
    if key == "status" and not 400 <= int(str(value)) <= 599:
        raise FaultsRejected(f"The status {value} is no error: use 400 to 599.")
