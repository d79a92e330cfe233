"""Owns what a request is billed as: the highest SKU of the fields that its mask names.

https://developers.google.com/maps/documentation/places/web-service/data-fields
"""

import json
from functools import cache
from pathlib import Path

from emulators.places.mask import Mask

GET_PLACE, SEARCH_TEXT, SEARCH_NEARBY = "GetPlace", "SearchText", "SearchNearby"

_PRODUCTS = {
    GET_PLACE: "Place Details",
    SEARCH_TEXT: "Text Search",
    SEARCH_NEARBY: "Nearby Search",
}
_DATA = Path(__file__).parent / "data" / "tiers.json"
_FREE = "Essentials (IDs Only)"
_PRO = "Pro"


@cache
def tiers() -> dict[str, list[str]]:
    """The fields of a Place by the tier of Place Details that they are in, the cheapest first."""
    read: dict[str, list[str]] = json.loads(_DATA.read_text())
    return read


def billed_as(method: str, mask: Mask) -> str:
    """The name of the SKU as on the bill, e.g. "Places API Text Search Pro"."""
    tier = max((_tier(method, path) for path in mask.paths), key=list(tiers()).index)
    return f"Places API {_PRODUCTS[method]} {tier}"


def _tier(method: str, path: str) -> str:
    if method == GET_PLACE:
        return _of_place(path)
    if path == "searchUri":
        return _PRO
    field = path.removeprefix("places.")
    tier = _FREE if path == "nextPageToken" else _of_place(field)
    # Searches have no SKU between the free ids and Pro; photos are no ids here, and a nearby
    # search of ids alone is Pro too.
    free = method == SEARCH_TEXT and field != "photos"
    cheap = list(tiers()).index(tier) < list(tiers()).index(_PRO)
    return _PRO if cheap and not (free and tier == _FREE) else tier


def _of_place(path: str) -> str:
    """The tier of a path in a Place; all fields at once are the dearest."""
    field = path.partition(".")[0]
    return next((tier for tier, fields in tiers().items() if field in fields), list(tiers())[-1])
