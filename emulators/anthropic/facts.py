"""Owns the facts that a passage states: a name, a kind, tags, topics with values, sentences."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from emulators.anthropic.words import sentences

_KEYED = re.compile(r"^[\s\-*•]*([A-Za-z][A-Za-z_ -]{0,30}?)\s*[:=]\s*(\S.*)$")
_TAG = re.compile(r"^[a-z]+(?:[-_ ][a-z]+){0,2}$")
_ROLES = {
    "name": "name",
    "title": "name",
    "category": "kind",
    "kind": "kind",
    "type": "kind",
    "tags": "tags",
    "vibes": "tags",
    "vibe_tags": "tags",
    "about": "about",
    "description": "about",
    "evidence": "about",
    "line": "about",
    "note": "about",
    "summary": "about",
    "why": "about",
}
_MANY_WORDS = 4


@dataclass(slots=True)
class Facts:
    """What one passage says, as written there; `chosen` are the kinds of places someone likes."""

    name: str = ""
    kind: str = ""
    tags: list[str] = field(default_factory=list)
    topics: dict[str, list[str]] = field(default_factory=dict)
    about: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)

    @property
    def is_place(self) -> bool:
        """Whether they tell of a thing with a name or a kind."""
        return bool(self.name or self.kind)

    def add(self, key: str, values: list[str]) -> None:
        """Notes `values` under `key`, which may be one of the known roles or a topic."""
        values = [value for value in values if value]
        role = _ROLES.get(key.strip().lower().replace(" ", "_"))
        if not values or key == "id":
            return
        if role == "name":
            self.name = self.name or ", ".join(values)
        elif role == "kind":
            self.kind = self.kind or ", ".join(values)
        elif role == "tags":
            self.tags.extend(values)
        elif role == "about":
            self.about.extend(sentences(", ".join(values)))
        else:
            self.topics.setdefault(key.strip().replace("_", " ").lower(), []).extend(values)


def read(text: str, attributes: Mapping[str, str]) -> Facts:
    """The facts of a passage: its attributes and what its text states.

    That is a JSON object, or any mix of `key: a, b` lines, ` | ` lines (name | kind | tags | one
    line) and plain sentences.
    """
    facts = Facts()
    for key, value in attributes.items():
        facts.add(key, _keyed_values(key, html.unescape(value)))
    if (stated := _json_object(text)) is not None:
        for key, told in stated.items():
            facts.add(key, _flat(told))
        return facts
    for line in html.unescape(text).splitlines():
        if " | " in line:
            _add_columns(facts, [column.strip() for column in line.split(" | ")])
        elif keyed := _KEYED.match(line):
            facts.add(keyed[1], _keyed_values(keyed[1], keyed[2]))
        else:
            facts.about.extend(sentences(line))
    return facts


def _add_columns(facts: Facts, columns: list[str]) -> None:
    for column in columns:
        values = _values(column)
        if not facts.name:
            facts.name = column
        elif not facts.kind and len(values) == 1 and _TAG.match(column):
            facts.kind = column
        elif values and all(_TAG.match(value) for value in values):
            facts.tags.extend(values)
        elif len(column.split()) >= _MANY_WORDS:
            facts.about.extend(sentences(column))
        elif values:
            facts.topics.setdefault("area", []).extend(values)


def _keyed_values(key: str, text: str) -> list[str]:
    role = _ROLES.get(key.strip().lower().replace(" ", "_"))
    return [text.strip()] if role in ("name", "kind", "about") else _values(text)


def _values(text: str) -> list[str]:
    return [value.strip().rstrip(".") for value in re.split(r"[,;]", text) if value.strip()]


def _json_object(text: str) -> dict[str, object] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        stated = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return stated if isinstance(stated, dict) else None


def _flat(value: object) -> list[str]:
    if isinstance(value, dict):
        return [one for inner in value.values() for one in _flat(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in _flat(inner)]
    return [] if value is None else [str(value)]
