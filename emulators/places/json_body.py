"""Owns reading a request's JSON as the service reads protobuf JSON: names, types, its errors.

Names may be camelCase or snake_case, enums their names or numbers, numbers also text.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from emulators.places.errors import invalid, unknown_name, wrong_value

_SNAKE = re.compile(r"_([a-z0-9])")
_CAMEL = re.compile(r"([A-Z])")


class JsonObject:
    """One JSON object of a request; `at` is its path in snake_case, "" for the whole body."""

    def __init__(self, values: Mapping[str, Any], at: str = "") -> None:
        self._values = {camel(name): value for name, value in values.items() if value is not None}
        self._at = at

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def allow(self, *names: str) -> None:
        """Raises PlacesError 400 when another name stands in the object."""
        for name in self._values:
            if name not in names:
                raise unknown_name(name, self._at)

    def text(self, name: str) -> str:
        """A string; "" when absent."""
        value = self._values.get(name, "")
        if not isinstance(value, str):
            raise self._wrong(name, "TYPE_STRING", value)
        return value

    def texts(self, name: str) -> list[str]:
        """A list of strings."""
        value = self._values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(name, "TYPE_STRING", value)
        return value

    def flag(self, name: str) -> bool:
        """A boolean; False when absent."""
        value = self._values.get(name, False)
        if not isinstance(value, bool):
            raise self._wrong(name, "TYPE_BOOL", value)
        return value

    def whole(self, name: str) -> int:
        """A whole number of 32 bits; 0 when absent."""
        number = self._number(name, "TYPE_INT32")
        if number != int(number) or not -(2**31) <= number < 2**31:
            raise self._wrong(name, "TYPE_INT32", self._values[name])
        return int(number)

    def number(self, name: str) -> float:
        """A finite number; 0 when absent."""
        return self._number(name, "TYPE_DOUBLE")

    def choice(self, name: str, values: tuple[str, ...], kind: str) -> str:
        """An enum value by name or number; the first one when absent."""
        return self._choice(name, self._values.get(name, 0), values, kind)

    def choices(self, name: str, values: tuple[str, ...], kind: str) -> list[str]:
        """A list of enum values."""
        given = self._values.get(name, [])
        if not isinstance(given, list):
            raise self._wrong(name, kind, given)
        return [self._choice(name, value, values, kind) for value in given]

    def inner(self, name: str, *names: str) -> "JsonObject | None":
        """The object under `name`, in which only `names` may stand; None when absent."""
        if name not in self._values:
            return None
        value = self._values[name]
        if not isinstance(value, dict):
            raise self._wrong(name, "a JSON object", value)
        inner = JsonObject(value, self.path(name))
        inner.allow(*names)
        return inner

    def path(self, name: str) -> str:
        """How errors name a field of this object."""
        own = _CAMEL.sub(lambda match: "_" + match[1].lower(), name)
        return f"{self._at}.{own}" if self._at else own

    def canonical(self, *without: str) -> str:
        """The object as text that is the same for the same content, but for the names `without`."""
        kept = {name: value for name, value in self._values.items() if name not in without}
        return json.dumps(kept, sort_keys=True)

    def _number(self, name: str, kind: str) -> float:
        value = self._values.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise self._wrong(name, kind, value)
        try:
            number = float(value)
        except (ValueError, OverflowError):
            raise self._wrong(name, kind, value) from None
        if not math.isfinite(number):
            raise self._wrong(name, kind, value)
        return number

    def _choice(self, name: str, value: object, values: tuple[str, ...], kind: str) -> str:
        if isinstance(value, str) and value in values:
            return value
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(values):
            return values[value]
        raise self._wrong(name, kind, value)

    def _wrong(self, name: str, kind: str, value: object) -> Exception:
        return wrong_value(self.path(name), kind, json.dumps(value)[:200])


def parse(body: bytes) -> JsonObject:
    """The JSON object of a request's body. Raises PlacesError 400."""
    try:
        values = json.loads(body or b"{}")
        json.dumps(values, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "nested too deep"
        raise invalid(f"Invalid JSON payload received. {reason}") from error
    if not isinstance(values, dict):
        raise invalid("Invalid JSON payload received. Root must be an object.")
    return JsonObject(values)


def camel(name: str) -> str:
    """text_query → textQuery."""
    return _SNAKE.sub(lambda match: match[1].upper(), name)
