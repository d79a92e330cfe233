"""The behavioral_signals table."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

import asyncpg

from shared.forgetting.postgres import hold, lock_keys
from shared.forgetting.tombstone import Tombstones
from shared.runtime.batches import Batches
from shared.runtime.postgres import FAILURES, Connection, Pool
from shared.runtime.sql import read_queries
from shared.signals.durable import NotConfirmed
from shared.signals.errors import SignalUnreadable
from shared.signals.fate import Fate
from shared.signals.forgotten import forget_context
from shared.signals.row import row_of
from shared.signals.signal import Signal
from shared.signals.slot_facts import SlotFacts, SlotsOfTrips

_SQL = read_queries(__file__)

# What breaks a rule of the table would break it at every delivery.
_BROKEN_RULES = (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError)

_Asked = tuple[str, UUID, UUID]  # traveller, trip, node
_Found = SlotFacts | Literal["no trip"] | None


async def insert(connection: Connection, signal: Signal) -> bool:
    """Insert the signal; return whether it was new."""
    return bool(await connection.fetch(_SQL["insert"], *_columns([signal])))


class Signals:
    """The signals of all travellers."""

    def __init__(self, pool: Pool, tombstones: Tombstones) -> None:
        self._pool = pool
        self._tombstones = tombstones
        self._group: Batches[Signal, Fate] = Batches(self._write)
        self._slots: Batches[_Asked, _Found] = Batches(self._find_slots)

    async def store(self, signals: Sequence[Signal]) -> Sequence[Fate]:
        """Store the signals in one transaction with those that others store now; return each fate.

        Raises what Postgres raises where it is away: then none of them is known to be stored.
        """
        return await self._group.commit(signals)

    async def keep(self, signals: Sequence[Signal]) -> None:
        """Return once all are stored, or dropped because their traveller left.

        Raises NotConfirmed where Postgres is away, and SignalUnreadable for one that it refuses.
        """
        try:
            fates = await self.store(signals)
        except FAILURES as error:
            raise NotConfirmed("insert") from error
        for fate in fates:
            if isinstance(fate, SignalUnreadable):
                raise fate

    async def find_slots(self, user_id: str, named: Collection[tuple[UUID, UUID]]) -> SlotsOfTrips:
        """Return, for each trip and node that are named, the slot of the traveller's own trip."""
        asked = [(user_id, trip_id, node_id) for trip_id, node_id in named]
        found: dict[UUID, dict[UUID, SlotFacts]] = {}
        for (trip_id, node_id), slot in zip(named, await self._slots.commit(asked), strict=True):
            if slot == "no trip":
                continue
            slots = found.setdefault(trip_id, {})
            if slot is not None:
                slots[node_id] = slot
        return found

    async def _find_slots(self, asked: Sequence[_Asked]) -> Sequence[_Found]:
        rows = await self._pool.fetch(_SQL["find_slots"], *map(list, zip(*asked, strict=True)))
        found: list[_Found] = ["no trip"] * len(asked)
        for number, slot_id, *facts in rows:
            found[number - 1] = None if slot_id is None else SlotFacts(slot_id, *facts)
        return found

    async def _write(self, signals: Sequence[Signal]) -> Sequence[Fate]:
        try:
            return await self._store_all(signals)
        except _BROKEN_RULES:
            return await self._store_each(signals)

    async def _store_all(self, signals: Sequence[Signal]) -> Sequence[Fate]:
        """One statement, and so one transaction and one round trip."""
        ordered = _in_order(signals)
        marks = [self._tombstones.mark(signal.user_id) for signal in ordered]
        known_marks = set(marks)
        keys = lock_keys(known_marks)
        rows = await self._pool.fetch(
            _SQL["store"], *_columns(ordered), keys, list(known_marks), marks
        )
        gone = {row["mark"] for row in rows}
        new = {row["signal_id"] for row in rows}
        fates: list[Fate] = []
        for signal in signals:
            if self._tombstones.mark(signal.user_id) in gone:
                fates.append("forgotten")
                continue
            fates.append("new" if signal.signal_id in new else "known")
            new.discard(signal.signal_id)
        return fates

    async def _store_each(self, signals: Sequence[Signal]) -> Sequence[Fate]:
        async with self._pool.acquire() as connection, connection.transaction():
            left = await hold(connection, {signal.user_id for signal in signals}, self._tombstones)
            return [
                "forgotten" if signal.user_id in left else await _store_one(connection, signal)
                for signal in signals
            ]


async def _store_one(connection: Connection, signal: Signal) -> Fate:
    try:
        async with connection.transaction():
            return "new" if await insert(connection, signal) else "known"
    except _BROKEN_RULES as error:
        # By its name alone: Postgres's words hold the row, and a reason is logged.
        return SignalUnreadable(f"The table refuses the signal ({type(error).__name__}).")


def _in_order(signals: Sequence[Signal]) -> list[Signal]:
    """As they happened, for `seq` counts them; and in one order for everyone.

    Else two groups that hold the same two signals would wait for each other.
    """
    return sorted(signals, key=lambda signal: (signal.occurred_at, signal.signal_id))


def _columns(signals: Sequence[Signal]) -> list[list[Any]]:
    return list(map(list, zip(*map(row_of, signals), strict=True)))


async def forget(
    connection: Connection,
    user_id: str,
    name_of: Callable[[UUID], str],
    new_id: Callable[[], UUID],
    forget_record: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> int:
    """Take the person out of their signals; return how many there were.

    Each gets the name of its trip (without one, a name of its own), an id of the server's making
    (a client's may hold a time or a machine), its day as times and its ordinal in the trip as
    `seq`. `forget_record` rewrites the record of a ranking.
    """
    rows = await connection.fetch(_SQL["of_person"], user_id)
    for row in rows:
        if row["context"] is None:  # one at a time, for each weighs a hundred kilobytes
            record = await connection.fetchval(_SQL["record"], row["signal_id"])
            forgotten = dict(forget_record(record))
            await connection.execute(_SQL["forget_record"], row["signal_id"], forgotten)
    await connection.execute(
        _SQL["forget"],
        [row["signal_id"] for row in rows],
        [new_id() for _ in rows],
        [name_of(row["story"]) for row in rows],
        [row["ordinal"] for row in rows],
        [row["context"] and forget_context(row["context"]) for row in rows],
    )
    return len(rows)


async def held(connection: Connection, user_id: str) -> AsyncIterator[str]:
    """Yield the person's signals, each as JSON text, in the caller's transaction."""
    async for row in connection.cursor(_SQL["held"], user_id, prefetch=200):
        yield row["held"]


async def held_rankings(connection: Connection, user_id: str) -> AsyncIterator[str]:
    """Yield the records of the person's rankings (100 kB each) as `held` does."""
    async for row in connection.cursor(_SQL["held_rankings"], user_id, prefetch=2):
        yield row["held"]
