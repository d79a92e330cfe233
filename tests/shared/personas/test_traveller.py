"""Who is cold, and who stands in for someone who has told nothing yet."""

import math
from dataclasses import replace

import pytest

from shared.personas.default import MIDDLE, persona_of, why_a_stand_in
from shared.personas.traveller import WARM_CHOICES, Person
from shared.spaces.archetypes import ARCHETYPES, SPACE_VERSION, centroid, cosine
from tests.builders import a_persona, a_traveller


def test_twenty_is_the_hard_floor_of_the_seed() -> None:
    assert WARM_CHOICES == 20


@pytest.mark.parametrize(("choices", "cold"), [(0, True), (19, True), (20, False), (21, False)])
def test_a_traveller_is_cold_until_the_twentieth_choice(choices: int, cold: bool) -> None:
    assert a_traveller(choices).is_cold is cold


@pytest.mark.parametrize(
    ("role", "admin"), [("admin", True), ("traveller", False), ("Admin", False), ("", False)]
)
def test_only_the_role_admin_is_an_administrator(role: str, admin: bool) -> None:
    assert Person("x", role).is_admin is admin


def test_whoever_has_a_persona_is_seen_by_it() -> None:
    assert persona_of(a_traveller(persona=a_persona())) == a_persona()


def test_whoever_has_none_is_the_middle_of_the_archetypes() -> None:
    persona = persona_of(a_traveller())
    assert persona.embedding == MIDDLE
    assert (persona.source, persona.space_version) == ("template", SPACE_VERSION)
    assert persona.updated_at is None


def test_the_middle_is_a_direction_that_leans_to_every_archetype() -> None:
    assert math.hypot(*MIDDLE) == pytest.approx(1)
    nearness = [cosine(MIDDLE, centroid(name)) for name in ARCHETYPES]
    between = [cosine(centroid(a), centroid(b)) for a in ARCHETYPES for b in ARCHETYPES if a < b]
    assert min(nearness) > max(between)


def test_whoever_has_a_persona_of_another_space_is_seen_as_their_archetype() -> None:
    stale = a_traveller(persona=replace(a_persona(), space_version=0, archetype="culture_first"))
    persona = persona_of(stale)
    assert persona.embedding == centroid("culture_first")
    assert (persona.archetype, persona.space_version) == ("culture_first", SPACE_VERSION)
    assert why_a_stand_in(stale) == (
        "your persona is of text space 0 and this one is 1, "
        "so your archetype culture_first stands in for it"
    )


def test_nothing_stands_in_for_a_persona_of_this_space() -> None:
    assert why_a_stand_in(a_traveller(persona=a_persona())) is None
    assert why_a_stand_in(a_traveller()) is None
