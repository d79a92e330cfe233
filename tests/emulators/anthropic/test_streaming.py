import asyncio
import json
from typing import Any

from anthropic import Anthropic, AsyncAnthropic

from tests.emulators.anthropic.prompts import (
    COFFEE_LOVER,
    MODEL,
    answer,
    candidates,
    message,
    ranking_prompt,
    ranking_schema,
)

PLACES = candidates(40)
PROMPT, SCHEMA = ranking_prompt(COFFEE_LOVER, PLACES), ranking_schema(PLACES)
REQUEST: Any = {
    "model": MODEL,
    "max_tokens": 1000,
    "messages": [{"role": "user", "content": PROMPT}],
    "output_config": {"format": {"type": "json_schema", "schema": SCHEMA}},
}


async def test_the_events_come_in_the_apis_order(client: AsyncAnthropic) -> None:
    raw = await client.messages.with_raw_response.create(**REQUEST, stream=True)
    body = (await raw.http_response.aread()).decode()
    names = [line.removeprefix("event: ") for line in body.splitlines() if line[:6] == "event:"]
    deltas = names.count("content_block_delta")
    assert deltas > 5
    assert names == [
        "message_start",
        "content_block_start",
        "ping",
        *["content_block_delta"] * deltas,
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]


async def test_a_stream_says_what_the_whole_answer_says(client: AsyncAnthropic) -> None:
    async with client.messages.stream(**REQUEST) as stream:
        told = "".join([text async for text in stream.text_stream])
        final = await stream.get_final_message()
    assert json.loads(told) == await answer(client, PROMPT, SCHEMA, max_tokens=1000)
    whole = await message(client, PROMPT, SCHEMA, max_tokens=1000)
    assert (final.id, final.stop_reason) == (whole.id, "end_turn")
    assert final.usage.output_tokens == whole.usage.output_tokens
    assert final.usage.input_tokens == whole.usage.input_tokens


async def test_a_stream_too_is_cut_at_max_tokens(client: AsyncAnthropic) -> None:
    async with client.messages.stream(**REQUEST | {"max_tokens": 10}) as stream:
        final = await stream.get_final_message()
    assert final.stop_reason == "max_tokens"
    assert final.usage.output_tokens == 10


async def test_the_synchronous_client_streams_as_well(url: str) -> None:
    def told() -> str:
        with (
            Anthropic(base_url=url, api_key="any-key", max_retries=0) as client,
            client.messages.stream(**REQUEST) as stream,
        ):
            return stream.get_final_text()

    assert len(json.loads(await asyncio.to_thread(told))["ranking"]) == 24
