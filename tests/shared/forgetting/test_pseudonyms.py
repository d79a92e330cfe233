"""A name for each trip, that follows from nothing and keeps the label of the simulated."""

from uuid import uuid4

from shared.forgetting.pseudonyms import Pseudonyms
from tests.builders import an_id


def test_a_story_keeps_its_name_and_no_other_has_it() -> None:
    names = Pseudonyms("ana", uuid4)
    assert names.of(an_id("trip")) == names.of(an_id("trip"))
    assert names.of(an_id("trip")) != names.of(an_id("another"))


def test_a_name_follows_neither_from_the_person_nor_from_the_trip() -> None:
    assert Pseudonyms("ana", uuid4).of(an_id("trip")) != Pseudonyms("ana", uuid4).of(an_id("trip"))
    given = Pseudonyms("ana", lambda: an_id("given"))
    assert given.of(an_id("trip")) == f"forgotten-{an_id('given').hex}"


def test_a_simulated_traveller_stays_labelled() -> None:
    named = Pseudonyms("simulated-17", uuid4).of(an_id("trip"))
    assert named.startswith("simulated-forgotten-")
