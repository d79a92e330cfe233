"""What stays of a signal's context when its traveller leaves."""

from collections.abc import Mapping
from typing import Any, Final

_KEPT: Final = ("day_of_trip", "day_part", "group_size")
_SECOND_MS: Final = 1000
_LONGEST_MS: Final = 60_000


def forget_context(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return the known fields that describe the moment, not the person.

    How long they hesitated is cut to whole seconds, a minute at most: to the millisecond it is a
    handwriting, and whether a skip was a fast one (under 2,000 ms) stays readable.
    """
    kept = {name: context[name] for name in _KEPT if name in context}
    hesitated = context.get("time_to_action_ms")
    if isinstance(hesitated, int):
        kept["time_to_action_ms"] = min(hesitated // _SECOND_MS * _SECOND_MS, _LONGEST_MS)
    return kept
