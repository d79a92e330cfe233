"""What ends a simulation, each with the sentence that says why.

SimulationFailed
├── CallRefused        the API refused a well-formed request, or broke on it
├── AnswerUnreadable   it answered in a form that is not its own
├── NoAnswer           it asked for patience once too often
└── StackBusy          a backlog did not empty
"""

from typing import Any

import httpx


class SimulationFailed(Exception):
    """The simulation cannot go on."""


class CallRefused(SimulationFailed):
    """The API refused a well-formed request, or broke on it: a bug of one of the two."""

    def __init__(self, user: str, call: str, answer: httpx.Response) -> None:
        super().__init__(
            f"{call} by {user} was answered {answer.status_code}: {answer.text[:2_000]}"
        )


class NoAnswer(SimulationFailed):
    """The API could not be reached, or asked for patience once too often."""

    def __init__(self, user: str, call: str, tries: int, last: str) -> None:
        super().__init__(f"{call} by {user} was tried {tries} times; the last: {last}.")


class AnswerUnreadable(SimulationFailed):
    """The API took the request and answered something else than it is known for."""

    def __init__(self, user: str, call: str, answer: Any) -> None:
        super().__init__(f"{call} by {user} was answered in no known form: {str(answer)[:2_000]}")


class StackBusy(SimulationFailed):
    """A backlog did not empty."""
