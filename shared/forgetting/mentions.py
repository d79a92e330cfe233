"""Whom a text that somebody sent us speaks of, however it is wrapped."""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

import orjson

# The data of a push envelope, also of one that was cut off in the middle when it was parked.
_DATA = re.compile(r'"data"\s*:\s*"([A-Za-z0-9+/=\s\\]*)')
_DEEPEST = 20
_NAMED = re.compile(r'"user_id"\s*:\s*"([^"\\]+)"')


def mentions(text: str, user_id: str) -> bool:
    """Return whether a JSON text, or base64 within it, holds the id as a value of its own.

    A text that is no JSON, or was cut off, is searched for the id between quotes. Part of a longer
    word is no mention: "ana" does not stand in "banana".
    """
    return any(word == user_id for word in _words(text, 0)) or _quotes(text, user_id)


def people_named(text: str) -> set[str]:
    """Return every `user_id` in a JSON text, or in what it wraps, also where it was cut off."""
    texts = [text, *(word for word in _words(text, 0) if word[:1] in ("{", "["))]
    texts += [inner for word in _words(text, 0) if (inner := _opened(word)) is not None]
    texts += [_cut_off(found[1]) for found in _DATA.finditer(text)]
    return {name for each in texts for name in _NAMED.findall(each)}


def _words(text: str, depth: int) -> Iterator[str]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return
    yield from _strings(value, depth)


def _strings(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        if depth < _DEEPEST and (inner := _opened(value)) is not None:
            yield from _words(inner, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, depth)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item, depth)


def _opened(value: str) -> str | None:
    """Return what a string wraps: itself where it looks like JSON, or its base64, decoded."""
    if value[:1] in ("{", "["):
        return value
    if len(value) < 8:
        return None
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        return None


def _quotes(text: str, user_id: str) -> bool:
    quoted = f'"{user_id}"'
    return quoted in text or any(quoted in _cut_off(found[1]) for found in _DATA.finditer(text))


def _cut_off(data: str) -> str:
    """Return the text of base64 that may end anywhere."""
    kept = re.sub(r"[^A-Za-z0-9+/]", "", data)
    return base64.b64decode(kept[: len(kept) // 4 * 4]).decode(errors="replace")
