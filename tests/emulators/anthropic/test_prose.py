import pytest
from anthropic import AsyncAnthropic

from tests.emulators.anthropic.prompts import answer, enum, message, obj, text

SENTENCE = {"type": "string"}
TAGS = (
    "<tags>\nfood: ramen, street food\ncoffee: espresso\noutdoors: long walks\npace: slow\n</tags>"
)
PLACES = """<persona>Slow coffee mornings and quiet rooms.</persona>
<ask>For each place one sentence of at most {words} words, for the morning.</ask>
<places>
<place-7c id="n1" name="Milstead &amp; Co" category="coffee_shop">
vibes: coffee-serious, quiet
Careful espresso under the Fremont bridge.
</place-7c>
<place-7c id="n2" name="Discovery Park" category="park">
vibes: fresh-air, view
</place-7c>
</places>"""


def narratives(*ids: str) -> dict[str, object]:
    row = obj(id=enum(ids), narrative=SENTENCE)
    return obj(narratives={"type": "array", "items": row})


async def test_a_persona_is_described_in_two_or_three_sentences_from_its_tags(
    client: AsyncAnthropic,
) -> None:
    prompt = f"{TAGS}\nDescribe this traveller in 2-3 sentences."
    found = (await answer(client, prompt, obj(description=SENTENCE)))["description"]
    assert found == (
        "On the food side this traveller looks for ramen and street food. They also look for "
        "espresso on the coffee side and for long walks on the outdoors side. Their pace is slow."
    )


async def test_tags_may_be_given_as_json(client: AsyncAnthropic) -> None:
    prompt = '<tags>{"food": ["ramen", "pie"], "pace": "slow"}</tags> Describe this traveller.'
    found = (await answer(client, prompt, obj(description=SENTENCE)))["description"]
    assert found == "On the food side this traveller looks for ramen and pie. Their pace is slow."


async def test_a_place_is_told_in_one_sentence_of_its_own_facts(client: AsyncAnthropic) -> None:
    found = await answer(client, PLACES.format(words=30), narratives("n1", "n2"))
    first, second = (row["narrative"] for row in found["narratives"])
    assert "Milstead & Co, a coffee shop: Careful espresso under the Fremont bridge" in first
    assert first.endswith("for the coffee-serious and quiet side of you.")
    assert "Discovery Park, a park with a fresh-air and view side" in second
    assert not {"Discovery", "view"} & set(first.split())


async def tell(client: AsyncAnthropic, evidence: str, asked: str = "in the evening") -> str:
    prompt = (
        f"<persona>jazz</persona><ask>One sentence, {asked}.</ask>\n"
        f'<place id="n1">\nname: Rain Room\nkind: bar\nevidence: {evidence}\n</place>'
    )
    found = await answer(client, prompt, narratives("n1"))
    return str(found["narratives"][0]["narrative"])


async def test_what_someone_says_of_themselves_is_quoted(client: AsyncAnthropic) -> None:
    told = await tell(client, "We danced until two.")
    assert told.endswith("Rain Room, a bar: “We danced until two.”")
    named = await tell(client, "I love Rain Room in November!")
    assert named == "For the evening, a bar: “I love Rain Room in November!”"


async def test_a_line_that_names_the_place_stands_alone(client: AsyncAnthropic) -> None:
    assert await tell(client, "Rain Room pours rye.") == "Rain Room pours rye."


async def test_a_line_too_long_gives_way_to_one_that_fits(client: AsyncAnthropic) -> None:
    lines = "The jazz at the back goes on for as long as somebody is listening. It has jazz."
    assert await tell(client, lines, "at most 9 words") == "Rain Room: It has jazz."


@pytest.mark.parametrize("words", [5, 8, 12, 20])
async def test_prose_keeps_to_the_words_asked_for(client: AsyncAnthropic, words: int) -> None:
    found = await answer(client, PLACES.format(words=words), narratives("n1", "n2"))
    for row in found["narratives"]:
        assert len(row["narrative"].split()) <= words
        assert row["narrative"].endswith(".")


async def test_a_limit_in_the_schemas_description_counts_before_the_prompts(
    client: AsyncAnthropic,
) -> None:
    limited = obj(description={"type": "string", "description": "one sentence, at most 12 words"})
    prompt = f"{TAGS}\nDescribe this traveller in at most 60 words."
    found = (await answer(client, prompt, limited))["description"]
    assert found == "On the food side this traveller looks for ramen and street food."


async def test_without_a_schema_the_given_facts_are_told_in_plain_text(
    client: AsyncAnthropic,
) -> None:
    found = text(await message(client, f"{TAGS}\nWho is this?"))
    assert found.startswith("On the food side this traveller looks for ramen and street food.")


async def test_a_stated_fact_is_copied_into_the_property_of_its_name(
    client: AsyncAnthropic,
) -> None:
    schema = obj(name=SENTENCE, neighbourhood=SENTENCE, floors={"type": "integer"})
    prompt = "<place>\nname: Smith Tower\nneighbourhood: Pioneer Square\nfloors: 38\n</place>"
    assert await answer(client, prompt, schema) == {
        "name": "Smith Tower",
        "neighbourhood": "Pioneer Square",
        "floors": 38,
    }
