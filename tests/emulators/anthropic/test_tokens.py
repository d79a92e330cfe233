import json

import pytest
from anthropic import AsyncAnthropic
from hypothesis import given
from hypothesis import strategies as st

from emulators.anthropic import tokens
from tests.emulators.anthropic.prompts import (
    COFFEE_LOVER,
    MODEL,
    candidates,
    message,
    ranking_prompt,
    ranking_schema,
    text,
)

TAGS = "<tags>\nfood: ramen, street food\npace: slow\n</tags>\nDescribe this traveller."


@given(st.text())
def test_the_tokens_of_a_text_are_the_whole_text(of: str) -> None:
    assert "".join(tokens.split(of)) == of


@pytest.mark.parametrize(
    ("of", "pieces"),
    [
        ("Slow coffee.", ["Slow", " coffee", "."]),
        ('["c017"]', ['["', "c", "017", '"]']),
        ("contemplative  x", ["contemp", "lative", "  ", "x"]),
    ],
)
def test_tokens_follow_the_stated_rule(of: str, pieces: list[str]) -> None:
    assert tokens.split(of) == pieces


async def test_usage_counts_prompt_system_and_answer(client: AsyncAnthropic) -> None:
    found = await message(client, TAGS, system="Be kind.")
    frame = tokens.REQUEST_OVERHEAD + tokens.MESSAGE_OVERHEAD
    assert found.usage.input_tokens == frame + tokens.count(TAGS) + tokens.count("Be kind.")
    assert found.usage.output_tokens == tokens.count(text(found))
    assert found.usage.cache_read_input_tokens == found.usage.cache_creation_input_tokens == 0


async def test_count_tokens_tells_what_the_message_will_cost(client: AsyncAnthropic) -> None:
    counted = await client.messages.count_tokens(
        model=MODEL, messages=[{"role": "user", "content": TAGS}]
    )
    assert counted.input_tokens == (await message(client, TAGS)).usage.input_tokens


async def test_an_answer_longer_than_max_tokens_is_cut_off(client: AsyncAnthropic) -> None:
    whole, cut = await message(client, TAGS), await message(client, TAGS, max_tokens=5)
    assert (whole.stop_reason, cut.stop_reason) == ("end_turn", "max_tokens")
    assert text(whole).startswith(text(cut))
    assert cut.usage.output_tokens == 5


async def test_an_answer_of_exactly_max_tokens_is_whole(client: AsyncAnthropic) -> None:
    whole = await message(client, TAGS)
    again = await message(client, TAGS, max_tokens=whole.usage.output_tokens)
    assert (again.stop_reason, text(again)) == ("end_turn", text(whole))


async def test_a_stop_sequence_ends_the_answer_before_it(client: AsyncAnthropic) -> None:
    found = await message(client, TAGS, stop_sequences=["nowhere", " and"])
    assert (found.stop_reason, found.stop_sequence) == ("stop_sequence", " and")
    assert text(found) == "On the food side this traveller looks for ramen"


async def test_24_aliases_with_bands_cost_under_300_tokens(client: AsyncAnthropic) -> None:
    places = candidates()
    found = await message(client, ranking_prompt(COFFEE_LOVER, places), ranking_schema(places))
    assert len(json.loads(text(found))["ranking"]) == 24
    assert 100 < found.usage.output_tokens < 300
