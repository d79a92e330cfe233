"""Owns what a searchNearby request may say, and the request as the search takes it."""

from dataclasses import dataclass

from emulators.places import areas, locale
from emulators.places.errors import invalid, unsupported
from emulators.places.geometry import Circle
from emulators.places.json_body import JsonObject
from emulators.places.kinds import searchable_types
from emulators.places.locale import Locale

MOST = 20
_MOST_TYPES = 50
_RANKS = ("RANK_PREFERENCE_UNSPECIFIED", "DISTANCE", "POPULARITY")
_RANK_TYPE = "type.googleapis.com/google.maps.places.v1.SearchNearbyRequest.RankPreference"
_TYPES = ("includedTypes", "excludedTypes", "includedPrimaryTypes", "excludedPrimaryTypes")
_NAMES = (
    *("languageCode", "regionCode", "maxResultCount", "locationRestriction", "rankPreference"),
    *("routingParameters", "includeFutureOpeningBusinesses"),
    *_TYPES,
)


@dataclass(frozen=True, slots=True)
class NearbyRequest:
    """A valid request; an empty set of included types means any."""

    circle: Circle
    locale: Locale
    by_distance: bool
    most: int
    types: frozenset[str]
    excluded_types: frozenset[str]
    primary_types: frozenset[str]
    excluded_primary_types: frozenset[str]


def read(body: JsonObject) -> NearbyRequest:
    """Reads the body of a searchNearby call. Raises PlacesError."""
    body.allow(*_NAMES)
    if "routingParameters" in body:
        raise unsupported("routing_parameters")
    body.flag("includeFutureOpeningBusinesses")
    types, excluded, primary, excluded_primary = (_types(body, name) for name in _TYPES)
    _check_conflicts(types, excluded, "included_types", "excluded_types")
    _check_conflicts(primary, excluded_primary, "included_primary_types", "excluded_primary_types")
    return NearbyRequest(
        circle=_circle(body),
        locale=locale.read(body.text("languageCode"), body.text("regionCode")),
        by_distance=body.choice("rankPreference", _RANKS, _RANK_TYPE) == "DISTANCE",
        most=_most(body),
        types=types,
        excluded_types=excluded,
        primary_types=primary,
        excluded_primary_types=excluded_primary,
    )


def _circle(body: JsonObject) -> Circle:
    restriction = body.inner("locationRestriction", "circle")
    if restriction is None:
        raise invalid("location_restriction must be set.", "location_restriction")
    circle = areas.circle(restriction)
    if circle.radius == 0:
        path = restriction.path("circle.radius")
        raise invalid(f"{path} must be greater than 0.", path)
    return circle


def _most(body: JsonObject) -> int:
    given = body.whole("maxResultCount")
    if not 0 <= given <= MOST:
        raise invalid(f"max_result_count must be between 1 and 20: {given}.", "max_result_count")
    return given or MOST


def _types(body: JsonObject, name: str) -> frozenset[str]:
    given = body.texts(name)
    if len(given) > _MOST_TYPES:
        raise invalid(f"At most 50 types may be specified in {body.path(name)}.", body.path(name))
    if unknown := [wanted for wanted in given if wanted not in searchable_types()]:
        raise invalid(f"Unsupported types: {', '.join(unknown)}.")
    return frozenset(given)


def _check_conflicts(
    included: frozenset[str], excluded: frozenset[str], name: str, other: str
) -> None:
    if both := sorted(included & excluded):
        raise invalid(f"Conflicting types in {name} and {other}: {', '.join(both)}.", name)
