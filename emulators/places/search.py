"""Owns which places a search finds, and in which order."""

import datetime
from collections.abc import Callable, Iterable

from emulators.places import query
from emulators.places.cities import City, all_cities
from emulators.places.geometry import Area, Point, distance_m
from emulators.places.nearby_request import NearbyRequest
from emulators.places.query import Query
from emulators.places.regions import Region
from emulators.places.text_request import TextRequest
from emulators.places.world import CLOSED_PERMANENTLY, OPERATIONAL, Place, World

MOST_BY_TEXT = 60
# What lies further from a bias than this is no longer near it.
BIAS_REACH_M = 50_000.0
_LEAST_BIAS_M = 500.0
_CLOSED_FOR_GOOD_COSTS = 8.0


def by_text(world: World, request: TextRequest, now: float) -> list[Place | Region]:
    """Up to 60 results of a text search, best first; a region where the text names only that."""
    asked = query.read(request.query)
    if region := asked.region:
        return [region]
    found = [
        place
        for city in _cities(asked, request.bias)
        for place in world.places(city)
        if asked.fits(place) and _passes(place, asked, request, now)
    ]
    found.sort(key=_text_order(asked, request))
    if asked.by_name:
        found.sort(key=lambda place: not asked.names(place))
    return list(found[:MOST_BY_TEXT])


def nearby(world: World, request: NearbyRequest) -> list[Place]:
    """The results of a nearby search: at most `request.most`, by popularity or distance."""
    circle = request.circle
    found = (
        place
        for city in all_cities()
        if city.viewport.distance_m(circle.center) <= circle.radius
        for place in world.places(city)
        if circle.contains(place.point) and _has_types(place, request)
    )
    if request.by_distance:
        return _first(found, request.most, lambda place: distance_m(circle.center, place.point))
    return _first(found, request.most, lambda place: -_worth(place))


def is_open(place: Place, now: float) -> bool:
    """Whether the place is open at unix second `now`, as far as it tells its hours."""
    if place.hours is None or place.status != OPERATIONAL:
        return False
    return place.hours.is_open(datetime.datetime.fromtimestamp(now, place.city.time_zone))


def _cities(asked: Query, bias: Area | None) -> Iterable[City]:
    """Where to look: the city named, else those near the bias, else all."""
    if asked.city:
        return (asked.city,)
    if bias is None:
        return all_cities()
    return [city for city in all_cities() if bias.distance_m(city.center) <= BIAS_REACH_M]


def _passes(place: Place, asked: Query, request: TextRequest, now: float) -> bool:
    by_type = request.included_type and (request.strict_type or not asked.by_name)
    if by_type and request.included_type not in place.kind.types:
        return False
    if request.restriction and not request.restriction.contains(place.point):
        return False
    if request.price_levels and place.price not in request.price_levels:
        return False
    if request.min_rating and (place.rating or 0.0) < request.min_rating:
        return False
    return not request.open_now or is_open(place, now)


def _text_order(asked: Query, request: TextRequest) -> Callable[[Place], tuple[float, str]]:
    middle = _middle(asked, request)
    if request.by_distance and middle:
        return lambda place: (distance_m(middle, place.point), place.id)
    bias = None if asked.city else request.bias
    if bias is None:
        return lambda place: (-_worth(place), place.id)
    reach = max(bias.radius, _LEAST_BIAS_M)
    return lambda place: (2 * bias.distance_m(place.point) / reach - _worth(place), place.id)


def _middle(asked: Query, request: TextRequest) -> Point | None:
    """What distances are measured from: the area given, else the city named."""
    area = request.restriction or request.bias
    if area is not None:
        return area.center
    return asked.city.center if asked.city else None


def _worth(place: Place) -> float:
    closed = place.status == CLOSED_PERMANENTLY
    return place.popularity - (_CLOSED_FOR_GOOD_COSTS if closed else 0.0)


def _has_types(place: Place, request: NearbyRequest) -> bool:
    types = set(place.kind.types)
    if request.types and not types & request.types:
        return False
    if request.primary_types and place.kind.type not in request.primary_types:
        return False
    return not types & request.excluded_types and (
        place.kind.type not in request.excluded_primary_types
    )


def _first(found: Iterable[Place], most: int, key: Callable[[Place], float]) -> list[Place]:
    return sorted(found, key=lambda place: (key(place), place.id))[:most]
