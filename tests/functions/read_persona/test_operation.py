"""A traveller sees what is known of their taste, and how far they are from warm."""

from dataclasses import replace

import pytest

from functions.read_persona.operation import read
from shared.personas.traveller import MadeOf, Traveller
from tests.builders import NOON, a_persona, a_traveller


class Travellers:
    def __init__(self, traveller: Traveller) -> None:
        self.traveller = traveller

    async def load(self, user_id: str) -> Traveller:
        return replace(self.traveller, id=user_id)


async def test_before_onboarding_there_is_no_persona() -> None:
    body = await read(Travellers(a_traveller()), "someone")
    assert body["persona"] is None
    assert body["onboarding_tags"] == {"food": ["ramen"]}


async def test_the_persona_is_shown_with_its_space_and_its_128_dimensions() -> None:
    body = await read(Travellers(a_traveller(persona=a_persona())), "someone")
    persona = body["persona"]
    assert persona["description"] == "Loves ramen."
    assert len(persona["embedding"]) == 128
    assert persona["space_version"] == 1
    assert persona["updated_at"] == NOON.isoformat()


async def test_what_a_description_was_made_of_is_shown_where_it_is_known() -> None:
    persona = replace(a_persona(), made_of=MadeOf(4, 10, 2, NOON))
    body = await read(Travellers(a_traveller(persona=persona)), "someone")
    assert body["persona"]["made_of"] == {
        "tags": 4,
        "liked": 10,
        "passed": 2,
        "signals_until": NOON.isoformat(),
    }
    older = await read(Travellers(a_traveller(persona=a_persona())), "someone")
    assert older["persona"]["made_of"] is None


@pytest.mark.parametrize(("choices", "cold"), [(0, True), (19, True), (20, False)])
async def test_the_choices_left_until_warm_can_be_read_off(choices: int, cold: bool) -> None:
    body = await read(Travellers(a_traveller(choices)), "someone")
    assert (body["choice_count"], body["warm_at"], body["is_cold"]) == (choices, 20, cold)
