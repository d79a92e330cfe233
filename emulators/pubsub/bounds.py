"""Owns how values out of bounds are refused, in the service's words."""

from typing import Any

from emulators.pubsub.errors import ArgumentInvalid

MINUTE, HOUR, DAY = 60, 3600, 86400


def seconds(duration: Any) -> float:
    """A google.protobuf.Duration in seconds."""
    return float(duration.seconds + duration.nanos / 1e9)


def check_range(what: str, value: int, low: int, high: int) -> None:
    """Refuses a count outside low..high."""
    if low <= value <= high:
        return
    size, bound, limit = ("small", "minimum", low) if value < low else ("large", "maximum", high)
    raise ArgumentInvalid(
        f"The value for {what} is too {size}. You passed {value} in the request, "
        f"but the {bound} value is {limit}."
    )


def check_between(what: str, duration: Any, low: int, high: int) -> None:
    """Refuses a duration outside low..high seconds."""
    if not low <= seconds(duration) <= high:
        raise ArgumentInvalid(
            f"The value for {what} is out of bounds. You passed {spoken(seconds(duration))} in the "
            f"request, but the value must be between {spoken(low)} and {spoken(high)}."
        )


def check_at_least(what: str, duration: Any, low: int) -> None:
    """Refuses a duration under `low` seconds."""
    if seconds(duration) < low:
        raise ArgumentInvalid(
            f"The value for {what} is too small. You passed {spoken(seconds(duration))} in the "
            f"request, but the minimum value is {spoken(low)}."
        )


def spoken(value: float) -> str:
    """Seconds as the service writes them: 599 -> "9m59s", 86400 -> "24h"."""
    hours, rest = divmod(value, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    parts = ((hours, "h"), (minutes, "m"), (rest, "s"))
    return "".join(f"{part:g}{unit}" for part, unit in parts if part) or "0s"
