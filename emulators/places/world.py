"""Owns the invented places: the same ones for the same seed, made when a city is first asked for.

Every name says that it is a sample, and so does every summary.
"""

import base64
import hashlib
import math
from dataclasses import dataclass, field
from random import Random

from emulators.places.cities import City, Quarter, all_cities
from emulators.places.geometry import Point
from emulators.places.hours import Hours
from emulators.places.kinds import Kind, all_kinds

ID_PREFIX = "ChIJsample"
OPERATIONAL = "OPERATIONAL"
CLOSED_TEMPORARILY = "CLOSED_TEMPORARILY"
CLOSED_PERMANENTLY = "CLOSED_PERMANENTLY"

_SCATTER_DEGREES = 0.0028
_STREETS = ("Sample Street", "Example Lane", "Invented Avenue", "Placeholder Row")
_TRIES = 200


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One invented place. No rating means that nobody has rated it."""

    id: str
    city: City
    kind: Kind
    quarter: Quarter
    number: int
    traits: tuple[str, ...]
    point: Point
    street: str
    house_number: int
    status: str
    rating: float | None
    rating_count: int
    price: int | None
    hours: Hours | None

    @property
    def name(self) -> str:
        """A name that is plainly invented."""
        return f"Sample {self.kind.label} {self.number}"

    @property
    def summary(self) -> str:
        """A sentence that says so too."""
        kind, traits = self.kind.label.lower(), ", ".join(self.traits)
        return f"An invented sample {kind} in {self.quarter.name}: {traits}."

    @property
    def popularity(self) -> float:
        """What results are ranked by: good ratings, and many of them."""
        return ((self.rating or 3.0) - 2.5) * math.log1p(self.rating_count)


@dataclass(slots=True)
class World:
    """The places of all cities for one seed."""

    seed: str
    _made: dict[str, tuple[Place, ...]] = field(default_factory=dict)
    _by_id: dict[str, Place] = field(default_factory=dict)

    def places(self, city: City) -> tuple[Place, ...]:
        """All places of a city."""
        if city.slug not in self._made:
            made = tuple(_places(self.seed, city))
            self._made[city.slug] = made
            self._by_id |= {place.id: place for place in made}
        return self._made[city.slug]

    def find(self, place_id: str) -> Place | None:
        """The place with this id; None when there is none."""
        for city in all_cities():
            self.places(city)
        return self._by_id.get(place_id)


def sample_id(*parts: object) -> str:
    """An id of the service's shape (27 characters) that says in plain text that it is none."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return ID_PREFIX + base64.urlsafe_b64encode(digest).decode()[: 27 - len(ID_PREFIX)]


def _places(seed: str, city: City) -> list[Place]:
    return [
        _place(seed, city, kind, number)
        for kind in all_kinds()
        for number in range(1, kind.count_in(city.slug) + 1)
    ]


def _place(seed: str, city: City, kind: Kind, number: int) -> Place:
    chance = Random(f"{seed}/{city.slug}/{kind.label}/{number}")  # noqa: S311  # an invented world
    quarter = chance.choices(city.quarters, [quarter.weight for quarter in city.quarters])[0]
    rating, count = _ratings(chance, kind)
    status = _status(chance)
    return Place(
        id=sample_id(seed, city.slug, kind.label, number),
        city=city,
        kind=kind,
        quarter=quarter,
        number=number,
        traits=tuple(chance.sample(kind.traits, 2)),
        point=_spot(chance, city, quarter),
        street=chance.choice(_STREETS),
        house_number=chance.randint(1, 240),
        status=status,
        rating=rating,
        rating_count=count,
        price=chance.choice(kind.prices) if kind.prices else None,
        hours=None if status == CLOSED_PERMANENTLY else _hours(chance, kind),
    )


def _spot(chance: Random, city: City, quarter: Quarter) -> Point:
    """A place near the quarter's middle, on land."""
    lat, lng = quarter.center
    shrink = math.cos(math.radians(lat))
    for _ in range(_TRIES):
        point = (
            round(chance.gauss(lat, _SCATTER_DEGREES), 7),
            round(chance.gauss(lng, _SCATTER_DEGREES / shrink), 7),
        )
        if city.on_land(point):
            return point
    return quarter.center


def _ratings(chance: Random, kind: Kind) -> tuple[float | None, int]:
    """A rating of 3.0 to 5.0 and how many gave one; four in a hundred places have none."""
    if chance.random() < 0.04:
        return None, 0
    count = 1 + int(chance.lognormvariate(math.log(kind.fame), 1.1))
    # Few voices scatter more than many.
    rating = chance.gauss(4.3, 0.25 + 0.4 / math.sqrt(count))
    return round(min(5.0, max(3.0, rating)), 1), count


def _status(chance: Random) -> str:
    drawn = chance.random()
    if drawn < 0.03:
        return CLOSED_PERMANENTLY
    return CLOSED_TEMPORARILY if drawn < 0.06 else OPERATIONAL


def _hours(chance: Random, kind: Kind) -> Hours | None:
    """One of the kind's patterns; one in three that open daily keeps a day of rest."""
    hours = chance.choice(kind.hours)
    opens_daily = hours is not None and len({opens // (24 * 60) for opens, _ in hours.spans}) == 7
    if hours is not None and opens_daily and chance.random() < 1 / 3:
        return hours.without(chance.choice((1, 2, 3, 0)))
    return hours
