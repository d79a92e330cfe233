"""Owns the three calls that are carried out: SearchText, SearchNearby, GetPlace."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from emulators.places import (
    json_body,
    locale,
    nearby_request,
    paging,
    regions,
    search,
    shown,
    text_request,
)
from emulators.places.errors import invalid, not_an_id, place_gone
from emulators.places.locale import Locale
from emulators.places.regions import Region
from emulators.places.world import Place, World
from emulators.skeleton.clock import Clock

Json = dict[str, Any]

_ID = re.compile(r"[A-Za-z0-9_-]{20,255}")
_SESSION = re.compile(r"[A-Za-z0-9_-]{1,36}")


@dataclass(frozen=True, slots=True)
class Methods:
    """Answers calls from one world at the stack's time."""

    world: World
    clock: Clock

    def search_text(self, body: bytes) -> Json:
        """One page of a text search; {} when nothing is found."""
        request = text_request.read(json_body.parse(body))
        start = paging.offset(request.page_token, request.same)
        found = search.by_text(self.world, request, self.clock.now())
        end = start + request.page_size
        answer: Json = {}
        if page := found[start:end]:
            answer["places"] = self._shown(page, request.locale)
            query = quote_plus(request.query)
            answer["searchUri"] = f"https://www.google.com/maps/search/?api=1&query={query}"
        if len(found) > end:
            answer["nextPageToken"] = paging.token(request.same, end)
        return answer

    def search_nearby(self, body: bytes) -> Json:
        """The places in a circle; {} when there are none."""
        request = nearby_request.read(json_body.parse(body))
        found = search.nearby(self.world, request)
        return {"places": self._shown(found, request.locale)} if found else {}

    def get_place(self, place_id: str, query: Mapping[str, str]) -> Json:
        """One place or region. Raises PlacesError 400 or 404."""
        if not _ID.fullmatch(place_id):
            raise not_an_id(place_id)
        said = query["sessionToken"]
        if said and not _SESSION.fullmatch(said):
            raise invalid(f"Invalid session_token: {said}.", "session_token")
        found = self.world.find(place_id) or regions.find(place_id)
        if found is None:
            raise place_gone()
        asked = locale.read(query["languageCode"], query["regionCode"])
        return shown.place(found, asked, self.clock.now())

    def _shown(self, found: Iterable[Place | Region], asked: Locale) -> list[Json]:
        return [shown.place(place, asked, self.clock.now()) for place in found]
