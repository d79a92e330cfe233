"""The names that the rows of someone who left go by: one for each trip, known to nobody."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

SIMULATED: Final = "simulated-"
"""What the id of a simulated traveller starts with (migration 0003); it is kept."""


class Pseudonyms:
    """Fresh names for one person's stories: a trip is one, and so is a signal without a trip.

    `new_id` is the only source of a name, so that it follows from nothing that is stored.
    """

    def __init__(self, user_id: str, new_id: Callable[[], UUID]) -> None:
        label = SIMULATED if user_id.startswith(SIMULATED) else ""
        self._prefix = f"{label}forgotten-"
        self._new_id = new_id
        self._names: dict[UUID, str] = {}

    def of(self, story: UUID) -> str:
        """Return the story's name, made when it is first asked for."""
        if story not in self._names:
            self._names[story] = f"{self._prefix}{self._new_id().hex}"
        return self._names[story]
