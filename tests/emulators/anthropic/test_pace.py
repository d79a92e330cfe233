import asyncio
import time
from typing import Any

import httpx
import pytest
from anthropic import AsyncAnthropic

from emulators import anthropic as emulated
from emulators.anthropic.pace import PaceRejected
from emulators.skeleton.house import House
from tests.emulators.anthropic.prompts import MODEL, message

TAGS = "<tags>\nfood: ramen, street food\npace: slow\n</tags>\nDescribe this traveller."


async def set_pace(url: str, **options: float) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=url) as admin:
        response = await admin.post("/_emulator/options", json=options)
    response.raise_for_status()
    found: dict[str, Any] = response.json()
    return found


async def test_an_answer_takes_time_to_first_token_and_time_per_token(
    url: str, client: AsyncAnthropic
) -> None:
    tokens = (await message(client, TAGS)).usage.output_tokens
    assert await set_pace(url, ttft_s=0.1, tokens_per_s=100) == {
        "ttft_s": 0.1,
        "tokens_per_s": 100,
    }
    start = time.perf_counter()
    await message(client, TAGS)
    assert 0.1 + tokens / 100 <= time.perf_counter() - start < 0.1 + tokens / 100 + 0.5


async def test_a_streamed_answer_starts_after_the_first_token_and_flows(
    url: str, client: AsyncAnthropic
) -> None:
    await set_pace(url, ttft_s=0.1, tokens_per_s=100)
    start = time.perf_counter()
    messages: Any = [{"role": "user", "content": TAGS}]
    async with client.messages.stream(model=MODEL, max_tokens=200, messages=messages) as stream:
        arrived = [time.perf_counter() - start async for _ in stream.text_stream]
        final = await stream.get_final_message()
    assert arrived[0] >= 0.1
    assert arrived[-1] - arrived[0] >= (final.usage.output_tokens - 6) / 100 * 0.9


async def test_fifty_waiting_requests_wait_side_by_side(url: str, client: AsyncAnthropic) -> None:
    await set_pace(url, ttft_s=0.4)
    await message(client, TAGS)
    start, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(message(client, TAGS) for _ in range(50)))
    assert time.perf_counter() - start < 0.4 + 2.5
    assert time.process_time() - cpu < 2.5  # the 50 clients' own work included


async def test_the_pace_can_be_set_when_it_starts(house: House) -> None:
    options = {"anthropic.ttft_s": "0.6", "anthropic.tokens_per_s": "120", "other.option": "x"}
    opened = House(house.data_dir, house.clock, house.identity, options)
    running = await emulated.start(opened)
    async with httpx.AsyncClient(base_url=running.addresses["http"]) as admin:
        found = (await admin.get("/_emulator/options")).json()
    await running.stop()
    assert found == {"ttft_s": 0.6, "tokens_per_s": 120}


@pytest.mark.parametrize("option", [{"ttft": "1"}, {"ttft_s": "soon"}, {"tokens_per_s": "-1"}])
async def test_an_option_that_is_none_is_refused_at_the_start(
    house: House, option: dict[str, str]
) -> None:
    options = {f"anthropic.{name}": value for name, value in option.items()}
    with pytest.raises(PaceRejected, match=next(iter(option))):
        await emulated.start(House(house.data_dir, house.clock, house.identity, options))


async def test_an_option_that_is_none_is_refused_at_run_time(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as admin:
        response = await admin.post("/_emulator/options", json={"ttft_s": "soon"})
    assert response.status_code == 400
    assert "'ttft_s'" in response.json()["error"]["message"]
