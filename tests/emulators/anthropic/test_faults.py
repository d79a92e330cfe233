import asyncio
import json

import httpx
import pytest
from anthropic import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncAnthropic,
    InternalServerError,
    OverloadedError,
    RateLimitError,
)

from tests.emulators.admin_client import AdminClient
from tests.emulators.anthropic.conformity import conforms
from tests.emulators.anthropic.prompts import (
    COFFEE_LOVER,
    MODEL,
    answer,
    candidates,
    message,
    ranking_prompt,
    ranking_schema,
    text,
)

PLACES = candidates(40)
PROMPT, SCHEMA = ranking_prompt(COFFEE_LOVER, PLACES), ranking_schema(PLACES)


@pytest.mark.parametrize(
    ("mode", "kind", "error"),
    [
        ("429", "rate_limit_error", RateLimitError),
        ("529", "overloaded_error", OverloadedError),
        ("500", "api_error", InternalServerError),
    ],
)
async def test_an_error_mode_answers_with_that_error_as_often_as_asked(
    client: AsyncAnthropic, admin: AdminClient, mode: str, kind: str, error: type[APIStatusError]
) -> None:
    await admin.faults(mode=mode, next=2)
    for _ in range(2):
        with pytest.raises(error) as met:
            await message(client, PROMPT)
        assert (met.value.status_code, met.value.type) == (int(mode), kind)
    assert (await message(client, PROMPT)).stop_reason == "end_turn"


async def test_a_429_says_when_to_come_back_and_the_client_does(
    url: str, admin: AdminClient
) -> None:
    await admin.faults(mode="429", retry_after_s=0.05)
    async with AsyncAnthropic(base_url=url, api_key="k", max_retries=1) as retrying:
        assert (await message(retrying, PROMPT)).stop_reason == "end_turn"
    assert (await admin.state())["calls"]["POST /v1/messages"] == 2


async def test_garbage_is_a_success_that_is_not_the_json_asked_for(
    client: AsyncAnthropic, admin: AdminClient
) -> None:
    await admin.faults(mode="garbage")
    found = await message(client, PROMPT, SCHEMA)
    assert found.stop_reason == "end_turn"
    with pytest.raises(json.JSONDecodeError):
        json.loads(text(found))


async def test_a_refusal_stops_for_that_reason_without_content(
    client: AsyncAnthropic, admin: AdminClient
) -> None:
    await admin.faults(mode="refusal")
    found = await message(client, PROMPT, SCHEMA)
    assert (found.stop_reason, found.content) == ("refusal", [])
    assert found.stop_details is not None
    assert found.stop_details.type == "refusal"


async def test_a_refusal_can_be_streamed(client: AsyncAnthropic, admin: AdminClient) -> None:
    await admin.faults(mode="refusal")
    async with client.messages.stream(
        model=MODEL, max_tokens=99, messages=[{"role": "user", "content": PROMPT}]
    ) as stream:
        final = await stream.get_final_message()
    assert (final.stop_reason, final.content) == ("refusal", [])


async def test_a_cut_off_answer_holds_the_first_half_of_the_json(
    client: AsyncAnthropic, admin: AdminClient
) -> None:
    whole = text(await message(client, PROMPT, SCHEMA))
    await admin.faults(mode="cut_off")
    found = await message(client, PROMPT, SCHEMA)
    assert found.stop_reason == "max_tokens"
    assert whole.startswith(text(found))
    assert 0.3 < len(text(found)) / len(whole) < 0.7


async def test_duplicates_keep_to_the_schema_and_repeat_aliases(
    client: AsyncAnthropic, admin: AdminClient
) -> None:
    await admin.faults(mode="duplicates")
    found = await answer(client, PROMPT, SCHEMA)
    assert conforms(found, SCHEMA, SCHEMA)
    assert len(found["ranking"]) == 24
    assert len(set(found["ranking"])) == 12


async def test_silence_lasts_until_the_client_goes_and_leaves_nothing_in_flight(
    client: AsyncAnthropic, admin: AdminClient
) -> None:
    await admin.faults(mode="silence")
    with pytest.raises(APITimeoutError):
        await message(client, PROMPT, timeout=0.3)
    await admin.until_idle()
    assert (await message(client, PROMPT)).stop_reason == "end_turn"


async def test_a_silent_call_is_in_flight(client: AsyncAnthropic, admin: AdminClient) -> None:
    await admin.faults(mode="silence")
    waiting = asyncio.create_task(message(client, PROMPT, timeout=1))
    while not (await admin.state())["calls"]:
        pass
    assert not await admin.is_idle()
    with pytest.raises(APITimeoutError):
        await waiting


async def test_a_mode_meets_only_prompts_that_hold_the_text(
    client: AsyncAnthropic, admin: AdminClient
) -> None:
    await admin.faults(mode="500", next=5, match="ramen")
    assert (await message(client, "noodles")).stop_reason == "end_turn"
    with pytest.raises(InternalServerError):
        await message(client, "a bowl of ramen")
    assert (await admin.state())["faults"]["next"] == 4


async def test_the_skeletons_faults_answer_with_the_apis_error_body(
    client: AsyncAnthropic, admin: AdminClient
) -> None:
    await admin.faults(fail_next=1, status=529, match="/v1/messages")
    with pytest.raises(OverloadedError) as met:
        await message(client, PROMPT)
    assert met.value.type == "overloaded_error"
    await admin.faults(disconnect_next=1)
    with pytest.raises(APIConnectionError):
        await message(client, PROMPT)
    await admin.faults(mode="500", latency_ms=50)
    await admin.faults()
    assert (await message(client, PROMPT)).stop_reason == "end_turn"


@pytest.mark.parametrize(
    "body", [{"mode": "rain"}, {"mode": "429", "next": -1}, {"mode": "429", "match": 5}]
)
async def test_a_fault_of_another_shape_is_refused(url: str, body: dict[str, object]) -> None:
    async with httpx.AsyncClient(base_url=url) as raw:
        response = await raw.post("/_emulator/faults", json=body)
    assert response.status_code == 400
