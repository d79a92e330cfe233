"""Google Maps Places as its callers have it: the official client, and plain HTTP beside it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain
from typing import Any

import httpx
from google.auth.credentials import AnonymousCredentials
from google.maps import places_v1
from google.maps.places_v1.services.places.transports import PlacesRestTransport

from emulators import places
from emulators.skeleton.house import House

KEY = "a-sample-key"

Point = tuple[float, float]  # latitude, longitude


class Maps:
    """The official client against one emulator; its blocking calls run in threads.

    Client 0.9 has no field for paging: `pages` speaks plain HTTP.
    """

    def __init__(self, url: str, key: str = KEY) -> None:
        transport = PlacesRestTransport(
            host=url.removeprefix("http://"),
            url_scheme="http",
            credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
        )
        self._client = places_v1.PlacesClient(transport=transport)
        self._key = key
        # Plain HTTP: loading certificates would cost more than most tests.
        self.http = httpx.AsyncClient(base_url=url, timeout=20, verify=False)

    async def text(
        self, query: str, mask: str | None = "places.displayName,places.id", **fields: Any
    ) -> list[places_v1.Place]:
        """SearchText, its first page."""
        request = {"text_query": query, **fields}
        found = await self._call(self._client.search_text, request, mask)
        return list(found.places)

    async def nearby(
        self,
        center: Point,
        radius: float = 1000,
        mask: str | None = "places.displayName,places.id",
        **fields: Any,
    ) -> list[places_v1.Place]:
        """SearchNearby."""
        circle = circle_around(center, radius)
        request = {"location_restriction": {"circle": circle}, **fields}
        found = await self._call(self._client.search_nearby, request, mask)
        return list(found.places)

    async def get(
        self, place_id: str, mask: str | None = "displayName,id", **fields: Any
    ) -> places_v1.Place:
        """GetPlace."""
        request = {"name": f"places/{place_id}", **fields}
        found: places_v1.Place = await self._call(self._client.get_place, request, mask)
        return found

    async def post(
        self, method: str, body: Any, mask: str | None = "*", key: str | None = KEY
    ) -> httpx.Response:
        """A call as plain HTTP."""
        headers = {"x-goog-api-key": key, "x-goog-fieldmask": mask}
        sent = {name: value for name, value in headers.items() if value is not None}
        return await self.http.post(f"/v1/places:{method}", json=body, headers=sent)

    async def pages(self, mask: str = "places.id", **body: Any) -> list[list[dict[str, Any]]]:
        """The places on all pages of a text search, as JSON."""
        pages: list[list[dict[str, Any]]] = []
        token = ""
        while True:
            asked = {**body, **({"pageToken": token} if token else {})}
            answer = await self.post("searchText", asked, f"{mask},nextPageToken")
            found = answer.raise_for_status().json()
            pages.append(found.get("places", []))
            token = found.get("nextPageToken", "")
            if not token:
                return pages

    async def everything(self, text: str, low: Point, high: Point) -> list[places_v1.Place]:
        """All that a text finds in a rectangle: in quarters of it, where that is above 60."""
        area = rectangle(low, high)
        found = list(chain(*await self.pages("places", textQuery=text, locationRestriction=area)))
        if len(found) < 60:
            return [places_v1.Place.from_json(json.dumps(place)) for place in found]
        lat, lng = (low[0] + high[0]) / 2, (low[1] + high[1]) / 2
        corners = (
            (low, (lat, lng)),
            ((low[0], lng), (lat, high[1])),
            ((lat, low[1]), (high[0], lng)),
            ((lat, lng), high),
        )
        return list(chain(*[await self.everything(text, *corner) for corner in corners]))

    async def error(self, method: str, body: Any, mask: str | None = "*") -> tuple[int, str, str]:
        """The code, status and message of a refused call."""
        error = (await self.post(method, body, mask)).json()["error"]
        return error["code"], error["status"], error["message"]

    async def _call(self, method: Any, request: dict[str, Any], mask: str | None) -> Any:
        metadata = [("x-goog-api-key", self._key)]
        if mask is not None:
            metadata.append(("x-goog-fieldmask", mask))
        return await asyncio.to_thread(method, request, metadata=metadata, retry=None, timeout=20)


@asynccontextmanager
async def running(house: House, key: str = KEY, **options: str) -> AsyncIterator[Maps]:
    """An emulator with options of its own, and its client."""
    house.options.update({f"places.{name}": value for name, value in options.items()})
    started = await places.start(house)
    maps = Maps(started.addresses["http"], key)
    try:
        yield maps
    finally:
        await maps.http.aclose()
        await started.stop()


def circle_around(center: Point, radius: float) -> dict[str, Any]:
    """A circle as a request says it."""
    return {"center": {"latitude": center[0], "longitude": center[1]}, "radius": radius}


def rectangle(low: Point, high: Point) -> dict[str, Any]:
    """A rectangle as a request says it."""
    corners = {"low": low, "high": high}
    named = {name: {"latitude": point[0], "longitude": point[1]} for name, point in corners.items()}
    return {"rectangle": named}
