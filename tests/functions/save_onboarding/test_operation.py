"""Tags become a persona, with the language model's words or without them."""

from collections.abc import Mapping

import pytest

from functions.save_onboarding.operation import save
from shared.personas.onboarding import Onboarding, template_description
from shared.personas.traveller import Pace, Persona
from shared.spaces.archetypes import centroid
from shared.spend.llm import Outcome
from tests.builders import NOON
from tests.fakes import ScriptedLlm

TAGS = Onboarding(tags={"outdoors": ["trails", "sunsets"]}, pace="slow")


class Encoder:
    """Whatever is said, it lies where the outdoors are."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def to_persona(self, text: str) -> tuple[float, ...]:
        self.texts.append(text)
        return centroid("outdoors_first")


class Travellers:
    def __init__(self) -> None:
        self.saved: list[tuple[str, Mapping[str, list[str]], Pace | None, Persona]] = []

    async def save_onboarding(
        self, user_id: str, tags: Mapping[str, list[str]], pace: Pace | None, persona: Persona
    ) -> None:
        self.saved.append((user_id, tags, pace, persona))


async def test_the_models_description_is_what_is_embedded_and_stored() -> None:
    encoder, travellers = Encoder(), Travellers()
    body = await save(TAGS, "me", NOON, ScriptedLlm(), encoder, travellers)
    assert encoder.texts == ["Loves ramen and quiet coffee."]
    ((user_id, tags, pace, persona),) = travellers.saved
    assert (user_id, tags, pace) == ("me", TAGS.tags, "slow")
    assert persona.embedding == centroid("outdoors_first")
    assert (persona.source, persona.archetype, persona.updated_at) == (
        "llm",
        "outdoors_first",
        NOON,
    )
    assert body == {
        "description": "Loves ramen and quiet coffee.",
        "archetype": "outdoors_first",
        "space_version": 1,
        "source": "llm",
    }


@pytest.mark.parametrize("outcome", ["rate_limited", "overloaded", "late", "refused", "cut_off"])
async def test_with_the_model_away_the_tags_speak_for_themselves(outcome: Outcome) -> None:
    encoder, travellers = Encoder(), Travellers()
    llm = ScriptedLlm(failure=outcome)
    body = await save(TAGS, "me", NOON, llm, encoder, travellers)
    assert body["source"] == "template"
    assert encoder.texts == [template_description(TAGS)]
    assert travellers.saved[0][3].source == "template"


@pytest.mark.parametrize("description", ["", "   \n", "x" * 601, None])
async def test_a_description_that_is_none_is_replaced_by_the_tags(description: object) -> None:
    encoder = Encoder()
    llm = ScriptedLlm(lambda _: {} if description is None else {"description": description})
    body = await save(TAGS, "me", NOON, llm, encoder, Travellers())
    assert body["source"] == "template"


async def test_the_model_is_given_a_time_limit_within_the_request() -> None:
    llm = ScriptedLlm()
    await save(TAGS, "me", NOON, llm, Encoder(), Travellers())
    assert llm.given_seconds == [8.0]
