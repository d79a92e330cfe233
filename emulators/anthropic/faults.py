"""Owns the faults that only a language model has, beside those every emulator knows."""

from dataclasses import dataclass
from typing import Any

from emulators.anthropic.errors import ApiError
from emulators.skeleton.faults import Faults, FaultsRejected

OVERLOADED = 529

# What the answer is turned into; see reply.py and server.py.
ANSWER_MODES = ("garbage", "refusal", "cut_off", "duplicates", "silence")
_ERRORS = {
    "429": "This request would exceed your organization's rate limit. Please try again later.",
    "500": "Internal server error",
    "529": "Overloaded",
}
_FIELDS = ("mode", "next", "match", "retry_after_s")


@dataclass(slots=True)
class AnswerFaults(Faults):
    """The skeleton's faults and {"mode", "next": 1, "match": text in the prompt}.

    With a mode, `match` is looked for in the prompt; without one, in the call's name as always.
    """

    mode: str = ""
    next: int = 0
    wanted: str = ""
    retry_after_s: float = 1

    def set(self, body: dict[str, Any]) -> None:
        """Replaces all faults by the JSON `body`; {} clears. Raises FaultsRejected."""
        if "mode" not in body:
            Faults.set(self, body)
            return
        _check(body)
        Faults.set(self, {key: value for key, value in body.items() if key not in _FIELDS})
        self.mode, self.next = body["mode"], body.get("next", 1)
        self.wanted = body.get("match", "")
        self.retry_after_s = body.get("retry_after_s", 1)

    def clear(self) -> None:
        """Removes all faults."""
        Faults.clear(self)
        self.mode, self.next, self.wanted, self.retry_after_s = "", 0, "", 1

    def state(self) -> dict[str, Any]:
        """The faults still to come, in the shape they were asked for."""
        if not self.next:
            return Faults.state(self)
        return Faults.state(self) | {"mode": self.mode, "next": self.next, "match": self.wanted}

    def meet_prompt(self, prompt: str) -> str:
        """The mode that this prompt meets, used up once; "" for none. Raises the error modes."""
        if not self.next or self.wanted not in prompt:
            return ""
        self.next -= 1
        if self.mode not in _ERRORS:
            return self.mode
        headers = {"retry-after": f"{self.retry_after_s:g}"} if self.mode == "429" else None
        raise ApiError(int(self.mode), _ERRORS[self.mode], headers)


def _check(body: dict[str, Any]) -> None:
    mode, count = body["mode"], body.get("next", 1)
    known = (*_ERRORS, *ANSWER_MODES)
    if mode not in known:
        raise FaultsRejected(f"Unknown mode {mode!r}: use one of {', '.join(known)}.")
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise FaultsRejected(f"'next' is a number of calls, not {count!r}.")
    if not isinstance(body.get("match", ""), str):
        raise FaultsRejected("'match' is a text looked for in the prompt.")
    wait = body.get("retry_after_s", 1)
    if not isinstance(wait, int | float) or wait < 0:
        raise FaultsRejected(f"'retry_after_s' is a number of seconds, not {wait!r}.")
