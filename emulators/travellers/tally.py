"""Counts what travellers did with what they were shown, by where it stood."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from emulators.travellers.person import Person
from emulators.travellers.reading import Impression

WARM = 20
"""So many choices make a traveller warm, by the public rule: one for each slot of a trip."""
_BANDS = ((1, 5), (6, 10), (11, 15), (16, 20), (21, 30))


@dataclass(slots=True)
class Tally:
    """How often slots in one place were shown, looked at, answered and accepted."""

    shown: int = 0
    viewed: int = 0
    answered: int = 0
    accepted: int = 0

    def add(self, shown: Impression) -> None:
        """Count one impression."""
        self.shown += 1
        self.viewed += bool(shown.acts)
        self.answered += shown.answer is not None
        self.accepted += shown.answer == "slot_accept"

    def figures(self) -> dict[str, Any]:
        """The counts, and accepted as a share of what was shown and of what was answered."""
        return asdict(self) | {
            "accepted_of_shown": _share(self.accepted, self.shown),
            "accepted_of_answered": _share(self.accepted, self.answered),
        }


def first_looks(people: Iterable[Person]) -> Iterator[Impression]:
    """What the first session with each trip showed: later ones pass over what is settled."""
    for person in people:
        for showing in person.showings:
            if showing.session == 0:
                yield from showing.impressions


def tallied(
    impressions: Iterable[Impression], place_of: Callable[[Impression], str]
) -> dict[str, dict[str, Any]]:
    """Figures by place, in the order of the places' names."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for shown in impressions:
        tallies[place_of(shown)].add(shown)
    return {place: tally.figures() for place, tally in sorted(tallies.items())}


def order(shown: Impression) -> str:
    """The slot's place in its day."""
    return f"{shown.slot.order:02}"


def day(shown: Impression) -> str:
    """The day of the trip."""
    return f"{shown.slot.day:02}"


def rank_band(shown: Impression) -> str:
    """The slot's place in reading order, in bands."""
    rank = shown.slot.rank
    for low, high in _BANDS:
        if rank <= high:
            return f"{low:02}-{high:02}"
    return f"{_BANDS[-1][1] + 1}+"


def confidence(shown: Impression) -> str:
    """How sure the ranker was, in thirds; `-` where it says nothing."""
    sure = shown.slot.confidence
    if sure is None:
        return "-"
    return "low" if sure < 1 / 3 else "middle" if sure < 2 / 3 else "high"


def choices(person: Person) -> int:
    """How many slots the traveller has accepted or skipped; none is asked about twice."""
    return sum(
        shown.answer is not None for showing in person.showings for shown in showing.impressions
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
