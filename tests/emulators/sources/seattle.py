"""The bundled Seattle sample as the tests read it: lines, sentences and evidence of vibes."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from emulators.sources.samples import BUNDLED
from shared.nodes.taxonomy import VIBES

FOLDER: Final = BUNDLED / "seattle"
LOCAL: Final = frozenset({"reddit", "blog", "forum"})
Line = dict[str, Any]
Spot = tuple[str, str]

_SMALL_WORDS: Final = frozenset(
    {"a", "an", "and", "as", "at", "by", "each", "for", "from", "in", "is", "of", "on", "or"}
    | {"after", "over", "own", "the", "to", "who", "with"}
)


@cache
def city() -> Line:
    line: Line = json.loads((FOLDER / "city.json").read_text("utf-8"))
    return line


@cache
def venues() -> list[Line]:
    return _lines("venues.ndjson")


@cache
def posts() -> list[Line]:
    return _lines("posts.ndjson")


@cache
def landmarks() -> frozenset[Spot]:
    return frozenset(spot(venue) for venue in venues() if venue["landmark"])


def spot(line: Line) -> Spot:
    """What tells a venue apart: its name and neighbourhood, as a venue or as a post has them."""
    return str(line.get("place") or line["name"]), str(line["neighbourhood"])


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text)


def vibes_in(text: str) -> Iterator[str]:
    """The tags whose definition shares at least two words with the text, plurals apart."""
    said = _words(text)
    return (tag for tag, definition in VIBES.items() if len(said & _words(definition)) >= 2)


def _words(text: str) -> set[str]:
    found = re.findall(r"[a-z']+", text.lower())
    return {word.rstrip("s").replace("'", "") for word in found} - _SMALL_WORDS


def _lines(name: str) -> list[Line]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]
