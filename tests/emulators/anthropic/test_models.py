import typing

import pytest
from anthropic import AsyncAnthropic, NotFoundError
from anthropic.types import model as client_models

from tests.emulators.anthropic.prompts import message

NAMED = typing.get_args(typing.get_args(client_models.Model)[0])


async def test_every_model_the_client_names_is_known(client: AsyncAnthropic) -> None:
    for name in NAMED:
        found = await client.models.retrieve(name)
        assert found.id.startswith(name)
        assert found.lifecycle == "active"


async def test_the_list_is_paged_newest_first(client: AsyncAnthropic) -> None:
    first = await client.models.list(limit=3)
    assert [model.id for model in first.data] == [
        "claude-fable-5-2",
        "claude-mythos-5-2",
        "claude-haiku-5-5",
    ]
    assert first.has_more
    ids = [model.id async for model in client.models.list(limit=7)]
    assert len(ids) == len(set(ids))
    assert {name for name in NAMED if name not in ids} == {
        "claude-haiku-4-5",
        "claude-opus-4-5",
        "claude-sonnet-4-5",
    }  # aliases stand for one of the listed
    before = await client.models.list(limit=2, before_id=ids[5])
    assert [model.id for model in before.data] == ids[3:5]


async def test_an_unknown_model_is_not_found(client: AsyncAnthropic) -> None:
    with pytest.raises(NotFoundError, match="model: gpt"):
        await client.models.retrieve("gpt")


async def test_an_alias_is_answered_by_the_model_it_stands_for(client: AsyncAnthropic) -> None:
    found = await message(client, "hello", model="claude-haiku-4-5")
    assert found.model == "claude-haiku-4-5-20251001"


async def test_the_newest_models_take_system_messages_in_between(client: AsyncAnthropic) -> None:
    turns = [{"role": "system", "content": "x: trees"}, {"role": "user", "content": "trees"}]
    found = await message(client, "", model="claude-haiku-5-5", messages=turns)
    assert found.stop_reason == "end_turn"
