from typing import Any

import httpx
import pytest
from anthropic import (
    APIStatusError,
    AsyncAnthropic,
    AuthenticationError,
    BadRequestError,
    NotFoundError,
    omit,
)

from tests.emulators.anthropic.prompts import message

TOOL = {"name": "t", "input_schema": {"type": "object"}}
IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": ""}}


async def test_an_error_has_the_apis_body_and_headers(client: AsyncAnthropic) -> None:
    with pytest.raises(NotFoundError) as refused:
        await message(client, "hello", model="claude-nowhere")
    error = refused.value
    assert error.body == {
        "type": "error",
        "error": {"type": "not_found_error", "message": "model: claude-nowhere"},
        "request_id": error.request_id,
    }
    assert error.response.headers["anthropic-organization-id"]
    assert error.response.headers["anthropic-ratelimit-requests-limit"]


@pytest.mark.parametrize("sent", [omit, "Bearer"])
async def test_without_a_key_nobody_is_served(client: AsyncAnthropic, sent: Any) -> None:
    headers = {"authorization": sent}
    with pytest.raises(AuthenticationError) as refused:
        await message(client, "hello", extra_headers=headers)
    assert refused.value.type == "authentication_error"


async def test_a_key_may_come_as_x_api_key_as_from_older_clients(client: AsyncAnthropic) -> None:
    headers = {"authorization": "Bearer", "x-api-key": "any"}
    assert (await message(client, "hello", extra_headers=headers)).stop_reason == "end_turn"


@pytest.mark.parametrize("version", ["", "latest"])
async def test_without_a_version_that_is_a_date_the_request_is_refused(
    client: AsyncAnthropic, version: str
) -> None:
    with pytest.raises(BadRequestError, match="anthropic-version"):
        await message(client, "hello", extra_headers={"anthropic-version": version})


@pytest.mark.parametrize("model", ["claude-opus-4-7", "claude-haiku-5-5", "claude-fable-5"])
@pytest.mark.parametrize("parameter", [{"temperature": 0}, {"top_p": 0.9}, {"top_k": 5}])
async def test_newer_models_refuse_sampling_parameters(
    client: AsyncAnthropic, model: str, parameter: dict[str, float]
) -> None:
    with pytest.raises(BadRequestError) as refused:
        await message(client, "hello", model=model, extra_body=parameter)
    (name,) = parameter
    assert refused.value.api_message == f"`{name}` is deprecated for this model."


@pytest.mark.parametrize("model", ["claude-haiku-4-5", "claude-sonnet-4-6"])
async def test_older_models_take_a_temperature(client: AsyncAnthropic, model: str) -> None:
    found = await message(client, "hello", model=model, extra_body={"temperature": 0})
    assert found.stop_reason == "end_turn"


PREFILLED: Any = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "{"}]


async def test_models_since_4_6_refuse_a_prefilled_answer(client: AsyncAnthropic) -> None:
    with pytest.raises(BadRequestError, match="does not support assistant message prefill"):
        await message(client, "", model="claude-sonnet-4-6", messages=PREFILLED)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no messages": ({"messages": []}, "messages: at least one message is required"),
    "a strange role": (
        {"messages": [{"role": "system", "content": "x"}]},
        "messages.0.role: Input should be 'user' or 'assistant'",
    ),
    "an unknown field": ({"extra_body": {"colour": 1}}, "colour: Extra inputs are not permitted"),
    "too many tokens": (
        {"max_tokens": 64_001, "timeout": 5},
        (
            "max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens for "
            "claude-haiku-4-5-20251001"
        ),
    ),
    "max_tokens as text": (
        {"extra_body": {"max_tokens": "9"}},
        "max_tokens: Input should be a valid integer",
    ),
    "another format": (
        {"output_config": {"format": {"type": "xml"}}},
        "output_config.format.type: Input should be 'json_schema'",
    ),
    "a prompt beyond the context": (
        {"messages": [{"role": "user", "content": "word " * 210_000}]},
        "prompt is too long: 210013 tokens > 200000 maximum",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), BAD.values(), ids=BAD.keys())
async def test_a_bad_request_is_told_what_is_wrong(
    client: AsyncAnthropic, change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BadRequestError) as refused:
        await message(client, "hello", **change)
    assert refused.value.api_message == sentence


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"tools": [TOOL]}, "'tools'"),
        ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, "'thinking' of type enabled"),
        ({"messages": [{"role": "user", "content": [IMAGE]}]}, "of type 'image'"),
        ({"messages": PREFILLED}, "Assistant prefill"),
    ],
    ids=["tools", "thinking", "images", "prefill"],
)
async def test_what_the_emulator_cannot_do_is_unsupported_by_name_and_not_retried(
    url: str, change: dict[str, Any], named: str
) -> None:
    async with AsyncAnthropic(base_url=url, api_key="k", max_retries=2) as retrying:
        with pytest.raises(APIStatusError) as refused:
            await message(retrying, "hello", **change)
    assert refused.value.status_code == 501
    assert named in str(refused.value.api_message)
    assert refused.value.response.request.headers["x-stainless-retry-count"] == "0"


async def test_the_batches_api_is_unsupported_by_name(client: AsyncAnthropic) -> None:
    with pytest.raises(APIStatusError, match="POST /v1/messages/batches") as refused:
        await client.messages.batches.create(requests=[])
    assert refused.value.status_code == 501


async def test_a_body_that_is_no_json_is_refused(url: str) -> None:
    headers = {"x-api-key": "k", "anthropic-version": "2023-06-01"}
    async with httpx.AsyncClient(base_url=url, headers=headers) as raw:
        response = await raw.post("/v1/messages", content=b"{")
    assert response.status_code == 400
    assert response.json()["error"]["message"].startswith("The request body is not valid JSON")
