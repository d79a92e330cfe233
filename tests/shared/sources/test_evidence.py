"""Which posts speak for a place, and how far they carry it: arithmetic that a person can redo."""

from datetime import timedelta

import pytest

from shared.sources.evidence import Evidence, gather
from shared.sources.post import Post
from tests.builders import NOON, a_post, a_venue

VENUE = a_venue(1)


def of(*posts: Post) -> Evidence:
    return Evidence(VENUE, posts)


def voices(**authors_by_source: int) -> Evidence:
    """A place of which so many authors of each source wrote."""
    return of(
        *(
            a_post(1, source=source, author=f"{source} {number}")
            for source, count in authors_by_source.items()
            for number in range(count)
        )
    )


def test_a_post_belongs_to_the_place_that_it_names() -> None:
    first, second = gather([a_venue(1), a_venue(2)], [a_post(2), a_post(1), a_post(2, author="b")])
    assert (len(first.posts), len(second.posts)) == (1, 2)
    assert first.venue == a_venue(1)


def test_of_places_that_share_a_name_the_neighbourhood_decides() -> None:
    fremont = a_venue(1, name="Joe's", neighbourhood="Fremont")
    ballard = a_venue(2, name="Joe's", neighbourhood="Ballard")
    posts = [
        a_post(1, place="Joe's", neighbourhood="Ballard", author="b"),
        a_post(1, place="Joe's", neighbourhood="Fremont", author="f"),
        a_post(1, place="Joe's", neighbourhood=None, author="nowhere"),
        a_post(1, place="Joe's", neighbourhood="Wallingford", author="w"),
    ]
    gathered = gather([fremont, ballard], posts)
    assert [[post.author for post in found.posts] for found in gathered] == [["f"], ["b"]]


def test_names_agree_whatever_their_case_and_spaces() -> None:
    venue = a_venue(1, name="Café  Straße", neighbourhood=None)
    (found,) = gather([venue], [a_post(1, place=" CAFÉ STRASSE ", neighbourhood=None)])
    assert len(found.posts) == 1


def test_posts_come_newest_first_and_equals_always_in_one_order() -> None:
    old = a_post(1, id="a", posted_at=NOON - timedelta(days=1))
    new, twin = a_post(1, id="b"), a_post(1, id="c")
    for posts in ([old, new, twin], [twin, old, new], [new, twin, old]):
        assert [post.id for post in gather([VENUE], posts)[0].posts] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("evidence", "confidence"),
    [
        (voices(), None),
        (voices(reddit=1), 1 - 0.65),
        (voices(reddit=2), 1 - 0.65 * 0.65),
        (voices(reddit=3), 1 - 0.65 * 0.65 * 0.65),
        (voices(reddit=4), 1 - 0.65 * 0.65 * 0.65),
        (voices(reddit=100), 1 - 0.65 * 0.65 * 0.65),
        (voices(reddit=1, blog=1), 1 - 0.65 * 0.65),
        (voices(reddit=50, blog=2), 1 - 0.65 * 0.65 * 0.65 * 0.65 * 0.65),
        (voices(guide=9), None),
        (voices(guide=9, forum=1), 1 - 0.65),
    ],
)
def test_confidence_counts_local_authors_and_at_most_three_of_a_source(
    evidence: Evidence, confidence: float | None
) -> None:
    expected = None if confidence is None else round(confidence, 4)
    assert evidence.confidence() == expected


def test_one_author_is_one_voice_however_often_they_write() -> None:
    posts = (a_post(1, id=str(number), author="a fan") for number in range(30))
    assert of(*posts).confidence() == 0.35


def test_confidence_never_reaches_certainty() -> None:
    many = voices(reddit=3, blog=3, forum=3, paper=3)
    assert many.confidence() == pytest.approx(1 - 0.65**12, abs=1e-4)
    assert (many.confidence() or 0) < 1


@pytest.mark.parametrize(
    ("evidence", "tier"),
    [
        (voices(), 3),
        (voices(guide=5), 3),
        (voices(reddit=9), 2),
        (voices(reddit=1, guide=5), 2),
        (voices(reddit=1, blog=1), 1),
        (voices(reddit=1, blog=1, forum=1), 1),
    ],
)
def test_the_tier_says_how_many_local_sources_agree(evidence: Evidence, tier: int) -> None:
    assert evidence.tier() == tier


def test_counts_are_of_every_post_by_source() -> None:
    assert voices(reddit=4, guide=2).counts() == {"reddit": 4, "guide": 2}


def test_the_same_evidence_has_the_same_digest() -> None:
    assert of(a_post(1)).digest("e1") == of(a_post(1)).digest("e1")


@pytest.mark.parametrize(
    "other",
    [
        of(a_post(1), a_post(1, author="another")),
        of(),
        of(a_post(1, text="Shut on Mondays.")),
        of(a_post(1, author="another")),
        of(a_post(1, source="guide")),
        of(a_post(1, posted_at=NOON + timedelta(seconds=1))),
        Evidence(a_venue(1, name="Renamed"), (a_post(1),)),
        Evidence(a_venue(1, hours="Mo-Su 08:00-19:00"), (a_post(1),)),
        Evidence(a_venue(1, category="bakery"), (a_post(1),)),
        Evidence(a_venue(1, cuisine="thai"), (a_post(1),)),
        Evidence(a_venue(1, lat=47.7), (a_post(1),)),
    ],
)
def test_whatever_a_node_is_written_from_changes_its_digest(other: Evidence) -> None:
    assert other.digest("e1") != of(a_post(1)).digest("e1")


def test_another_model_or_prompt_changes_every_digest() -> None:
    assert of(a_post(1)).digest("haiku.vibes-1.s1") != of(a_post(1)).digest("haiku.vibes-2.s1")
