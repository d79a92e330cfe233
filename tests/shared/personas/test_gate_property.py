"""Whatever a traveller sent, fewer than 20 distinct choices in the app never pass the gate."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.personas.gate import ColdUserSentToModel, admit
from shared.personas.postgres import Travellers
from shared.personas.traveller import Traveller
from shared.runtime.postgres import Pool, open_pool
from shared.runtime.settings import Settings
from shared.signals.postgres import insert
from shared.signals.types import CLIENT_SIGNALS
from tests.builders import NOON, TOMBSTONES, a_signal, an_id

CHOICES = {
    "slot_accept", "slot_skip", "slot_swap", "pivot_accept", "pivot_dismiss", "thumbs_up",
    "thumbs_down",
}  # fmt: skip
TYPES = [*CLIENT_SIGNALS, "slot_swap"]


@dataclass(frozen=True)
class Said:
    signal_type: str
    origin: str
    slot: int
    trip: int
    ranking: int
    took_ms: int


SAID = st.builds(
    Said,
    signal_type=st.sampled_from(TYPES),
    origin=st.sampled_from(["app", "app", "app", "backfill", "system"]),
    slot=st.integers(0, 12),
    trip=st.integers(0, 2),
    ranking=st.integers(0, 1),
    took_ms=st.sampled_from([50, 5000]),
)


def around_the_floor(choices: int, noise: list[Said]) -> list[Said]:
    """So many sure choices, and whatever else."""
    return [Said("slot_accept", "app", 100 + n, 0, 0, 5000) for n in range(choices)] + noise


def choices_of(said: list[Said]) -> int:
    """DESIGN.md 4, in plain words: one per trip, slot and ranking, in the app."""
    return len({
        (one.trip, one.slot, one.ranking)
        for one in said
        if one.origin == "app" and one.signal_type in CHOICES
    })  # fmt: skip


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def people(loop: asyncio.Runner, database_url: str) -> Iterator[Pool]:
    pool = loop.run(open_pool(Settings({"DATABASE_URL": database_url})))
    yield pool
    loop.run(pool.close())


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=st.builds(around_the_floor, st.integers(12, 22), st.lists(SAID, max_size=40)))
def test_a_traveller_passes_exactly_with_twenty_distinct_choices(
    said: list[Said], loop: asyncio.Runner, people: Pool
) -> None:
    traveller = loop.run(_after(people, said))
    assert traveller.choice_count == choices_of(said)
    if choices_of(said) < 20:
        with pytest.raises(ColdUserSentToModel):
            admit([traveller])
    else:
        assert admit([traveller]).members == (traveller,)


async def _after(pool: Pool, said: list[Said]) -> Traveller:
    await pool.execute("DELETE FROM behavioral_signals")
    travellers = Travellers(pool, TOMBSTONES)
    await travellers.enter("me", NOON)
    async with pool.acquire() as connection, connection.transaction():
        for number, one in enumerate(said):
            await insert(
                connection,
                a_signal(
                    number,
                    user_id="me",
                    signal_type=one.signal_type,
                    origin=one.origin,
                    slot_id=an_id(f"slot {one.slot}"),
                    trip_id=an_id(f"trip {one.trip}"),
                    ranking_id=an_id(f"ranking {one.ranking}"),
                    context={"time_to_action_ms": one.took_ms},
                ),
            )
    return await travellers.load("me")
