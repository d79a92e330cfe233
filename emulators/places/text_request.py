"""Owns what a searchText request may say, and the request as the search takes it."""

import math
from dataclasses import dataclass

from emulators.places import areas, locale
from emulators.places.errors import invalid, unsupported
from emulators.places.geometry import Area, Rectangle
from emulators.places.json_body import JsonObject
from emulators.places.kinds import searchable_types
from emulators.places.locale import Locale

MOST_A_PAGE = 20
PRICE_LEVELS = (
    "PRICE_LEVEL_UNSPECIFIED",
    "PRICE_LEVEL_FREE",
    "PRICE_LEVEL_INEXPENSIVE",
    "PRICE_LEVEL_MODERATE",
    "PRICE_LEVEL_EXPENSIVE",
    "PRICE_LEVEL_VERY_EXPENSIVE",
)
_RANKS = ("RANK_PREFERENCE_UNSPECIFIED", "DISTANCE", "RELEVANCE")
_RANK_TYPE = "type.googleapis.com/google.maps.places.v1.SearchTextRequest.RankPreference"
_PRICE_TYPE = "type.googleapis.com/google.maps.places.v1.PriceLevel"
_UNSUPPORTED = ("evOptions", "routingParameters", "searchAlongRouteParameters")
# There is no business of these kinds in the world: asking for them changes nothing.
_WITHOUT_EFFECT = ("includePureServiceAreaBusinesses", "includeFutureOpeningBusinesses")
_PAGING = ("pageSize", "maxResultCount", "pageToken")
_NAMES = (
    *("textQuery", "languageCode", "regionCode", "rankPreference", "includedType", "openNow"),
    *("minRating", "priceLevels", "strictTypeFiltering", "locationBias", "locationRestriction"),
    *_PAGING,
    *_UNSUPPORTED,
    *_WITHOUT_EFFECT,
)


@dataclass(frozen=True, slots=True)
class TextRequest:
    """A valid request. `price_levels` are 1 to 4; `same` is what all pages of a search share."""

    query: str
    locale: Locale
    by_distance: bool
    included_type: str
    strict_type: bool
    open_now: bool
    min_rating: float
    price_levels: frozenset[int]
    bias: Area | None
    restriction: Rectangle | None
    page_size: int
    page_token: str
    same: str


def read(body: JsonObject) -> TextRequest:
    """Reads the body of a searchText call. Raises PlacesError."""
    body.allow(*_NAMES)
    for name in _UNSUPPORTED:
        if name in body:
            raise unsupported(body.path(name))
    for name in _WITHOUT_EFFECT:
        body.flag(name)
    bias, restriction = _where(body)
    return TextRequest(
        query=_query(body),
        locale=locale.read(body.text("languageCode"), body.text("regionCode")),
        by_distance=body.choice("rankPreference", _RANKS, _RANK_TYPE) == "DISTANCE",
        included_type=_included_type(body),
        strict_type=body.flag("strictTypeFiltering"),
        open_now=body.flag("openNow"),
        min_rating=_min_rating(body),
        price_levels=_price_levels(body),
        bias=bias,
        restriction=restriction,
        page_size=_page_size(body),
        page_token=body.text("pageToken"),
        same=body.canonical(*_PAGING),
    )


def _query(body: JsonObject) -> str:
    query = body.text("textQuery")
    if not query.strip():
        paging = "Request parameters for paging requests must match the initial SearchText request."
        raise invalid("Empty text_query.\n" + (paging if body.text("pageToken") else ""))
    return query


def _where(body: JsonObject) -> tuple[Area | None, Rectangle | None]:
    bias = body.inner("locationBias", "circle", "rectangle")
    restriction = body.inner("locationRestriction", "rectangle")
    if bias and restriction:
        raise invalid("Only one of location_bias and location_restriction can be set.")
    return (
        areas.circle_or_rectangle(bias) if bias else None,
        areas.rectangle(restriction) if restriction else None,
    )


def _included_type(body: JsonObject) -> str:
    wanted = body.text("includedType")
    if wanted and wanted not in searchable_types():
        raise invalid(f"Unsupported types: {wanted}.")
    return wanted


def _min_rating(body: JsonObject) -> float:
    """The least rating, rounded up to the next half as the service does."""
    given = body.number("minRating")
    if not 0 <= given <= 5:
        raise invalid(f"min_rating must be between 0.0 and 5.0: {given:g}.", "min_rating")
    return math.ceil(given * 2) / 2


def _price_levels(body: JsonObject) -> frozenset[int]:
    levels = [
        PRICE_LEVELS.index(level)
        for level in body.choices("priceLevels", PRICE_LEVELS, _PRICE_TYPE)
    ]
    if any(level < 2 for level in levels):
        raise invalid("PRICE_LEVEL_FREE is not allowed in a request.", "price_levels")
    return frozenset(level - 1 for level in levels)


def _page_size(body: JsonObject) -> int:
    """Results a page: pageSize wins over maxResultCount; none, 0 and more than 20 mean 20."""
    name = "pageSize" if body.whole("pageSize") else "maxResultCount"
    size = body.whole(name)
    if size < 0:
        raise invalid(f"{body.path(name)} cannot be negative.", body.path(name))
    return min(size or MOST_A_PAGE, MOST_A_PAGE)
