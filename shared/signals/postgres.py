"""The behavioral_signals table."""

from uuid import UUID

import asyncpg

from shared.runtime.postgres import Connection, Pool
from shared.runtime.sql import read_queries
from shared.signals.errors import NodeNotInTrip, SignalTripUnknown, SignalUnreadable
from shared.signals.signal import Signal
from shared.signals.slot_facts import SlotFacts

_SQL = read_queries(__file__)


async def insert(connection: Connection, signal: Signal) -> bool:
    """Insert the signal; return whether it was new."""
    return await connection.fetchval(_SQL["insert"], *signal.columns()) is not None


class Signals:
    """The signals of all travellers."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def insert(self, signal: Signal) -> bool:
        """Insert the signal; return whether it was new; raise SignalUnreadable.

        What breaks a rule of the table would break it at every delivery, so it is no signal.
        """
        async with self._pool.acquire() as connection:
            try:
                return await insert(connection, signal)
            except (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError) as error:
                # By its name alone: Postgres's words hold the row, and a reason is logged.
                broken = type(error).__name__
                raise SignalUnreadable(f"The table refuses the message ({broken}).") from error

    async def find_slot(self, user_id: str, trip_id: UUID, node_id: UUID) -> SlotFacts:
        """Return the slot of the traveller's own trip that holds the node.

        Raises SignalTripUnknown for another's trip and NodeNotInTrip for a node outside it.
        """
        row = await self._pool.fetchrow(_SQL["find_slot"], user_id, trip_id, node_id)
        if row is None:
            raise SignalTripUnknown(trip_id)
        if row["slot_id"] is None:
            raise NodeNotInTrip(node_id, trip_id)
        return SlotFacts(**row)
