"""Tags become a persona, with the language model's words or without them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from functions.save_onboarding.operation import save
from shared.personas.description import Material, template_description
from shared.personas.onboarding import Onboarding
from shared.personas.taste import Answer
from shared.personas.traveller import Pace, Persona
from shared.spaces.archetypes import centroid
from shared.spend.llm import Outcome
from tests.builders import NOON
from tests.fakes import ScriptedLlm
from tests.shared.personas.places import an_answer

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


@dataclass
class Personas:
    said: list[Answer] = field(default_factory=list)

    async def answers(self, user_id: str, until: datetime) -> Sequence[Answer]:
        assert until == NOON - timedelta(minutes=2)
        return self.said


async def test_the_models_description_is_what_is_embedded_and_stored() -> None:
    encoder, travellers = Encoder(), Travellers()
    body = await save(TAGS, "me", NOON, ScriptedLlm(), encoder, travellers, Personas())
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
    body = await save(TAGS, "me", NOON, llm, encoder, travellers, Personas())
    assert body["source"] == "template"
    assert encoder.texts == [template_description(Material(TAGS.tags, TAGS.pace))]
    assert travellers.saved[0][3].source == "template"


@pytest.mark.parametrize("description", ["", "   \n", "x" * 601, None])
async def test_a_description_that_is_none_is_replaced_by_the_tags(description: object) -> None:
    encoder = Encoder()
    llm = ScriptedLlm(lambda _: {} if description is None else {"description": description})
    body = await save(TAGS, "me", NOON, llm, encoder, Travellers(), Personas())
    assert body["source"] == "template"


async def test_the_model_is_given_a_time_limit_within_the_request() -> None:
    llm = ScriptedLlm()
    await save(TAGS, "me", NOON, llm, Encoder(), Travellers(), Personas())
    assert llm.given_seconds == [8.0]


async def test_what_was_answered_before_is_not_forgotten_by_a_new_onboarding() -> None:
    llm, travellers = ScriptedLlm(), Travellers()
    said = Personas([an_answer("SAM"), an_answer("Gum Wall", "thumbs_down")])
    await save(TAGS, "me", NOON, llm, Encoder(), travellers, said)
    (question,) = llm.asked
    assert "SAM | museum" in question.text
    made_of = travellers.saved[0][3].made_of
    assert made_of is not None
    assert (made_of.tags, made_of.liked, made_of.passed) == (2, 1, 1)
    assert made_of.signals_until == NOON - timedelta(minutes=2)
