"""A night: everyone who is due gets a better persona or keeps theirs, whoever else fails."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from functions.refresh_personas.operation import Night, Ports, refresh
from shared.personas.refreshing import Profile, Shard
from shared.personas.taste import Answer
from shared.personas.traveller import Persona, PersonaSource
from shared.spaces.archetypes import centroid
from shared.spend.llm import LlmAnswer, LlmUnavailable, Outcome, Question
from tests.builders import NOON
from tests.fakes import ScriptedLlm
from tests.shared.personas.places import an_answer

YESTERDAY = NOON - timedelta(days=1)


def a_profile(user: str, source: PersonaSource | None = "llm") -> Profile:
    return Profile(user, {"food": ["ramen"]}, "slow", source, source and YESTERDAY)


@dataclass
class MemoryPersonas:
    """The due ones in a dict; a renewed one is due no more."""

    profiles: dict[str, Profile] = field(default_factory=dict)
    said: dict[str, list[Answer]] = field(default_factory=dict)
    renewed: dict[str, Persona] = field(default_factory=dict)
    pages: list[int] = field(default_factory=list)
    left: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)

    async def due(
        self, shard: Shard, after: str, at: datetime, until: datetime, limit: int
    ) -> Sequence[Profile]:
        assert until == at - timedelta(minutes=2)
        waiting = sorted(user for user in self.profiles if user not in self.renewed)
        page = [self.profiles[user] for user in waiting if user > after][:limit]
        self.pages.append(len(page))
        return page

    async def answers(self, user_id: str, until: datetime) -> Sequence[Answer]:
        if user_id in self.broken:
            raise ConnectionError("one row is rotten")
        return self.said.get(user_id, [an_answer()])

    async def renew(self, user_id: str, persona: Persona, seen: datetime | None) -> bool:
        if user_id in self.left or self.profiles[user_id].updated_at != seen:
            return False
        self.renewed[user_id] = persona
        return True


class Encoder:
    async def to_persona(self, text: str) -> tuple[float, ...]:
        return centroid("culture_first")


def everyone(count: int, source: PersonaSource | None = "llm") -> MemoryPersonas:
    users = [f"user-{number:03d}" for number in range(count)]
    return MemoryPersonas({user: a_profile(user, source) for user in users})


async def night(personas: MemoryPersonas, llm: object = None, most: int = 1000) -> dict[str, int]:
    ports = Ports(personas, llm or ScriptedLlm(), Encoder())  # type: ignore[arg-type]
    return {**await refresh(Night(Shard(0, 1), NOON, most), ports)}


async def test_everyone_who_is_due_gets_a_persona_of_tags_and_answers() -> None:
    personas = everyone(120)
    assert await night(personas) == {"llm": 120}
    persona = personas.renewed["user-007"]
    assert (persona.description, persona.archetype) == (
        "Loves ramen and quiet coffee.",
        "culture_first",
    )
    assert (persona.source, persona.updated_at) == ("llm", NOON)
    assert persona.made_of is not None
    assert (persona.made_of.tags, persona.made_of.liked, persona.made_of.passed) == (1, 1, 0)
    assert persona.made_of.signals_until == NOON - timedelta(minutes=2)


async def test_travellers_are_read_a_page_at_a_time() -> None:
    personas = everyone(120)
    await night(personas)
    assert max(personas.pages) == 50


async def test_eight_are_asked_about_at_once_and_no_more() -> None:
    class Slow(ScriptedLlm):
        now = most = 0

        async def ask(self, question: Question, seconds: float) -> LlmAnswer:
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(0)
            self.now -= 1
            return await super().ask(question, seconds)

    llm = Slow()
    await night(everyone(40), llm)
    assert llm.most == 8


async def test_one_failing_traveller_stops_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    personas = everyone(60)
    personas.broken = {"user-000", "user-031"}
    assert await night(personas) == {"llm": 58, "failed": 2}
    assert "user-0" not in capsys.readouterr().out


async def test_a_table_that_does_not_answer_fails_the_task_for_another_try() -> None:
    class Away(MemoryPersonas):
        async def due(self, *_: object) -> Sequence[Profile]:
            raise ConnectionError("postgres went away")

    with pytest.raises(ExceptionGroup):
        await night(Away())


async def test_a_killed_run_goes_on_where_it_was() -> None:
    stuck = asyncio.Event()

    class Hanging(ScriptedLlm):
        async def ask(self, question: Question, seconds: float) -> LlmAnswer:
            if len(self.asked) == 20:
                stuck.set()
                await asyncio.Event().wait()
            return await super().ask(question, seconds)

    personas = everyone(60)
    killed = asyncio.create_task(night(personas, Hanging()))
    await stuck.wait()
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    done = len(personas.renewed)
    assert done == 20
    again = ScriptedLlm()
    assert await night(personas, again) == {"llm": 60 - done}
    assert len(again.asked) == 60 - done


async def test_the_cap_bounds_the_calls_and_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    llm = ScriptedLlm()
    assert await night(everyone(120), llm, most=70) == {"llm": 70}
    assert len(llm.asked) == 70
    (said,) = events(capsys, "personas.refreshed")
    assert (said["llm"], said["most"], said["cap_reached"]) == (70, 70, True)


async def test_under_the_cap_the_run_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    await night(everyone(3), most=4)
    (said,) = events(capsys, "personas.refreshed")
    assert (said["llm"], said["cap_reached"], said["gave_up"]) == (3, False, False)


@pytest.mark.parametrize(("per_run", "shards"), [(10, 3), (2, 4), (0, 2), (7, 1)])
def test_the_shards_share_the_cap_out_to_the_last_traveller(per_run: int, shards: int) -> None:
    nights = [Night.of(Shard(index, shards), NOON, per_run) for index in range(shards)]
    assert sum(one.most for one in nights) == per_run
    assert max(one.most for one in nights) - min(one.most for one in nights) <= 1


@pytest.mark.parametrize("outcome", ["rate_limited", "overloaded", "failed", "late"])
async def test_a_passing_failure_keeps_a_persona_and_makes_one_where_there_is_none(
    outcome: Outcome,
) -> None:
    llm = ScriptedLlm(failure=outcome)
    kept = everyone(1)
    assert await night(kept, llm) == {"kept": 1}
    assert kept.renewed == {}
    for source in (None, "template"):
        personas = everyone(1, source)  # type: ignore[arg-type]
        assert await night(personas, llm) == {"template": 1}
        assert "museum" in personas.renewed["user-000"].description


@pytest.mark.parametrize("outcome", ["refused", "cut_off", "garbage"])
async def test_what_the_model_would_refuse_tomorrow_too_is_told_by_the_template(
    outcome: Outcome,
) -> None:
    personas = everyone(1)
    assert await night(personas, ScriptedLlm(failure=outcome)) == {"template": 1}


async def test_a_model_that_is_away_is_not_asked_all_night() -> None:
    llm = ScriptedLlm(failure="overloaded")
    counts = await night(everyone(200), llm)
    assert counts == {"kept": 200}
    assert 16 <= len(llm.asked) < 16 + 8


async def test_a_failure_now_and_then_does_not_end_the_asking() -> None:
    asked = iter(range(10**6))

    def every_second(_: Question) -> dict[str, str]:
        if next(asked) % 2:
            raise LlmUnavailable("overloaded")
        return {"description": "Loves museums."}

    counts = await night(everyone(100), ScriptedLlm(every_second))
    assert counts == {"llm": 50, "kept": 50}


async def test_whoever_left_or_onboarded_meanwhile_is_left_alone() -> None:
    personas = everyone(2)
    personas.left = {"user-000"}
    assert await night(personas) == {"overtaken": 1, "llm": 1}


async def test_whoever_has_said_nothing_costs_no_call() -> None:
    personas, llm = everyone(1, None), ScriptedLlm()
    personas.profiles["user-000"] = Profile("user-000", {}, "balanced", None, None)
    personas.said["user-000"] = []
    assert await night(personas, llm) == {"silent": 1}
    assert llm.asked == []


async def test_the_answers_are_in_the_question_with_those_passed_apart() -> None:
    personas, llm = everyone(1), ScriptedLlm()
    personas.said["user-000"] = [an_answer("SAM"), an_answer("Gum Wall", "slot_skip")]
    await night(personas, llm)
    (question,) = llm.asked
    liked, passed = question.text.split("<passed>")
    assert "SAM | museum | museum-depth" in liked
    assert "food: ramen\npace: slow" in liked
    assert "Gum Wall" in passed


def events(capsys: pytest.CaptureFixture[str], name: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in lines if line["message"] == name]
