import asyncio

import pytest
from anthropic import AsyncAnthropic, NotFoundError

from tests.emulators.admin_client import AdminClient
from tests.emulators.anthropic.prompts import MODEL, message

LONG = "A long walk. " * 1000


async def test_the_state_tells_calls_models_tokens_and_prompts(
    client: AsyncAnthropic, admin: AdminClient
) -> None:
    first = await message(client, "<ask>ramen</ask>", system="Be kind.")
    second = await message(client, LONG, model="claude-sonnet-4-6")
    await client.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": "x"}])
    state = await admin.state()
    assert state["calls"] == {"POST /v1/messages": 2, "POST /v1/messages/count_tokens": 1}
    assert state["models"] == {"claude-haiku-4-5-20251001": 1, "claude-sonnet-4-6": 1}
    assert state["tokens"] == {
        "input": first.usage.input_tokens + second.usage.input_tokens,
        "output": first.usage.output_tokens + second.usage.output_tokens,
    }
    assert state["prompts"][0] == {
        "model": "claude-haiku-4-5-20251001",
        "system": "Be kind.",
        "user": "<ask>ramen</ask>",
        "input_tokens": first.usage.input_tokens,
        "stop_reason": "end_turn",
        "output_tokens": first.usage.output_tokens,
    }
    assert LONG.startswith(state["prompts"][1]["user"])
    assert len(state["prompts"][1]["user"]) == 2000


async def test_only_the_latest_50_prompts_are_kept(
    client: AsyncAnthropic, admin: AdminClient
) -> None:
    await message(client, "the first")
    await asyncio.gather(*(message(client, f"prompt {at}") for at in range(50)))
    prompts = [prompt["user"] for prompt in (await admin.state())["prompts"]]
    assert sorted(prompts) == sorted(f"prompt {at}" for at in range(50))


async def test_a_refused_request_counts_as_a_call_but_as_no_model(
    client: AsyncAnthropic, admin: AdminClient
) -> None:
    with pytest.raises(NotFoundError):
        await message(client, "x", model="claude-nowhere")
    state = await admin.state()
    assert state["calls"] == {"POST /v1/messages": 1}
    assert state["models"] == {}


async def test_a_reset_forgets_everything(client: AsyncAnthropic, admin: AdminClient) -> None:
    await message(client, "x")
    await admin.faults(mode="500")
    await admin.reset()
    state = await admin.state()
    assert (state["calls"], state["models"], state["prompts"]) == ({}, {}, [])
    assert state["tokens"] == {"input": 0, "output": 0}
    assert (await message(client, "x")).stop_reason == "end_turn"
