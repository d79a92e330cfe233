"""What a source says of a place: venues that it lists, and posts that people wrote."""

from typing import Annotated, Final, Literal, Self
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from shared.nodes.city import City
from shared.nodes.node import ActivityNode, Position, node_id
from shared.nodes.taxonomy import CATEGORIES

_NAMESPACE = UUID("5d2b9a0e-6a3c-4c55-8f0e-0f6a7b1c2d33")

TOURIST_SOURCES: Final = frozenset({"guide"})

# Postgres stores every character but NUL.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError) as error:
        raise ValueError(f"no time zone is called {name!r}") from error
    return name


class Bounds(BaseModel):
    """Degrees (WGS 84)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    south: Annotated[float, Field(ge=-90, le=90)]
    west: Annotated[float, Field(ge=-180, le=180)]
    north: Annotated[float, Field(ge=-90, le=90)]
    east: Annotated[float, Field(ge=-180, le=180)]

    @model_validator(mode="after")
    def _hold_something(self) -> Self:
        if not (self.south < self.north and self.west < self.east):
            raise ValueError("south must lie below north, and west before east")
        return self


class CityListing(BaseModel):
    """A city as a source describes it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
    name: Annotated[Text, Field(min_length=1, max_length=100)]
    country_code: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    time_zone: Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]
    bounds: Bounds
    snapshot: Annotated[Text, Field(min_length=1, max_length=64)]

    def city(self) -> City:
        """Return the city, with the source's snapshot until its nodes give it one."""
        return City(
            slug=self.slug,
            name=self.name,
            country_code=self.country_code,
            time_zone=self.time_zone,
            south=self.bounds.south,
            west=self.bounds.west,
            north=self.bounds.north,
            east=self.bounds.east,
            snapshot=self.snapshot,
        )


class Venue(BaseModel):
    """A place as a source lists it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    source_ref: Annotated[Text, Field(min_length=1, max_length=100)]
    name: Annotated[Text, Field(min_length=1, max_length=200)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    category: Annotated[Text, Field(max_length=40)]
    neighbourhood: Annotated[Text, Field(max_length=100)] | None = None
    cuisine: Annotated[Text, Field(max_length=60)] | None = None
    hours: Annotated[Text, Field(max_length=255)] | None = None
    hours_source: Literal["typical", "listed"] | None = None

    @property
    def is_known_kind(self) -> bool:
        """Whether the category is one that a trip can hold."""
        return self.category in CATEGORIES

    def node(self, city: str) -> ActivityNode:
        """Return the node that this venue is, without evidence; hours count with their source."""
        has_hours = bool(self.hours and self.hours_source)
        return ActivityNode(
            id=node_id(city, self.source_ref),
            city=city,
            name=self.name,
            category=self.category,
            position=Position(self.lat, self.lon),
            origin="sample" if self.source_ref.startswith("sample:") else "local",
            neighbourhood=self.neighbourhood,
            cuisine=self.cuisine,
            opening_hours=self.hours if has_hours else None,
            hours_source=self.hours_source if has_hours else None,
        )


class Post(BaseModel):
    """What one person wrote of one place."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Annotated[Text, Field(min_length=1, max_length=200)]
    source: Annotated[str, Field(pattern=r"^[a-z_]{1,30}$")]
    author: Annotated[Text, Field(max_length=100)]
    posted_at: AwareDatetime
    place: Annotated[Text, Field(max_length=200)]
    neighbourhood: Annotated[Text, Field(max_length=100)] | None = None
    text: Annotated[Text, Field(min_length=1, max_length=40_000)]
    sample: bool = False

    @property
    def key(self) -> UUID:
        """The post's id for ever, so that reading it twice stores it once."""
        return uuid5(_NAMESPACE, f"{self.source}/{self.id}")

    @property
    def is_local(self) -> bool:
        """Whether the source speaks with locals rather than to tourists."""
        return self.source not in TOURIST_SOURCES
