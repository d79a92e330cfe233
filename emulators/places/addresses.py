"""Owns addresses: invented streets in real quarters, as lines, components and postal address."""

from typing import Any

from emulators.places.locale import Locale
from emulators.places.regions import Region
from emulators.places.world import Place

Json = dict[str, Any]


def of_place(place: Place, locale: Locale) -> Json:
    """The address fields of a place; the country is left out where it is the caller's own."""
    city, quarter = place.city, place.quarter
    name, language = locale.name(city.names)
    region, _ = locale.name(city.region_names)
    country, _ = locale.name(city.country_names)
    lines = city.address.format(
        street=place.street,
        number=place.house_number,
        area=quarter.name,
        postcode=quarter.postcode,
        city=name,
        region=city.region_short,
        country=country,
    )
    line, _, _ = lines.partition(",")
    at_home = locale.region == city.country_code
    return {
        "formattedAddress": lines.removesuffix(f", {country}") if at_home else lines,
        "shortFormattedAddress": f"{line}, {name}",
        "addressComponents": [
            _component(str(place.house_number), language, "street_number"),
            _component(place.street, language, "route"),
            _component(quarter.name, language, "neighborhood", "political"),
            *_upwards(Region(city), locale),
            _component(quarter.postcode, language, "postal_code"),
        ],
        "postalAddress": {
            "regionCode": city.country_code,
            "languageCode": language,
            "postalCode": quarter.postcode,
            "administrativeArea": region,
            "locality": name,
            "addressLines": [line],
        },
    }


def of_region(region: Region, locale: Locale) -> Json:
    """The address fields of a city or quarter."""
    city = region.city
    name, language = locale.name(city.names)
    country, _ = locale.name(city.country_names)
    own = [region.quarter.name] if region.quarter else []
    ends = [] if locale.region == city.country_code else [country]
    state = [city.region_short] if "{region}" in city.address else []
    components = _upwards(Region(city), locale)
    if region.quarter:
        quarter = _component(region.quarter.name, language, "neighborhood", "political")
        components = [quarter, *components]
    return {
        "formattedAddress": ", ".join([*own, name, *state, *ends]),
        "shortFormattedAddress": ", ".join([*own, name, *state]),
        "addressComponents": components,
    }


def _upwards(region: Region, locale: Locale) -> list[Json]:
    """The components from the city up to the country."""
    city = region.city
    name, language = locale.name(city.names)
    state, state_language = locale.name(city.region_names)
    country, country_language = locale.name(city.country_names)
    level = "administrative_area_level_1"
    return [
        _component(name, language, "locality", "political"),
        _component(state, state_language, level, "political", short=city.region_short),
        _component(country, country_language, "country", "political", short=city.country_code),
    ]


def _component(text: str, language: str, *types: str, short: str = "") -> Json:
    return {
        "longText": text,
        "shortText": short or text,
        "types": list(types),
        "languageCode": language,
    }
