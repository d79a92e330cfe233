"""What a source sends is checked field by field before anything of it is stored."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from shared.sources.post import CityListing, Post, Venue
from tests.builders import a_listing, a_post, a_venue


def reread(original: BaseModel, **changes: object) -> Any:
    sent = {**original.model_dump(mode="json"), **changes}
    return type(original).model_validate_json(json.dumps(sent))


@pytest.mark.parametrize("original", [a_listing(), a_venue(), a_post()])
def test_what_is_whole_is_read_as_it_was_and_more_is_ignored(original: BaseModel) -> None:
    assert reread(original, unheard_of=1) == original


@pytest.mark.parametrize(
    "change",
    [
        {"slug": "Seattle"},
        {"slug": "../x"},
        {"country_code": "usa"},
        {"time_zone": "America/Atlantis"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": ""},
        {"bounds": {"south": 47.8, "west": -122.5, "north": 47.4, "east": -122.1}},
        {"bounds": {"south": 47.4, "west": -122.1, "north": 47.8, "east": -122.5}},
        {"bounds": {"south": 47.4, "west": -122.5, "north": 97.8, "east": -122.1}},
        {"name": ""},
        {"name": "a\0b"},
    ],
    ids=repr,
)
def test_a_listing_that_no_city_can_be_made_of_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        reread(a_listing(), **change)


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"name": "a\0b"},
        {"source_ref": ""},
        {"lat": 91},
        {"lon": -181},
        {"lat": "nan"},
        {"hours_source": "guessed"},
        {"neighbourhood": "\0"},
    ],
    ids=repr,
)
def test_a_venue_that_no_node_can_be_made_of_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        reread(a_venue(), **change)


@pytest.mark.parametrize(
    "change",
    [
        {"text": ""},
        {"text": "x" * 40_001},
        {"text": "a\0b"},
        {"author": "\0"},
        {"source": "Reddit"},
        {"source": "reddit<script>"},
        {"posted_at": "yesterday"},
        {"posted_at": "2026-11-23T12:00:00"},
        {"id": ""},
    ],
    ids=repr,
)
def test_a_post_that_cannot_be_stored_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        reread(a_post(), **change)


def test_a_post_is_the_same_post_wherever_it_is_read() -> None:
    post: Post = a_post()
    assert reread(post, text="edited").key == post.key
    assert reread(post, source="blog").key != post.key


def test_only_guides_speak_to_tourists() -> None:
    assert a_post(1, source="reddit").is_local
    assert not a_post(1, source="guide").is_local


def test_a_venue_becomes_a_node_without_evidence() -> None:
    venue: Venue = a_venue(1)
    node = venue.node("seattle")
    assert (node.name, node.city, node.origin) == ("Place 1", "seattle", "sample")
    assert (node.opening_hours, node.hours_source) == ("Mo-Su 07:00-19:00", "typical")
    assert (node.cross_ref_confidence, node.vibe_tags, node.summary) == (None, (), "")


def test_what_is_not_marked_as_a_sample_is_local() -> None:
    assert a_venue(1, source_ref="osm:node/1").node("seattle").origin == "local"


@pytest.mark.parametrize("change", [{"hours": None}, {"hours": ""}, {"hours_source": None}])
def test_hours_and_their_source_come_together_or_not_at_all(change: dict[str, object]) -> None:
    node = a_venue(1, **change).node("seattle")
    assert (node.opening_hours, node.hours_source) == (None, None)


def test_a_kind_of_place_outside_the_taxonomy_is_told() -> None:
    assert a_venue(1).is_known_kind
    assert not a_venue(1, category="car_wash").is_known_kind


def test_a_listing_is_a_city() -> None:
    listing: CityListing = a_listing()
    city = listing.city()
    assert (city.slug, city.south, city.east, city.snapshot) == ("seattle", 47.4, -122.1, "listed")
    assert city.zone.key == "America/Los_Angeles"
