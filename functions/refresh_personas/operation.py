"""Makes personas anew, night by night: tags and answers → description → 128 dimensions."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, Protocol

from shared.personas.description import Material
from shared.personas.make import Encoder, describe, describe_by_template
from shared.personas.refreshing import Profile, Shard
from shared.personas.taste import Answer, settled, taste_of
from shared.personas.traveller import Persona
from shared.runtime import log
from shared.spend.llm import Llm, LlmAnswer, LlmUnavailable, Question

PER_RUN: Final = 10_000
"""Travellers a night unless PERSONAS_PER_RUN says otherwise: about 20 US dollars of Haiku."""

_AT_ONCE = 8
_PAGE = 50
_SECONDS = 20.0
# So many passing failures in a row, and the rest of the night does without the language model.
_GIVES_UP_AFTER = 16
# A refusal, or an answer that is none, would be the same tomorrow.
_PASSING = ("rate_limited", "overloaded", "failed", "late")

Outcome = Literal["llm", "template", "kept", "silent", "overtaken", "failed"]


class Personas(Protocol):
    """Where personas, and what they are made of, are known."""

    async def due(
        self, shard: Shard, after: str, at: datetime, until: datetime, limit: int
    ) -> Sequence[Profile]:
        """Return the shard's next travellers whose persona is to be made anew, in order of id."""

    async def answers(self, user_id: str, until: datetime) -> Sequence[Answer]:
        """Return what the traveller said of places."""

    async def renew(self, user_id: str, persona: Persona, seen: datetime | None) -> bool:
        """Put a persona in the place of the one updated at `seen`; return whether it still was."""


@dataclass(frozen=True, slots=True)
class Night:
    """One shard's part of a run: when it began, and how many travellers it may come to."""

    shard: Shard
    at: datetime
    most: int

    @classmethod
    def of(cls, shard: Shard, at: datetime, per_run: int) -> "Night":
        """Share out `per_run` travellers among the shards; not one more in all."""
        most = per_run // shard.count + (shard.index < per_run % shard.count)
        return cls(shard, at, most)


class Patient:
    """A language model that is asked no more tonight once it has failed often in a row."""

    def __init__(self, llm: Llm) -> None:
        self._llm = llm
        self._failures = 0

    @property
    def gave_up(self) -> bool:
        """Whether it is asked no more."""
        return self._failures >= _GIVES_UP_AFTER

    async def ask(self, question: Question, seconds: float) -> LlmAnswer:
        """Return the answer within `seconds`; raise LlmUnavailable."""
        if self.gave_up:
            raise LlmUnavailable("failed", "it failed too often tonight")
        try:
            answer = await self._llm.ask(question, seconds)
        except LlmUnavailable as error:
            self._failures = self._failures + 1 if error.outcome in _PASSING else 0
            raise
        self._failures = 0
        return answer


@dataclass(frozen=True, slots=True)
class Ports:
    """What refreshing needs of the world."""

    personas: Personas
    llm: Llm
    encoder: Encoder


async def refresh(night: Night, ports: Ports) -> Mapping[Outcome, int]:
    """Return how many travellers ended in which way; whoever fails is due again the next night.

    An update marks its traveller as done, so a run that was killed goes on where it was.
    """
    counts: Counter[Outcome] = Counter()
    llm = Patient(ports.llm)
    due, turn = _due(night, ports.personas), asyncio.Lock()

    async def work() -> None:
        while True:
            async with turn:
                profile = await anext(due, None)
            if profile is None:
                return
            counts[await _refresh_one(profile, night, replace(ports, llm=llm))] += 1

    async with asyncio.TaskGroup() as workers:
        for _ in range(_AT_ONCE):
            workers.create_task(work())
    log.event(
        "personas.refreshed",
        shard=night.shard.index,
        shards=night.shard.count,
        most=night.most,
        cap_reached=counts.total() >= night.most,
        gave_up=llm.gave_up,
        **{str(outcome): n for outcome, n in counts.items()},
    )
    return counts


async def _due(night: Night, personas: Personas) -> AsyncIterator[Profile]:
    after, left, until = "", night.most, settled(night.at)
    while left > 0:
        page = await personas.due(night.shard, after, night.at, until, min(_PAGE, left))
        for profile in page:
            yield profile
        if not page:
            return
        after, left = page[-1].user_id, left - len(page)


async def _refresh_one(profile: Profile, night: Night, ports: Ports) -> Outcome:
    try:
        answers = await ports.personas.answers(profile.user_id, settled(night.at))
        taste = taste_of(answers, night.at)
        material = Material(profile.onboarding_tags, profile.pace, taste)
        if material.is_empty:
            return "silent"
        persona = await _persona(profile, material, night.at, ports)
        if persona is None:
            return "kept"
        renewed = await ports.personas.renew(profile.user_id, persona, profile.updated_at)
    except Exception as error:  # noqa: BLE001 - one traveller's trouble never stops the others
        log.failure("persona.failed", error)
        return "failed"
    if not renewed:
        return "overtaken"
    return "llm" if persona.source == "llm" else "template"


async def _persona(
    profile: Profile, material: Material, at: datetime, ports: Ports
) -> Persona | None:
    """Return the new persona, or None where the one they have is worth more than a template."""
    try:
        return await describe(material, at, ports.llm, _SECONDS, ports.encoder)
    except LlmUnavailable as error:
        if error.outcome in _PASSING and profile.source not in (None, "template"):
            return None
        return await describe_by_template(material, at, ports.encoder)
