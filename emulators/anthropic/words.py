"""Owns what counts as a word, when two words are the same, and where a sentence ends."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

_STOP_WORDS = frozenset(Path(__file__).with_name("stop_words.txt").read_text("ascii").split())
_TERM = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_PART = re.compile(r"[-_]")
_SENTENCE = re.compile(r"[^\s.!?\n][^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*")
_ENDINGS = ("ings", "ing", "ers", "ies", "ish", "er", "ed", "es", "ly", "s")
SHORTEST_STEM = 3


def terms(text: str) -> list[str]:
    """The stems of the words of `text` in order, stop words left out.

    A compound such as `coffee-serious` or `coffee_shop` yields itself and then its parts.
    """
    found: list[str] = []
    for word in _TERM.findall(fold(text)):
        found.extend(_terms_of_word(word))
    return found


@lru_cache(maxsize=65_536)
def _terms_of_word(word: str) -> tuple[str, ...]:
    parts = _PART.split(word)
    stems = tuple(stem(part) for part in parts if part not in _STOP_WORDS and len(part) > 1)
    if len(parts) == 1:
        return stems
    return ("-".join(stem(part) for part in parts), *stems)


def stem(word: str) -> str:
    """`word` without its commonest English endings, so that hiker, hiking and hikes meet."""
    for ending in _ENDINGS:
        root = word.removesuffix(ending)
        if root != word and len(root) >= SHORTEST_STEM and not root.endswith("s"):
            word = root + "y" if ending == "ies" else root
            break
    if len(word) > SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "aeiou":
        return word[:-1]
    return word.removesuffix("e") if len(word) > SHORTEST_STEM else word


def fold(text: str) -> str:
    """`text` in lower case without accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def sentences(text: str) -> list[str]:
    """The sentences of `text`, each a verbatim piece of it; a line break ends one too."""
    return [found.strip() for found in _SENTENCE.findall(text) if terms(found)]
