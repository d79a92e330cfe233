"""What a traveller's answers say of their taste: the places they liked, and those they passed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shared.nodes.taxonomy import CATEGORIES, VIBES

LIKES: Final = ("slot_accept", "pivot_accept", "thumbs_up")
PASSES: Final = ("slot_skip", "slot_swap", "pivot_dismiss", "thumbs_down")
"""The signals that say something of a place: a look, or an offer left alone, says nothing."""

MOST_LIKED: Final = 24
MOST_PASSED: Final = 12

_HALF_LIFE: Final = timedelta(days=90)
_SETTLING: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Answer:
    """One signal about a place.

    `weight` is the row's: 1.0 in the app, 1.5 for a fast skip, 0.3 for imported history.
    """

    node_id: UUID
    name: str
    category: str
    vibe_tags: tuple[str, ...]
    signal_type: str
    weight: float
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A place that was liked (strength above 0) or passed (below), and when that was last said."""

    name: str
    category: str
    vibe_tags: tuple[str, ...]
    strength: float
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Taste:
    """The strongest likes and passes, each in the order in which they were said."""

    liked: tuple[Place, ...] = ()
    passed: tuple[Place, ...] = ()

    def kinds(self, most: int) -> list[str]:
        """Return the categories that are liked more than passed, the dearest first."""
        return _dearest(((place, (place.category,)) for place in self._all), most)

    def vibes(self, most: int) -> list[str]:
        """Return the vibe tags that are liked more than passed, the dearest first."""
        return _dearest(((place, place.vibe_tags) for place in self._all), most)

    @property
    def _all(self) -> tuple[Place, ...]:
        return (*self.liked, *self.passed)


def taste_of(answers: Iterable[Answer], at: datetime) -> Taste:
    """Return what the answers say at `at`.

    A place counts by the sum of its answers, each once by type: likes for it, passes against it,
    by the row's weight and halved every 90 days. Only names of the closed taxonomy are kept.
    """
    by_node: defaultdict[UUID, dict[str, Answer]] = defaultdict(dict)
    for answer in answers:
        known = by_node[answer.node_id].get(answer.signal_type)
        if known is None or _worth(answer, at) > _worth(known, at):
            by_node[answer.node_id][answer.signal_type] = answer
    places: list[Place] = []
    for said in by_node.values():
        worth = sum(_signed(answer, at) for answer in said.values())
        places.append(_place(list(said.values()), worth))
    return Taste(
        _strongest([place for place in places if place.strength > 0], MOST_LIKED),
        _strongest([place for place in places if place.strength < 0], MOST_PASSED),
    )


def settled(at: datetime) -> datetime:
    """Return up to when signals have arrived at `at`: a later one may still be on its way."""
    return at - _SETTLING


def _worth(answer: Answer, at: datetime) -> float:
    age = max(at - answer.occurred_at, timedelta())
    return float(abs(answer.weight) * 0.5 ** (age / _HALF_LIFE))


def _signed(answer: Answer, at: datetime) -> float:
    return _worth(answer, at) if answer.signal_type in LIKES else -_worth(answer, at)


def _place(said: Sequence[Answer], strength: float) -> Place:
    last = max(said, key=lambda answer: answer.occurred_at)
    return Place(
        name=last.name,
        category=last.category if last.category in CATEGORIES else "place",
        vibe_tags=tuple(tag for tag in last.vibe_tags if tag in VIBES),
        strength=strength,
        answered_at=last.occurred_at,
    )


def _strongest(places: Sequence[Place], most: int) -> tuple[Place, ...]:
    chosen = sorted(places, key=lambda place: (-abs(place.strength), place.name))[:most]
    return tuple(sorted(chosen, key=lambda place: (place.answered_at, place.name)))


def _dearest(named: Iterable[tuple[Place, Sequence[str]]], most: int) -> list[str]:
    worth: defaultdict[str, float] = defaultdict(float)
    for place, names in named:
        for name in names:
            worth[name] += place.strength
    ranked = sorted(worth, key=lambda name: (-worth[name], name))
    return [name for name in ranked if worth[name] > 0][:most]
