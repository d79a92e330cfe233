"""The sample's posts are marked as samples, kind to every business, and rich enough to rank by."""

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from functools import cache

import pytest

from shared.nodes.taxonomy import CATEGORIES, VIBES
from tests.emulators.sources.seattle import (
    FOLDER,
    LOCAL,
    Spot,
    landmarks,
    posts,
    sentences,
    spot,
    venues,
    vibes_in,
)

UNKIND = re.compile(
    r"""\b(
    avoid\w*|overrated|skip\w*|terribl\w*|horribl\w*|awful\w*|slow\w*|rude\w*|dirty|gross|stale|bland
    |overpriced|expensive\w*|pricey|costs?|rip-?offs?|traps?|tourist\w*|lines?|lined|queue\w*|crowd\w*
    |wait\w*|bad\w*|worse|worst|disappoint\w*|mediocre|boring|noisy|ugly|unfriendly|understaffed
    |complain\w*|regret\w*|hate\w*|never\ again|better\ than|closed|shut|sick|poison\w*
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
CROWDING = re.compile(r"\b(crowd|queue|line|wait|price|overrated|avoid)\w*", re.IGNORECASE)
CROWDED = (
    *("Space Needle", "Pike Place Market", "Seattle Great Wheel", "Kerry Park"),
    *("Gum Wall", "Chihuly Garden and Glass", "Fremont Troll"),
)
BELOVED = ("Gas Works Park", "Discovery Park", "Volunteer Park", "Kubota Garden", "Seward Park")


def local_posts_per_venue() -> Counter[Spot]:
    return Counter(spot(post) for post in posts() if post["source"] in LOCAL)


def crowding_authors(place: str) -> set[str]:
    told = (post for post in posts() if post["place"] == place and post["source"] in LOCAL)
    return {post["author"] for post in told if CROWDING.search(post["text"])}


def test_every_post_says_that_it_is_a_sample_and_who_told_it_where_and_when() -> None:
    fields = ["id", "source", "author", "posted_at", "place", "neighbourhood", "text", "sample"]
    letter = {"reddit": "r", "blog": "b", "forum": "f", "guide": "g"}
    first, last = datetime(2025, 6, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    for post in posts():
        assert list(post) == fields
        assert post["sample"] is True
        assert re.fullmatch(rf"sample-seattle-{letter[post['source']]}-\d{{4}}", post["id"])
        assert first <= datetime.fromisoformat(post["posted_at"]) < last
    assert len({post["id"] for post in posts()}) == len(posts()) >= 1000


def test_the_posts_stay_small_to_carry() -> None:
    assert (FOLDER / "posts.ndjson").stat().st_size < 600_000


def test_every_post_is_about_one_venue_and_names_it() -> None:
    known = set(map(spot, venues()))
    assert [post["id"] for post in posts() if spot(post) not in known] == []
    assert [post["id"] for post in posts() if post["place"] not in post["text"]] == []


def test_every_venue_is_told_by_at_least_two_locals() -> None:
    told = local_posts_per_venue()
    assert [spot(venue) for venue in venues() if told[spot(venue)] < 2] == []
    by_author = Counter((spot(post), post["author"]) for post in posts())
    assert max(by_author.values()) == 1


def test_nothing_unkind_is_said_of_a_place_that_is_no_landmark() -> None:
    for post in posts():
        if spot(post) not in landmarks():
            said = post["text"].replace(post["place"], "")
            assert not UNKIND.search(said), post


def test_no_post_names_another_business_beside_its_own() -> None:
    indoors = (venue for venue in venues() if CATEGORIES[venue["category"]].indoor)
    # A name of one word is a word: nobody who says "oak" or "homer" means the pub or the kitchen.
    businesses = {venue["name"] for venue in indoors if " " in venue["name"]}
    public = {name for name, _ in landmarks()}
    for post in posts():
        others = {name for name in businesses - public if name in post["text"]}
        assert all(name in post["place"] for name in others), post


@pytest.mark.parametrize("place", CROWDED)
def test_a_crowded_landmark_is_praised_by_guides_and_not_by_most_locals(place: str) -> None:
    locals_ = {p["author"] for p in posts() if p["place"] == place and p["source"] in LOCAL}
    assert len(crowding_authors(place)) >= 4
    assert len(crowding_authors(place)) > len(locals_) / 2
    assert sum(p["place"] == place and p["source"] == "guide" for p in posts()) >= 2


@pytest.mark.parametrize("place", BELOVED)
def test_a_landmark_that_locals_love_is_not_told_as_crowded(place: str) -> None:
    assert crowding_authors(place) == set()


def test_no_sentence_is_read_more_than_three_times() -> None:
    read = Counter(sentence for post in posts() for sentence in sentences(post["text"]))
    assert [sentence for sentence, count in read.items() if count > 3] == []


def test_every_post_opens_with_a_sentence_short_enough_to_quote() -> None:
    for post in posts():
        assert 7 <= len(sentences(post["text"])[0].split()) <= 26, post


@pytest.mark.parametrize("tag", VIBES)
def test_every_vibe_is_told_of_at_least_eight_venues(tag: str) -> None:
    assert len(venues_by_vibe()[tag]) >= 8


def test_every_venue_tells_of_at_least_one_vibe() -> None:
    told = set().union(*venues_by_vibe().values())
    assert [spot(venue) for venue in venues() if spot(venue) not in told] == []


@cache
def venues_by_vibe() -> defaultdict[str, set[Spot]]:
    found: defaultdict[str, set[Spot]] = defaultdict(set)
    for post in posts():
        if post["source"] in LOCAL:
            for tag in vibes_in(post["text"]):
                found[tag].add(spot(post))
    return found
