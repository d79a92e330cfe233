"""A signal is committed, its process killed before it could say so: delivered again, one row."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncpg
import pytest

from tests.faults import invariants
from tests.faults.proxy import Proxies
from tests.faults.town import Town
from tests.shared.waiting import until
from workflows.stack import Stack

GATE = 4711
"""The advisory lock at which a commit waits."""

# Deferred: it runs within COMMIT, and what it notifies is heard once the row is durable.
_GATED_COMMIT = f"""
CREATE FUNCTION gate_of_faults() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_advisory_xact_lock_shared({GATE});
    PERFORM pg_notify('stored', NEW.signal_id::text);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER gate_of_faults AFTER INSERT ON behavioral_signals
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.origin = 'app') EXECUTE FUNCTION gate_of_faults();
"""


@dataclass
class Gate:
    """Holds up the commit of every signal while it is shut; hears of each that passed."""

    keeper: asyncpg.pool.PoolConnectionProxy
    stored: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def shut(self) -> None:
        """From now on every commit waits."""
        await self.keeper.execute("SELECT pg_advisory_lock($1)", GATE)

    async def open(self) -> None:
        """Lets them pass."""
        await self.keeper.execute("SELECT pg_advisory_unlock($1)", GATE)

    async def until_one_waits(self) -> None:
        """Returns once a commit is held up."""
        waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        await until(lambda: self.keeper.fetchval(waits))


@pytest.fixture
async def gate(database: asyncpg.Pool) -> AsyncIterator[Gate]:
    """A gate in Postgres itself."""
    async with database.acquire() as keeper:
        await keeper.execute(_GATED_COMMIT)
        gate = Gate(keeper)
        await keeper.add_listener("stored", lambda *said: gate.stored.put_nowait(str(said[-1])))
        yield gate
        await keeper.reset()
        await keeper.execute("DROP FUNCTION gate_of_faults CASCADE")


async def test_a_signal_whose_commit_was_never_told_is_delivered_again_and_is_one_row(
    stack: Stack, town: Town, proxies: Proxies, database: asyncpg.Pool, gate: Gate
) -> None:
    planned = await town.trip()
    await gate.shut()
    body = town.choice(planned)
    await town.tell(planned.traveller, body)
    await gate.until_one_waits()
    starts = (await stack.functions.state("store_signal"))["starts"]
    proxies.swallow("postgres", "answers")
    await gate.open()
    assert await asyncio.wait_for(gate.stored.get(), 10) == body["signal_id"]
    await stack.functions.kill("store_signal")
    proxies.heal()
    await invariants.hold(town, database)
    assert (await stack.functions.state("store_signal"))["starts"] == starts + 1
    assert gate.stored.empty()
