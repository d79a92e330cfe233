"""Travellers who plan and choose whatever the weather, and a memory of what each was promised."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import uuid4

import httpx

from tests.scenarios.traveller import Traveller, Trip, slots_of
from workflows.stack import Stack

# None of these changes what a later trip may offer.
_CHOICES: tuple[Literal["slot_accept", "thumbs_up"], ...] = ("slot_accept", "thumbs_up")
_PATIENCE_S = 45.0
_PAUSE_S = 0.2


@dataclass
class Told:
    """A signal that was sent, and whether it was acknowledged."""

    user_id: str
    body: dict[str, Any]
    slot_id: str
    taken: bool = False


@dataclass
class Planned:
    """A trip that was answered with 201."""

    traveller: Traveller
    trip: Trip
    key: str


@dataclass
class Town:
    """All that was sent to the stack, and all that it said."""

    stack: Stack
    gateway: httpx.AsyncClient
    told: dict[str, Told] = field(default_factory=dict)
    planned: list[Planned] = field(default_factory=list)
    travellers: list[Traveller] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    """Answers by route and status; `lost` where a connection broke."""
    odd: list[httpx.Response] = field(default_factory=list)
    """Answers that are neither what was asked for nor an honest refusal."""
    _waiting: list[tuple[int, asyncio.Event]] = field(default_factory=list)

    async def traveller(self) -> Traveller:
        """Someone new."""
        user_id = f"faults-{uuid4().hex}"
        token = await self.stack.token(user_id)
        made = Traveller.of(user_id, token, self.gateway, self.stack.now())
        self.travellers.append(made)
        return made

    async def trip(self, **changes: Any) -> Planned:
        """Someone new and their trip; asked for until it comes."""
        traveller = await self.traveller()
        return await self.plan(traveller, str(uuid4()), **changes)

    async def plan(self, traveller: Traveller, key: str, **changes: Any) -> Planned:
        """A trip under the key, asked for until it comes."""
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                planned = await self.try_plan(traveller, key, **changes)
                if planned is not None:
                    return planned
                await asyncio.sleep(_PAUSE_S)

    async def try_plan(self, traveller: Traveller, key: str, **changes: Any) -> Planned | None:
        """One request for a trip; None where it was refused for now or the connection broke."""
        try:
            answer = await traveller.plan(key=key, **changes)
        except httpx.TransportError:
            self.statuses["plan lost"] += 1
            return None
        self._heard("plan", answer, 201, waits=(409,))
        if answer.status_code != 201:
            return None
        planned = Planned(traveller, answer.json(), key)
        self.planned.append(planned)
        return planned

    def choice(self, planned: Planned, chance: random.Random | None = None) -> dict[str, Any]:
        """The body of a signal about some slot of the trip, remembered as sent."""
        chosen = chance or random.Random()
        slot = chosen.choice(slots_of(planned.trip))
        body = planned.traveller.says(planned.trip, slot, signal_type=chosen.choice(_CHOICES))
        self.told[body["signal_id"]] = Told(planned.traveller.id, body, slot["id"])
        return body

    async def tell(self, traveller: Traveller, *bodies: dict[str, Any]) -> None:
        """Sends a signal, or several as a batch, until it is acknowledged."""
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                if await self.try_tell(traveller, *bodies):
                    return
                await asyncio.sleep(_PAUSE_S)

    async def try_tell(self, traveller: Traveller, *bodies: dict[str, Any]) -> bool:
        """One try; whether it was acknowledged, which a batch is as a whole."""
        body = bodies[0] if len(bodies) == 1 else {"signals": bodies}
        try:
            answer = await traveller.signal(body)
        except httpx.TransportError:
            self.statuses["tell lost"] += 1
            return False
        self._heard("tell", answer, 202)
        if answer.status_code != 202:
            return False
        said = answer.json()
        for id in said["accepted"] if "accepted" in said else [said["signal_id"]]:
            self.took(id)
        return True

    def took(self, signal_id: str) -> None:
        """The signal was acknowledged."""
        self.told[signal_id].taken = True
        for count, event in self._waiting:
            if self.taken >= count:
                event.set()

    @property
    def taken(self) -> int:
        """How many signals were acknowledged."""
        return sum(told.taken for told in self.told.values())

    async def until_taken(self, count: int) -> None:
        """Returns once so many signals were acknowledged."""
        event = asyncio.Event()
        self._waiting.append((count, event))
        await asyncio.wait_for(event.wait(), _PATIENCE_S)

    def _heard(
        self, what: str, answer: httpx.Response, wanted: int, waits: tuple[int, ...] = ()
    ) -> None:
        self.statuses[f"{what} {answer.status_code}"] += 1
        # A function's process that is killed in the middle is a 502 of the gateway's.
        if answer.status_code not in (wanted, 502, 503, *waits):
            self.odd.append(answer)
            raise AssertionError(f"{what}: {answer.status_code} {answer.text[:500]}")
