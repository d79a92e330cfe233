from itertools import pairwise
from time import thread_time

import orjson
import pytest
from anthropic import AsyncAnthropic

from emulators.anthropic import reply, request
from tests.emulators.anthropic.prompts import (
    COFFEE_LOVER,
    HIKER,
    KINDS,
    MODEL,
    answer,
    candidates,
    enum,
    obj,
    options_array,
    ranking_prompt,
    ranking_schema,
)

PLACES = candidates()


@pytest.mark.parametrize(
    ("persona", "kind"), [(COFFEE_LOVER, "coffee_shop"), (HIKER, "trail")], ids=["coffee", "hiker"]
)
async def test_of_200_candidates_those_of_the_personas_kind_come_first(
    client: AsyncAnthropic, persona: str, kind: str
) -> None:
    found = await answer(client, ranking_prompt(persona, PLACES), ranking_schema(PLACES))
    assert [PLACES[alias] for alias in found["ranking"]] == [kind] * 24


async def test_the_same_request_twice_gets_the_same_bytes(client: AsyncAnthropic) -> None:
    bodies = [
        (
            await client.messages.with_raw_response.create(
                model=MODEL,
                max_tokens=500,
                messages=[{"role": "user", "content": ranking_prompt(HIKER, PLACES)}],
                output_config={"format": {"type": "json_schema", "schema": ranking_schema(PLACES)}},
            )
        ).http_response.content
        for _ in range(2)
    ]
    assert bodies[0] == bodies[1]


async def test_the_bands_beside_a_ranking_match_its_length_and_never_rise(
    client: AsyncAnthropic,
) -> None:
    prompt = ranking_prompt(COFFEE_LOVER, PLACES, "best 60")
    found = await answer(client, prompt, ranking_schema(PLACES))
    bands = found["confidence"]
    assert len(bands) == len(found["ranking"]) == 60
    assert bands[0] == 9
    assert all(before >= after for before, after in pairwise(bands))
    assert bands[-1] < bands[0]


@pytest.mark.parametrize(
    ("asked", "count"), [("exactly 7", 7), ("best 24", 24), ("top 3", 3), ("24 best", 24)]
)
async def test_exactly_as_many_are_ranked_as_asked_for_even_without_overlap(
    client: AsyncAnthropic, asked: str, count: int
) -> None:
    prompt = ranking_prompt("opera", PLACES, asked)
    found = await answer(client, prompt, ranking_schema(PLACES))
    assert len(found["ranking"]) == count
    assert len(set(found["ranking"])) == count


async def test_the_arrays_own_description_says_how_many_before_the_prompt_does(
    client: AsyncAnthropic,
) -> None:
    schema = obj(ranking=options_array(PLACES) | {"description": "Exactly 5 aliases."})
    found = await answer(client, ranking_prompt(HIKER, PLACES, "best 24"), schema)
    assert len(found["ranking"]) == 5


async def test_each_array_gets_the_number_that_stands_with_its_name(
    client: AsyncAnthropic,
) -> None:
    schema = obj(vibes=options_array(KINDS), aliases=options_array(PLACES))
    prompt = ranking_prompt(HIKER, PLACES, "best 9 aliases and exactly 2 vibes")
    found = await answer(client, prompt, schema)
    assert (len(found["vibes"]), len(found["aliases"])) == (2, 9)


async def test_at_most_n_are_given_and_only_those_with_a_word_in_common(
    client: AsyncAnthropic,
) -> None:
    few = candidates(8)
    schema = obj(ranking=options_array(few))
    found = await answer(client, ranking_prompt("espresso, reading", few, "at most 5"), schema)
    assert sorted(few[alias] for alias in found["ranking"]) == ["bookstore", "coffee_shop"]


async def test_without_a_number_those_in_common_are_given_and_at_least_one(
    client: AsyncAnthropic,
) -> None:
    lines = "a1: espresso\na2: jazz\na3: trails"
    schema = obj(best=options_array(["a1", "a2", "a3"]))
    for persona, best in (("jazz and trails", ["a2", "a3"]), ("opera", ["a1"])):
        prompt = f"<persona>{persona}</persona>\n{lines}\nWhich?"
        assert (await answer(client, prompt, schema))["best"] == best


async def test_a_rarer_word_weighs_more_than_a_common_one(client: AsyncAnthropic) -> None:
    lines = [f"c{at:03d} | Hall {at} | cafe | coffee" for at in range(20)]
    lines[13] = "c013 | Hall 13 | cafe | jazz"
    prompt = f"<persona>coffee and jazz</persona>\n{chr(10).join(lines)}\nThe best 1."
    found = await answer(
        client, prompt, obj(best=options_array([f"c{at:03d}" for at in range(20)]))
    )
    assert found["best"] == ["c013"]


async def test_what_stands_in_tags_outweighs_what_stands_around_them(
    client: AsyncAnthropic,
) -> None:
    prompt = (
        "Not about books, reading, pages at all.\n<persona>espresso</persona>\n"
        "coffee: careful espresso\nbooks: reading, pages, paper\n"
    )
    found = await answer(client, prompt, obj(choice=enum(["books", "coffee"])))
    assert found["choice"] == "coffee"


async def test_options_without_a_line_are_ranked_by_their_own_words(
    client: AsyncAnthropic,
) -> None:
    prompt = "<persona>long quiet afternoons</persona> Choose one."
    found = await answer(client, prompt, obj(vibe=enum(["late-night", "slow-afternoon"])))
    assert found["vibe"] == "slow-afternoon"


async def test_a_row_per_choice_is_answered_from_that_choices_line(
    client: AsyncAnthropic,
) -> None:
    few = candidates(8)
    row = obj(alias=enum(few), why={"type": "string"})
    schema = obj(picks={"type": "array", "items": row})
    found = await answer(client, ranking_prompt("espresso", few, "best 1"), schema)
    (pick,) = found["picks"]
    assert few[pick["alias"]] == "coffee_shop"
    assert "careful espresso" in pick["why"]


def test_ranking_200_candidates_costs_under_15_ms_of_cpu() -> None:
    schema = {"type": "json_schema", "schema": ranking_schema(PLACES)}
    body = orjson.dumps(
        {
            "model": MODEL,
            "max_tokens": 1000,
            "messages": [{"role": "user", "content": ranking_prompt(HIKER, PLACES)}],
            "output_config": {"format": schema},
        }
    )
    costs = []
    for _ in range(5):
        start = thread_time()
        reply.message(reply.compose(request.read(body)))
        costs.append(thread_time() - start)
    assert min(costs) < 0.015
