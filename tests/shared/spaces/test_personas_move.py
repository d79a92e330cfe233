"""On the real encoder a persona follows what its traveller does."""

import pytest

from shared.personas.description import Material, template_description
from shared.personas.taste import Taste
from shared.spaces.archetypes import Archetype, centroid, cosine, nearest_archetype
from shared.spaces.text_vectors import TextVectors
from tests.shared.personas.places import a_place

FOOD = {"food": ["ramen", "street food", "bakeries"]}
MUSEUMS = tuple(a_place(number) for number in range(10))
TRAILS = tuple(
    a_place(number, category="trail", vibe_tags=("fresh-air", "view")) for number in range(10)
)
DINERS = tuple(
    a_place(number, category="restaurant", vibe_tags=("comfort-food", "spicy"))
    for number in range(10)
)


def nearness(vectors: TextVectors, material: Material, to: Archetype) -> float:
    (persona,) = vectors.personas([template_description(material)])
    return cosine(persona.tolist(), centroid(to))


def test_a_food_lover_who_accepts_museums_moves_towards_culture_and_away_from_food(
    vectors: TextVectors,
) -> None:
    before, after = Material(FOOD), Material(FOOD, None, Taste(MUSEUMS))
    gained = nearness(vectors, after, "culture_first") - nearness(vectors, before, "culture_first")
    lost = nearness(vectors, before, "food_first") - nearness(vectors, after, "food_first")
    assert gained > 0.05
    assert lost > 0.05


@pytest.mark.parametrize(
    ("liked", "archetype"),
    [(MUSEUMS, "culture_first"), (TRAILS, "outdoors_first"), (DINERS, "food_first")],
)
def test_answers_alone_make_a_persona_of_the_right_archetype(
    liked: tuple[object, ...], archetype: Archetype, vectors: TextVectors
) -> None:
    told = template_description(Material({}, None, Taste(liked)))  # type: ignore[arg-type]
    (persona,) = vectors.personas([told])
    assert nearest_archetype(persona.tolist()) == archetype


def test_what_was_passed_pulls_a_persona_nowhere(vectors: TextVectors) -> None:
    passed = tuple(a_place(number, -1.5) for number in range(10))
    alone = nearness(vectors, Material({}, None, Taste(TRAILS)), "culture_first")
    beside = nearness(vectors, Material({}, None, Taste(TRAILS, passed)), "culture_first")
    mixed = nearness(vectors, Material({}, None, Taste(TRAILS + MUSEUMS)), "culture_first")
    assert beside == alone
    assert mixed > alone + 0.02
