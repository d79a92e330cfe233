"""Owns what is told of a place: a sentence or more of its own facts, for one kind of reader."""

import re
import zlib
from collections.abc import Iterator

from emulators.anthropic.asks import Length
from emulators.anthropic.facts import Facts
from emulators.anthropic.overlap import Weights, closeness
from emulators.anthropic.wording import capital, cut, listed, told, words
from emulators.anthropic.words import fold, terms

_OPENINGS = {
    "morning": ("Start the morning at", "Ease into the morning at", "Begin at"),
    "afternoon": ("Spend the afternoon at", "Drift over to", "Give the afternoon to"),
    "evening": ("End the day at", "Keep the evening for", "Finish at"),
    "": ("Make time for", "Stop at", "Look in at"),
}
_ARTICLES = ("A", "An", "The", "One", "Its", "With")
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Ww]e|[Oo]ur|[Uu]s)\b")
_TAGS_SHOWN = 2


def tell(facts: Facts, reader: Weights, length: Length, day_part: str) -> str:
    """A sentence or more on the place of `facts` for a reader with these interests."""
    tags = sorted(facts.tags, key=lambda tag: -_interest(tag, reader))
    shared = [tag for tag in tags if _interest(tag, reader) > 0][:_TAGS_SHOWN]
    side = f" with a {listed(tags[:_TAGS_SHOWN])} side" if tags else ""
    suits = f"for the {listed(shared)} side of you" if shared else ""
    lines = sorted(facts.about, key=lambda line: -closeness(line, reader))
    if not lines:
        return told([_opened(facts, day_part) + side, capital(suits)], length)
    wordings = [one for line in lines for one in _wordings(facts, line, suits, day_part)]
    fitting = [one for one in wordings if words(one) <= length.words]
    first = fitting[0] if fitting else _shortened(facts, lines[0], length.words)
    more = [capital(line) for line in lines if _inner(line) not in first]
    return told([first, f"It comes{side}" if side else "", *more], length)


def _wordings(facts: Facts, line: str, suits: str, day_part: str) -> Iterator[str]:
    """Ways to tell one line, the richest first. What someone says of themselves is quoted."""
    named = bool(facts.name) and facts.name in line
    if _FIRST_PERSON.search(line):
        moment = f"for the {day_part}" if day_part else ""
        lead = capital(_listed_parts(moment, _kind(facts))) if named else _opened(facts, day_part)
        yield f"{lead}: “{line}”" if lead else f"“{line}”"
        yield f"“{line}”" if named else f"{facts.name or _kind(facts)}: “{line}”"
    elif named:
        yield capital(line)
    else:
        opened = f"{_opened(facts, day_part)}: {_inner(line)}"
        yield f"{opened}, {suits}" if suits else opened
        yield opened
        yield capital(f"{facts.name or _kind(facts)}: {_inner(line)}")


def _shortened(facts: Facts, line: str, most: int) -> str:
    if _FIRST_PERSON.search(line):
        return f"“{cut(line, most)}…”"
    if facts.name and facts.name not in line and words(facts.name) < most // 2:
        return f"{facts.name}: {cut(_inner(line), most - words(facts.name))}"
    return capital(cut(line, most))


def _opened(facts: Facts, day_part: str) -> str:
    openings = _OPENINGS[day_part]
    opening = openings[zlib.crc32(fold(facts.name).encode()) % len(openings)]
    return f"{opening} {_listed_parts(facts.name, _kind(facts)) or 'this place'}"


def _listed_parts(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _kind(facts: Facts) -> str:
    plain = facts.kind.replace("_", " ").lower()
    return f"{'an' if plain[:1] in 'aeiou' else 'a'} {plain}" if plain else ""


def _inner(line: str) -> str:
    """A sentence as part of another: no full stop, no capital on a leading article."""
    bare = line.strip().rstrip(".")
    first, _, rest = bare.partition(" ")
    return f"{first.lower()} {rest}" if first in _ARTICLES else bare


def _interest(tag: str, reader: Weights) -> float:
    return sum(reader.get(term, 0.0) for term in terms(tag))
