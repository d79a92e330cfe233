"""Owns the JSON of a place as the service shows it, whole; masks take their part of it."""

import datetime
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from emulators.places import addresses, hours
from emulators.places.cities import City
from emulators.places.geometry import Point, Rectangle
from emulators.places.locale import Locale
from emulators.places.regions import Region
from emulators.places.text_request import PRICE_LEVELS
from emulators.places.world import OPERATIONAL, Place

Json = dict[str, Any]

_ATTRIBUTION = {
    "provider": "Invented sample data of an emulator",
    "providerUri": "https://places.example/samples",
}
_VIEW_DEGREES = 0.00135  # about 150 m to each side


def place(shown: Place | Region, locale: Locale, now: float) -> Json:
    """All that is known of a place or region at unix second `now`; what is unknown is absent."""
    if isinstance(shown, Region):
        return _region(shown, locale, now)
    primary = {"text": shown.kind.display_name, "languageCode": "en"}
    body: Json = {
        **_facts(shown.id, shown.city, shown.point, now),
        "types": list(shown.kind.types),
        "primaryType": shown.kind.type,
        "primaryTypeDisplayName": primary,
        "googleMapsTypeLabel": primary,
        "displayName": {"text": shown.name, "languageCode": "en"},
        **addresses.of_place(shown, locale),
        "viewport": _viewport(_around(shown.point)),
        "businessStatus": shown.status,
        "editorialSummary": {"text": shown.summary, "languageCode": "en"},
        "websiteUri": _website(shown),
        "pureServiceAreaBusiness": False,
    }
    if shown.rating is not None:
        body |= {"rating": shown.rating, "userRatingCount": shown.rating_count}
    if shown.price is not None:
        body["priceLevel"] = PRICE_LEVELS[shown.price + 1]
    return body | _hours(shown, now)


def _region(region: Region, locale: Locale, now: float) -> Json:
    quarter = region.quarter
    name, language = (quarter.name, "en") if quarter else locale.name(region.city.names)
    return {
        **_facts(region.id, region.city, region.center, now),
        "types": region.types,
        "primaryType": region.types[0],
        "displayName": {"text": name, "languageCode": language},
        **addresses.of_region(region, locale),
        "viewport": _viewport(region.viewport),
    }


def _facts(place_id: str, city: City, point: Point, now: float) -> Json:
    at = datetime.datetime.fromtimestamp(now, city.time_zone)
    offset = at.utcoffset() or datetime.timedelta()
    return {
        "name": f"places/{place_id}",
        "id": place_id,
        "location": _point(point),
        "utcOffsetMinutes": int(offset.total_seconds() // 60),
        "timeZone": {"id": city.time_zone.key},
        # By coordinates: a made-up cid would lead to somebody's real place.
        "googleMapsUri": f"https://maps.google.com/?q={point[0]},{point[1]}",
        "attributions": [_ATTRIBUTION],
    }


def _hours(shown: Place, now: float) -> Json:
    if shown.hours is None:
        return {}
    zone = shown.city.time_zone
    regular = {"regularOpeningHours": hours.shown(shown.hours, now, zone)}
    if shown.status != OPERATIONAL:  # nobody is there this week
        regular["regularOpeningHours"]["openNow"] = False
        return regular
    return regular | {"currentOpeningHours": hours.shown_with_dates(shown.hours, now, zone)}


def _website(shown: Place) -> str:
    name = quote(shown.name.lower().replace(" ", "-").replace("é", "e"))
    return f"https://{name}.{shown.city.slug}.example/"


def _point(point: Point) -> Json:
    return {"latitude": point[0], "longitude": point[1]}


def _viewport(view: Rectangle) -> Mapping[str, Json]:
    return {"low": _point(view.low), "high": _point(view.high)}


def _around(point: Point) -> Rectangle:
    lat, lng = point
    south, west = round(lat - _VIEW_DEGREES, 7), round(lng - _VIEW_DEGREES, 7)
    north, east = round(lat + _VIEW_DEGREES, 7), round(lng + _VIEW_DEGREES, 7)
    return Rectangle((south, west), (north, east))
