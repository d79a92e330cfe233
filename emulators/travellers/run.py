"""Lets the days pass: whoever is due acts, then the stack's clock moves on."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from emulators.travellers.client import Api, Receipt
from emulators.travellers.person import Moment, Person
from emulators.travellers.post import Parcel

NIGHT = timedelta(hours=3, minutes=30)
"""When the nightly jobs have had their time."""
HALVES = (("morning", timedelta(hours=9)), ("evening", timedelta(hours=19)))
POSTED = timedelta(hours=1)
"""So long after apps are opened, what was done in them is sent."""

T = TypeVar("T")


class Time(Protocol):
    """The stack's clock and backlogs."""

    async def read(self) -> datetime:
        """The stack's time, in UTC."""

    async def advance_to(self, at: datetime) -> None:
        """Waits for quiet and sets the clock to `at`, unless it is later already."""

    async def until_quiet(self) -> None:
        """Returns once nothing that is due is left to do."""


@dataclass(slots=True)
class Posted:
    """What became of the signals that were sent; a signal sent twice counts twice."""

    batches: int = 0
    signals: int = 0
    accepted: int = 0
    refused: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Simulation:
    """`days` days of `people`; `tell` hears of each step: its name and how many act in it."""

    people: Sequence[Person]
    days: int
    api: Api
    time: Time
    at_once: int
    tell: Callable[[str, int], None]
    posted: Posted = field(default_factory=Posted)

    @property
    def steps(self) -> int:
        """How often `tell` is called."""
        return self.days * 5 + 1

    async def run(self) -> datetime:
        """Returns the midnight the simulation began at; raises SimulationFailed."""
        now = await self.time.read()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        for day in range(self.days):
            begins = midnight + timedelta(days=day)
            await self._sleep(begins + NIGHT)
            for number, (half, hour) in enumerate(HALVES):
                weeks = (day + hour / timedelta(days=1)) / 7
                moment = Moment(2 * day + number, begins + hour, weeks)
                await self._visits(day, half, moment)
                await self._post(moment, last=day == self.days - 1 and number == 1)
        await self._sleep(midnight + timedelta(days=self.days) + NIGHT)
        return midnight

    async def _sleep(self, until: datetime) -> None:
        self.tell(f"{until:%d %b} night", 0)
        await self.time.advance_to(until)
        await self.time.until_quiet()

    async def _visits(self, day: int, half: str, moment: Moment) -> None:
        due = [person for person in self.people if _visits_on(person, day, half)]
        self.tell(f"{moment.opens:%d %b} {half}", len(due))
        await self.time.advance_to(moment.opens)

        async def act(person: Person) -> None:
            for visit in person.who.visits:
                if (visit.day, visit.half) == (day, half):
                    await person.visit(visit, moment, self.api)

        await each(due, act, self.at_once)

    async def _post(self, moment: Moment, *, last: bool) -> None:
        bags = [(person, list(person.due(moment, last=last))) for person in self.people]
        bags = [(person, parcels) for person, parcels in bags if parcels]
        self.tell(f"{moment.opens + POSTED:%d %b} post", len(bags))
        await self.time.advance_to(moment.opens + POSTED)

        async def send(bag: tuple[Person, list[Parcel]]) -> None:
            person, parcels = bag
            for parcel in parcels:
                self._note(parcel, await self.api.post(person.who.id, parcel.body))

        await each(bags, send, self.at_once)

    def _note(self, parcel: Parcel, receipt: Receipt) -> None:
        self.posted.batches += 1
        self.posted.signals += parcel.size
        self.posted.accepted += receipt.accepted
        self.posted.refused += len(receipt.refused)
        for title, detail in receipt.refused:
            self.posted.reasons[title] += 1
            self.posted.examples.setdefault(title, detail)


async def each(items: Iterable[T], act: Callable[[T], Awaitable[None]], at_once: int) -> None:
    """Act on all, `at_once` at a time; the first failure ends the others and is raised."""
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            await act(item)

    workers = [asyncio.create_task(worker()) for _ in range(at_once)]
    try:
        await asyncio.gather(*workers)
    finally:
        for task in workers:
            task.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


def _visits_on(person: Person, day: int, half: str) -> bool:
    return any((visit.day, visit.half) == (day, half) for visit in person.who.visits)
