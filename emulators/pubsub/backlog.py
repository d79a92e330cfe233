"""Owns what one subscription still has to deliver, and in which order it may."""

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any


@dataclass(slots=True, eq=False)
class Delivery:
    """One message on its way to one subscription.

    `failures` counts nacks and expired deadlines. `lease` is the unix second at which an
    outstanding delivery expires, None while nobody holds it; `let_go` tells the holder when
    that ends.
    """

    id: int
    message: Any
    failures: int = 0
    lease: float | None = None
    let_go: Callable[["Delivery"], None] | None = None
    gone: bool = False

    @property
    def attempt(self) -> int:
        """1 at the first delivery."""
        return self.failures + 1


class Backlog:
    """Messages that are ready, wait for a later time, or wait behind one with the same key.

    With ordering, only the oldest message of a key is ever out; the next follows its
    acknowledgement. `gone` deliveries are skipped where they lie.
    """

    def __init__(self, *, ordered: bool) -> None:
        self.by_id: dict[int, Delivery] = {}
        self._ordered = ordered
        self._ready: deque[Delivery] = deque()
        self._later: list[tuple[float, int, Delivery]] = []
        self._leases: list[tuple[float, int, Delivery]] = []
        self._behind: dict[str, deque[Delivery]] = {}
        self._turn = count()

    def __len__(self) -> int:
        return len(self.by_id)

    @property
    def ready(self) -> int:
        """How many lie ready, gone ones included."""
        return len(self._ready)

    def add(self, delivery: Delivery) -> None:
        """Takes a new message in, behind those already there."""
        self.by_id[delivery.id] = delivery
        key = self._key(delivery)
        if key is None:
            self._ready.append(delivery)
        elif key in self._behind:
            self._behind[key].append(delivery)
        else:
            self._behind[key] = deque()
            self._ready.append(delivery)

    def take(self, *, last: bool = False) -> Delivery | None:
        """The next ready delivery (the newest one if `last`), None when there is none."""
        while self._ready:
            delivery = self._ready.pop() if last else self._ready.popleft()
            if not delivery.gone:
                return delivery
        return None

    def finish(self, delivery: Delivery) -> None:
        """Forgets a delivery: acknowledged, expired or sent elsewhere."""
        delivery.gone = True
        del self.by_id[delivery.id]
        key = self._key(delivery)
        if key is None:
            return
        if behind := self._behind[key]:
            self._ready.append(behind.popleft())
        else:
            del self._behind[key]

    def again(self, delivery: Delivery) -> None:
        """Makes a delivery ready at once, ahead of what is newer."""
        self._ready.appendleft(delivery)

    def again_at(self, delivery: Delivery, due: float) -> None:
        """Makes a delivery ready at unix second `due`, behind what is ready by then."""
        heapq.heappush(self._later, (due, next(self._turn), delivery))

    def lease(self, delivery: Delivery, until: float) -> None:
        """Notes that a subscriber holds a delivery until unix second `until`, or longer now."""
        delivery.lease = until
        heapq.heappush(self._leases, (until, next(self._turn), delivery))

    def ripen(self, now: float) -> None:
        """Makes ready what is due by `now`."""
        while self._later and self._later[0][0] <= now:
            delivery = heapq.heappop(self._later)[2]
            if not delivery.gone:
                self._ready.append(delivery)

    def lapsed(self, now: float) -> list[Delivery]:
        """The deliveries whose lease ends by `now`, each once."""
        found = []
        while self._leases and self._leases[0][0] <= now:
            until, _, delivery = heapq.heappop(self._leases)
            if delivery.lease == until and not delivery.gone:
                found.append(delivery)
        return found

    def next_due(self) -> float | None:
        """When `ripen` or `lapsed` may have something to do, if ever."""
        while self._leases and self._leases[0][2].lease != self._leases[0][0]:
            heapq.heappop(self._leases)
        tops = [heap[0][0] for heap in (self._later, self._leases) if heap]
        return min(tops, default=None)

    def _key(self, delivery: Delivery) -> str | None:
        return (delivery.message.ordering_key or None) if self._ordered else None
