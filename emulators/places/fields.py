"""Owns which fields a response has, at any depth: what a field mask may name.

`data/fields.json` is the Place of the official client; `null` is a field without inner fields.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

Fields = dict[str, Any]

_DATA = Path(__file__).parent / "data" / "fields.json"


@cache
def place() -> Fields:
    """The fields of a Place, which is what GET /v1/places/{id} answers."""
    fields: Fields = json.loads(_DATA.read_text())
    return fields


@cache
def search_nearby() -> Fields:
    """The fields of a searchNearby response."""
    return {"places": place(), "routingSummaries": None}


@cache
def search_text() -> Fields:
    """The fields of a searchText response."""
    return {
        "places": place(),
        "routingSummaries": None,
        "contextualContents": None,
        "nextPageToken": None,
        "searchUri": None,
    }
