"""Owns which tasks of a queue wait until when, and which are due, oldest first."""

import heapq
import itertools


class Timetable:
    """Task ids with the time from which each may run. An id stands in it at most once."""

    def __init__(self) -> None:
        self._later: list[tuple[float, int, str]] = []
        self._places: dict[str, int] = {}
        self._numbers = itertools.count()
        self.due: dict[str, None] = {}

    def put(self, task_id: str, at: float) -> None:
        """Lets `task_id` wait until `at`, wherever it stood before."""
        self.drop(task_id)
        place = next(self._numbers)
        self._places[task_id] = place
        heapq.heappush(self._later, (at, place, task_id))

    def drop(self, task_id: str) -> None:
        """Takes `task_id` out, if it is there."""
        self._places.pop(task_id, None)
        self.due.pop(task_id, None)

    def clear(self) -> None:
        """Takes everything out."""
        self._later.clear()
        self._places.clear()
        self.due.clear()

    def ripen(self, now: float) -> None:
        """Moves those whose time has come among the due."""
        while self._later and (self._later[0][0] <= now or self._is_stale(self._later[0])):
            entry = heapq.heappop(self._later)
            if not self._is_stale(entry):
                del self._places[entry[2]]
                self.due[entry[2]] = None

    def pop(self) -> str:
        """Takes out the task that has been due longest."""
        task_id = next(iter(self.due))
        del self.due[task_id]
        return task_id

    @property
    def next_at(self) -> float | None:
        """When the next one will be due; call after `ripen`."""
        return self._later[0][0] if self._later else None

    def _is_stale(self, entry: tuple[float, int, str]) -> bool:
        return self._places.get(entry[2]) != entry[1]
