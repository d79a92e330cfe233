"""Owns the sentences made of given facts: a place in a line, a traveller in three, a digest."""

import zlib
from collections.abc import Iterable

from emulators.anthropic.asks import Length
from emulators.anthropic.facts import Facts
from emulators.anthropic.overlap import Weights, closeness
from emulators.anthropic.words import fold, terms

_OPENINGS = {
    "morning": ("Start the morning at", "Ease into the morning at", "Begin at"),
    "afternoon": ("Spend the afternoon at", "Drift over to", "Give the afternoon to"),
    "evening": ("End the day at", "Keep the evening for", "Finish at"),
    "": ("Make time for", "Stop at", "Look in at"),
}
_MANNER = ("pace", "budget", "mood", "party")
_ARTICLES = ("A", "An", "The", "One", "Its", "With")
_TAGS_SHOWN = 2
_ENOUGH_WORDS = 3


def place(facts: Facts, reader: Weights, length: Length, day_part: str) -> str:
    """A sentence or more on the place of `facts` for a reader with these interests."""
    tags = sorted(facts.tags, key=lambda tag: -_interest(tag, reader))
    shared = [tag for tag in tags if _interest(tag, reader) > 0][:_TAGS_SHOWN]
    opening = _pick(_OPENINGS[day_part], facts.name)
    named = ", ".join(part for part in (facts.name, _kind(facts.kind)) if part) or "this place"
    side = f"with a {listed(tags[:_TAGS_SHOWN])} side" if tags else ""
    lines = sorted(facts.about, key=lambda line: -closeness(line, reader))
    suits = f"for the {listed(shared)} side of you" if shared else ""
    if not lines:
        return _told([_joined(f"{opening} {named}", side), _capital(suits)], length)
    first = f"{opening} {named}: {_inner(lines[0])}"
    with_suits = f"{first}, {suits}" if suits else first
    if words(with_suits) <= length.words:
        first = with_suits
    elif words(first) > length.words:
        first = f"{facts.name or _capital(named)}: {_inner(lines[0])}"
    more = [f"It comes {side}", *(_capital(line) for line in lines[1:])] if side else lines[1:]
    return _told([first, *more], length)


def traveller(facts: Iterable[Facts], length: Length) -> str:
    """Two or three sentences on the traveller whose topics, tags and own words are given."""
    topics = [(topic, values) for one in facts for topic, values in one.topics.items()]
    tags = [tag for one in facts for tag in one.tags]
    said = [_capital(line) for one in facts for line in one.about]
    wishes = [wish for wish in topics if wish[0] not in _MANNER]
    manners = [f"their {topic} is {listed(it)}" for topic, it in topics if topic in _MANNER]
    if tags:
        manners.append(f"they are drawn to places marked {listed(tags)}")
    chief = [
        f"On the {topic} side this traveller looks for {listed(it)}" for topic, it in wishes[:1]
    ]
    also = listed([f"for {listed(it)} on the {topic} side" for topic, it in wishes[1:]])
    others = f"They also look {also}" if also else ""
    made = [*chief, others, _capital("; ".join(manners)), *said]
    return _told(made if any(made) else ["This traveller is open to anything"], length)


def digest(lines: list[str], focus: Weights, length: Length) -> str:
    """The lines closest to `focus`, in their own order, up to the length asked for."""
    best = sorted(range(len(lines)), key=lambda at: (-closeness(lines[at], focus), at))
    kept = sorted(best[: length.sentences])
    return _told([_capital(lines[at]) for at in kept], length)


def listed(values: list[str]) -> str:
    """The values as one reads them: a, b and c."""
    plain = [value.replace("_", " ") for value in values]
    return "".join(plain) if len(plain) < 2 else f"{', '.join(plain[:-1])} and {plain[-1]}"


def words(text: str) -> int:
    """The number of words of `text` as a person counts them."""
    return len(text.split())


def _told(made: list[str], length: Length) -> str:
    """As many of the sentences as fit, each ended by a full stop; the first cut where it must."""
    told: list[str] = []
    left = length.words
    for sentence in [one for one in made if one][: length.sentences]:
        if words(sentence) > left:
            if not told:
                told.append(_ended(_cut(sentence, left)))
            break
        told.append(_ended(sentence))
        left -= words(sentence)
    return " ".join(told)


def _cut(sentence: str, most: int) -> str:
    """The longest beginning of at most `most` words, ended at a clause where there is one."""
    kept = " ".join(sentence.split()[:most])
    for mark in (";", ",", " –", " -", ":"):
        clause, found, _ = kept.rpartition(mark)
        if found and words(clause) >= max(_ENOUGH_WORDS, most // 2):
            return clause
    parts = kept.split()
    while len(parts) > 1 and not terms(parts[-1]):
        parts.pop()
    return " ".join(parts)


def _ended(sentence: str) -> str:
    text = sentence.strip().rstrip(",;:")
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _inner(line: str) -> str:
    """A sentence as part of another: no full stop, no capital on a leading article."""
    bare = line.strip().rstrip(".")
    first, _, rest = bare.partition(" ")
    return f"{first.lower()} {rest}" if first in _ARTICLES else bare


def _kind(kind: str) -> str:
    plain = kind.replace("_", " ").lower()
    return f"{'an' if plain[:1] in 'aeiou' else 'a'} {plain}" if plain else ""


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _interest(tag: str, reader: Weights) -> float:
    return sum(reader.get(term, 0.0) for term in terms(tag))


def _pick(choices: tuple[str, ...], name: str) -> str:
    return choices[zlib.crc32(fold(name).encode()) % len(choices)]
