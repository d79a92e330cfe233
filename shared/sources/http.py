"""Reads the sample source over HTTP: a city's listing, venues and posts as lines of JSON."""

from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from shared.runtime.errors import Refusal, TryAgain
from shared.runtime.settings import Settings
from shared.sources.post import CityListing, Post, Venue

_MOST_BYTES = 50 * 1024 * 1024
M = TypeVar("M", bound=BaseModel)


class SourceAway(TryAgain):
    """The source did not answer."""

    def __init__(self) -> None:
        super().__init__("The source did not answer; send the same request again later.")


class SourceNotConfigured(Refusal):
    """A deployment has no sample source: it is for laptops."""

    status = 422
    title = "Source not configured"

    def __init__(self) -> None:
        super().__init__("No sample source is configured here; set SOURCES_BASE_URL to have one.")


class SourceCityUnknown(Refusal):
    """The source knows no such city."""

    status = 404
    title = "City unknown to the source"

    def __init__(self, slug: str) -> None:
        super().__init__(f"The sample source has no city {slug}; it has seattle.")


class SourceUnreadable(Refusal):
    """The source sent something else than it promises."""

    status = 422
    title = "Source unreadable"


class SampleSource:
    """The bundled sample city's source."""

    def __init__(self, settings: Settings) -> None:
        self._base_url = settings.get("SOURCES_BASE_URL")
        self._client = httpx.AsyncClient(base_url=self._base_url or "", timeout=20.0)

    async def city(self, slug: str) -> CityListing:
        """Return the city's listing.

        Raises SourceNotConfigured, SourceCityUnknown, SourceAway and SourceUnreadable.
        """
        return _parse(CityListing, await self._get(slug, "city.json"))

    async def venues(self, slug: str) -> list[Venue]:
        """Return the city's venues in the source's order."""
        return _parse_lines(Venue, await self._get(slug, "venues.ndjson"))

    async def posts(self, slug: str) -> list[Post]:
        """Return the posts about the city's venues."""
        return _parse_lines(Post, await self._get(slug, "posts.ndjson"))

    async def _get(self, slug: str, file: str) -> bytes:
        if self._base_url is None:
            raise SourceNotConfigured
        body = bytearray()
        try:
            async with self._client.stream("GET", f"/samples/{slug}/{file}") as response:
                if response.status_code == 404:
                    raise SourceCityUnknown(slug)
                response.raise_for_status()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > _MOST_BYTES:
                        raise SourceUnreadable(f"{file} of {slug} is larger than 50 MB.")
        except httpx.HTTPError as error:
            raise SourceAway from error
        return bytes(body)


def _parse_lines(model: type[M], body: bytes) -> list[M]:
    return [_parse(model, line) for line in body.splitlines() if line.strip()]


def _parse(model: type[M], text: bytes) -> M:
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise SourceUnreadable(
            f"The source sent a {model.__name__} that breaks its form."
        ) from error
