import json
from typing import Any, Literal

import pytest
from anthropic import APIStatusError, AsyncAnthropic, BadRequestError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from tests.emulators.anthropic.conformity import conforms
from tests.emulators.anthropic.prompts import MODEL, answer, enum, obj, options_array

PROMPT = (
    "<persona>quiet coffee and jazz</persona>\n"
    '<post id="a">A calm corner for jazz, 12 seats.</post>\n<post id="b">Loud.</post>\n'
    "quiet: calm\nlively: loud\nAt most 2, please."
)

_LEAVES = st.one_of(
    st.sampled_from([{"type": one} for one in ("string", "integer", "number", "boolean", "null")]),
    st.sampled_from([{"enum": ["quiet", "lively"]}, {"enum": ["a", "b"], "type": "string"}]),
    st.sampled_from([{"type": "integer", "enum": [0, 1, 2]}, {"enum": [1.5, True, None, "x"]}]),
    st.sampled_from([{"const": "fixed"}, {"const": None}, {"$ref": "#/$defs/Mood"}]),
    st.sampled_from([{"type": "string", "format": "date"}, {"type": ["string", "null"]}]),
)
_NAMES = st.sampled_from(["name", "quote", "summary", "vibes", "id", "rank", "why", "open"])


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.dictionaries(_NAMES, inner, min_size=1, max_size=4).map(lambda of: obj(**of)),
        inner.map(lambda items: {"type": "array", "items": items}),
        inner.map(lambda items: {"type": "array", "items": items, "minItems": 1}),
        st.lists(inner, min_size=1, max_size=2).map(lambda variants: {"anyOf": variants}),
    )


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(schema=st.recursive(_LEAVES, _nested, max_leaves=8))
async def test_the_answer_conforms_to_any_schema_of_the_subset(
    client: AsyncAnthropic, schema: dict[str, Any]
) -> None:
    schema = obj(it=schema) | {"$defs": {"Mood": enum(["quiet", "lively"])}}
    found = await answer(client, PROMPT, schema)
    assert conforms(found, schema, schema), found


async def test_a_pydantic_model_comes_back_parsed_by_the_client(client: AsyncAnthropic) -> None:
    class Stop(BaseModel):
        kind: Literal["bar", "cafe"]
        quiet: bool
        note: str | None = None

    class Day(BaseModel):
        stops: list[Stop]

    messages: Any = [{"role": "user", "content": "<persona>A quiet cafe.</persona>"}]
    parsed = await client.messages.parse(
        model=MODEL, max_tokens=300, messages=messages, output_format=Day
    )
    assert parsed.parsed_output is not None
    (stop,) = parsed.parsed_output.stops
    assert (stop.kind, stop.quiet) == ("cafe", True)


async def test_properties_come_required_first_in_the_schemas_order(
    client: AsyncAnthropic,
) -> None:
    schema = obj(b=enum(["x"]), a={"type": "string"}, c=enum(["y"])) | {"required": ["a", "c"]}
    assert list(await answer(client, PROMPT, schema)) == ["a", "c", "b"]


async def test_a_nullable_choice_is_null_where_nothing_speaks_for_an_option(
    client: AsyncAnthropic,
) -> None:
    schema = obj(mood={"anyOf": [enum(["noisy", "quiet"]), {"type": "null"}]})
    assert await answer(client, "<ask>a quiet bar</ask>", schema) == {"mood": "quiet"}
    assert await answer(client, "<ask>trees</ask>", schema) == {"mood": None}


STRING, ANY = {"type": "string"}, {"type": "integer"}
LOOP = {"$ref": "#/$defs/Node"}
REFUSED = {
    "an open object": (
        {"type": "object", "properties": {}},
        "For 'object' type, 'additionalProperties' must be explicitly set to false",
    ),
    "additional properties": (
        {"type": "object", "properties": {}, "additionalProperties": True},
        (
            "For 'object' type, 'additionalProperties: true' is not supported. "
            "Please set 'additionalProperties' to false"
        ),
    ),
    "bounds of a number": (
        obj(n={"type": "integer", "minimum": 0, "maximum": 9}),
        "For 'integer' type, properties maximum, minimum are not supported",
    ),
    "the length of a string": (
        obj(s={"type": "string", "minLength": 1}),
        "For 'string' type, property 'minLength' is not supported",
    ),
    "the length of an array": (
        obj(a={"type": "array", "items": STRING, "maxItems": 4}),
        "For 'array' type, property 'maxItems' is not supported",
    ),
    "minItems above 1": (
        obj(a={"type": "array", "items": STRING, "minItems": 2}),
        "For 'array' type, 'minItems' values other than 0 or 1 are not supported",
    ),
    "recursion": (
        obj(tree=LOOP) | {"$defs": {"Node": obj(inner=LOOP)}},
        (
            "Circular reference detected in schema definitions: Node -> Node. Self-referencing or "
            "mutually-referencing definitions are not supported."
        ),
    ),
    "oneOf": (obj(x={"oneOf": [STRING, ANY]}), "Schema type 'oneOf' is not supported"),
    "25 optional properties": (
        obj(**{f"p{at}": STRING for at in range(25)}) | {"required": []},
        (
            "Schemas contains too many optional parameters (25), which would make grammar "
            "compilation inefficient. Reduce the number of optional parameters in your tool "
            "schemas (limit: 24)."
        ),
    ),
    "17 unions": (
        obj(**{f"p{at}": {"type": ["string", "null"]} for at in range(17)}),
        (
            "Schemas contains too many parameters with union types (17 parameters with type arrays "
            "or anyOf). Reduce the number of nullable or union-typed parameters (limit: 16)."
        ),
    ),
    "an outside reference": (
        obj(x={"$ref": "https://example.com/x.json"}),
        "External $ref 'https://example.com/x.json' is not supported.",
    ),
    "a reference to nothing": (
        obj(x={"$ref": "#/$defs/None"}),
        "$ref '#/$defs/None' names no definition of this schema.",
    ),
    "an enum of objects": (
        obj(x={"enum": [{"a": 1}]}),
        "'enum' and 'const' take strings, numbers, booleans and null only.",
    ),
    "an unknown type": (obj(x={"type": "text"}), "Schema type 'text' is not supported"),
    "a list as schema": ([], "Input should be a valid dictionary"),
}


@pytest.mark.parametrize(("schema", "sentence"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_structured_outputs_do_not_take_is_refused(
    client: AsyncAnthropic, schema: Any, sentence: str
) -> None:
    with pytest.raises(BadRequestError) as refused:
        await answer(client, "anything", schema)
    assert refused.value.type == "invalid_request_error"
    assert refused.value.api_message == f"output_config.format.schema: {sentence}"


@pytest.mark.parametrize("keyword", ["allOf", "pattern"])
async def test_what_only_the_real_api_takes_is_unsupported_by_name(
    client: AsyncAnthropic, keyword: str
) -> None:
    with pytest.raises(APIStatusError) as refused:
        await answer(client, "anything", obj(x=STRING | {keyword: "^a$"}))
    assert refused.value.status_code == 501
    assert f"'{keyword}'" in str(refused.value.api_message)


async def test_a_schema_of_200_options_twice_over_is_taken(client: AsyncAnthropic) -> None:
    options = [f"c{at:03d}" for at in range(200)]
    schema = obj(first=options_array(options), second=options_array(options))
    assert len((await answer(client, "exactly 200", schema))["second"]) == 200


async def test_references_that_multiply_are_stopped(client: AsyncAnthropic) -> None:
    defs = {f"d{at}": obj(a={"$ref": f"#/$defs/d{at + 1}"}, b={"$ref": f"#/$defs/d{at + 1}"})
            for at in range(30)}  # fmt: skip
    schema = obj(x={"$ref": "#/$defs/d0"}) | {"$defs": defs | {"d30": STRING}}
    with pytest.raises(BadRequestError, match="compiled grammar is too large"):
        await answer(client, "anything", schema)
    assert len(json.dumps(schema)) < 10_000
