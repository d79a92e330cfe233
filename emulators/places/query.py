"""Owns reading a text query: the city or quarter it names, and the words that are left."""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from emulators.places.cities import City, all_cities
from emulators.places.regions import Region
from emulators.places.world import Place

_ANY_NAME = "sample"
_WORDS = re.compile(r"\w+")
_LISTS: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "words.json").read_text())
# Words that tell nothing, words that ask for anything worth seeing, and words for a kind's own.
_STOP = frozenset(_LISTS["stop"])
_VAGUE = frozenset(_LISTS["vague"])
_SIGHTS = "attraction"
_STANDS_FOR: dict[str, str] = _LISTS["stands_for"]


@dataclass(frozen=True, slots=True)
class Query:
    """What a text asks for. No city: it names none. `terms` must all fit a place."""

    city: City | None
    terms: tuple[str, ...]

    @property
    def region(self) -> Region | None:
        """The city or quarter that the text names and nothing else; None otherwise."""
        if self.city and not self.terms:
            return Region(self.city)
        for city in (self.city,) if self.city else all_cities():
            for quarter in city.quarters:
                if self.terms == _told(_without(city, words(quarter.name))):
                    return Region(city, quarter)
        return None

    @property
    def by_name(self) -> bool:
        """Whether it asks for a place by its name and not for a category."""
        return any(one == _ANY_NAME or one.isdecimal() for one in self.terms)

    def names(self, place: Place) -> bool:
        """Whether the terms are the place's whole name."""
        label = _terms(place.kind.label)
        return frozenset(self.terms) == label | {_ANY_NAME, str(place.number)}

    def fits(self, place: Place) -> bool:
        """Whether every term is a word of the place's name, kind, quarter or traits."""
        return all(knows(place, one) for one in self.terms)


def read(text: str) -> Query:
    """Takes the city and its country out of the text; stop words go too."""
    left = words(text)
    city = next((city for city in all_cities() if _named(city, left)), None)
    if city:
        left = [word for word in _without(city, left) if word not in city.qualifiers]
    terms = _told(left)
    vague = not terms and any(word in _VAGUE for word in left)
    return Query(city, (_SIGHTS,) if vague else terms)


def words(text: str) -> list[str]:
    """The words of a text in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORDS.findall("".join(char for char in plain if not unicodedata.combining(char)))


def term(word: str) -> str:
    """A word in the singular, or the word that it stands for."""
    single = word
    if word.endswith("ies") and len(word) > 4:
        single = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        single = word[:-1]
    return _STANDS_FOR.get(single, single)


def knows(place: Place, wanted: str) -> bool:
    """Whether a place is found by this term."""
    kind = place.kind
    told = (_ANY_NAME, kind.label, *kind.types, *kind.words, place.quarter.name, *place.traits)
    return wanted == str(place.number) or any(wanted in _terms(text) for text in told)


def _told(left: Sequence[str]) -> tuple[str, ...]:
    """The terms of a text: its words but for those that tell nothing."""
    return tuple(term(word) for word in left if word not in _STOP and word not in _VAGUE)


@cache
def _terms(text: str) -> frozenset[str]:
    # Only texts of the world come here, so this cache ends at a few hundred.
    return frozenset(map(term, words(text.replace("_", " "))))


def _named(city: City, text: Sequence[str]) -> list[str]:
    """The words of the city's name as it stands in the text; empty when it does not."""
    for name in (*city.names.values(), *city.aliases):
        wanted = words(name)
        for start in range(len(text) - len(wanted) + 1):
            if list(text[start : start + len(wanted)]) == wanted:
                return wanted
    return []


def _without(city: City, text: Sequence[str]) -> list[str]:
    gone = set(_named(city, text))
    return [word for word in text if word not in gone]
