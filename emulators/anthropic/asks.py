"""Owns what a prompt asks for in numbers: how many items, how many words, how many sentences."""

import re
from dataclasses import dataclass

from emulators.anthropic.words import sentences, terms

_EXACTLY = r"(?:exactly|best|top)\s+(?P<exact>\d{1,4})\b|\b(?P<best>\d{1,4})\s+best\b"
_AT_MOST = r"(?:at most|up to|no more than)\s+(?P<most>\d{1,4})\b|\b(?P<fewer>\d{1,4})\s+or fewer\b"
_COUNT = re.compile(
    rf"\b(?:{_EXACTLY}|{_AT_MOST})(?=(?P<after>(?:[\s-]+[^\W\d]+){{0,4}}))", re.IGNORECASE
)
_MEASURES = re.compile(
    r"\W*(?:words?|sentences?|characters?|tokens?|minutes?|hours?|days?)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"(?:\b\d{1,4}\s*(?:-|–|to)\s*)?\b(\d{1,4})[\s-]+words?\b", re.IGNORECASE)
_NUMERALS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_NUMERAL = r"(?:a|one|two|three|four|five|\d{1,2})"
_SENTENCES = re.compile(
    rf"\b(?:{_NUMERAL}\s*(?:-|–|to|or)\s*)?({_NUMERAL})\s+(?:\w+\s+)?sentences?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many items are wanted: exactly `n`, or at most `n`."""

    n: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Length:
    """How long a text may be."""

    words: int
    sentences: int


def count(name: str, description: str, instructions: str) -> Count | None:
    """The number of items asked for in the array `name`; its own description counts first.

    Then a number followed by the array's name ("at most 4 vibes"), then one in a sentence that
    names it, then the first of all.
    """
    named = set(terms(name))
    found = _counts(instructions)
    near = [one for one, after in found if named & set(terms(after))]
    for choice in (
        [one for one, _ in _counts(description)],
        near,
        [one for text in _about(named, instructions) for one, _ in _counts(text)],
        [one for one, _ in found],
    ):
        if choice:
            return choice[0]
    return None


def length(name: str, description: str, instructions: str, default: Length) -> Length:
    """How long the text `name` may be; the parts not asked for are those of `default`."""
    texts = [description, *_about(set(terms(name)), instructions), instructions]
    words = next((int(hit[1]) for text in texts if (hit := _WORDS.search(text))), default.words)
    most = next((_numeral(hit[1]) for text in texts if (hit := _SENTENCES.search(text))), None)
    return Length(max(1, words), max(1, most or default.sentences))


def _counts(text: str) -> list[tuple[Count, str]]:
    found = []
    for hit in _COUNT.finditer(text):
        exact = hit["exact"] or hit["best"]
        number = int(exact or hit["most"] or hit["fewer"])
        if not _MEASURES.match(hit["after"]):
            found.append((Count(number, bool(exact)), hit["after"]))
    return found


def _about(named: set[str], text: str) -> list[str]:
    return [one for one in sentences(text) if named & set(terms(one))]


def _numeral(text: str) -> int:
    return _NUMERALS.get(text.lower()) or int(text)
