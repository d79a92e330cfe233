"""Exactly one row a signal, whoever else's are stored with it; nothing of people who left."""

import asyncio
from datetime import datetime, timedelta, timezone
from uuid import uuid4

import asyncpg
import pytest

from shared.forgetting.postgres import lock_key
from shared.runtime.postgres import Pool
from shared.signals.errors import SignalUnreadable
from shared.signals.postgres import Signals, insert
from shared.signals.signal import Signal
from tests.builders import NOON, TOMBSTONES, a_signal, an_id
from tests.databases import widen

IMPOSSIBLE = (
    {"activity_node_id": None},
    {"user_id": "a\0b"},
    {"context": {"note": "a\0b"}},
    {"model_version": "\0"},
    {"created_at": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))},
)


@pytest.fixture
def signals(pool: Pool) -> Signals:
    return Signals(pool, TOMBSTONES)


async def stored(pool: Pool, *signals: Signal) -> list[asyncpg.Record]:
    return await pool.fetch(
        "SELECT * FROM behavioral_signals WHERE signal_id = ANY ($1) ORDER BY seq",
        [signal.signal_id for signal in signals],
    )


async def put_up_tombstone(pool: Pool, user_id: str) -> None:
    await pool.execute(
        "INSERT INTO tombstones VALUES ($1, $2)", TOMBSTONES.mark(user_id), NOON.date()
    )


async def test_the_row_is_the_signal_with_its_weight_and_both_its_times(
    pool: Pool, signals: Signals
) -> None:
    signal = a_signal(
        uuid4(),
        signal_type="slot_skip",
        context={"time_to_action_ms": 900},
        occurred_at=NOON - timedelta(hours=1),
    )
    assert await signals.store([signal]) == ["new"]
    (row,) = await stored(pool, signal)
    assert {name: row[name] for name in Signal.__slots__} == {
        name: getattr(signal, name) for name in Signal.__slots__
    }
    assert (row["weight"], row["weight_table_version"], row["simulated"]) == (1.5, 2, False)


async def test_a_second_delivery_changes_nothing(pool: Pool, signals: Signals) -> None:
    first = a_signal("twice")
    assert await signals.store([first]) == ["new"]
    assert await signals.store([a_signal("twice", context={})]) == ["known"]
    (row,) = await stored(pool, first)
    assert row["context"] == first.context


async def test_a_signal_that_stands_twice_in_one_message_is_one_row(
    pool: Pool, signals: Signals
) -> None:
    signal = a_signal(uuid4())
    assert await signals.store([signal, signal]) == ["new", "known"]
    assert len(await stored(pool, signal)) == 1


async def test_of_deliveries_that_race_one_is_new(pool: Pool, signals: Signals) -> None:
    await widen(pool)
    signal = a_signal(uuid4())
    fates = await asyncio.gather(*(signals.store([signal]) for _ in range(10)))
    assert fates.count(["new"]) == 1
    assert fates.count(["known"]) == 9


async def test_processes_that_store_the_same_signals_in_other_orders_never_block_each_other(
    pool: Pool,
) -> None:
    await widen(pool)
    many = [a_signal(uuid4()) for _ in range(40)]
    processes = [Signals(pool, TOMBSTONES) for _ in range(6)]
    orders = [many, many[::-1], many[20:] + many[:20]] * 2
    fates = await asyncio.gather(
        *(process.store(order) for process, order in zip(processes, orders, strict=True))
    )
    assert sum(each.count("new") for each in fates) == 40


async def test_signals_of_one_message_are_counted_in_the_order_they_happened(
    pool: Pool, signals: Signals
) -> None:
    many = [a_signal(uuid4(), occurred_at=NOON - timedelta(minutes=n)) for n in range(20)]
    await signals.store(many)
    assert [row["signal_id"] for row in await stored(pool, *many)] == [
        signal.signal_id for signal in reversed(many)
    ]


@pytest.mark.parametrize("change", IMPOSSIBLE, ids=repr)
async def test_a_row_that_the_table_will_never_take_sinks_no_other(
    change: dict[str, object], pool: Pool, signals: Signals
) -> None:
    good = [a_signal(uuid4()) for _ in range(3)]
    bad = a_signal(uuid4(), **change)
    *fates, refused = await signals.store([*good, bad])
    assert fates == ["new", "new", "new"]
    assert isinstance(refused, SignalUnreadable)
    assert len(await stored(pool, *good, bad)) == 3


async def test_what_others_store_at_the_same_time_is_not_refused_with_a_bad_row(
    pool: Pool, signals: Signals
) -> None:
    first, bad, other = a_signal(uuid4()), a_signal(uuid4(), **IMPOSSIBLE[0]), a_signal(uuid4())
    mine, its, yours = await asyncio.gather(
        *(signals.store([each]) for each in (first, bad, other))
    )
    assert (mine, yours) == (["new"], ["new"])
    assert isinstance(its[0], SignalUnreadable)


async def test_a_ranking_is_logged_once(pool: Pool, signals: Signals) -> None:
    facts = {
        "signal_type": "candidate_set_logged",
        "origin": "system",
        "activity_node_id": None,
        "ranking_id": uuid4(),
    }
    assert await signals.store([a_signal(uuid4(), **facts)]) == ["new"]
    (fate,) = await signals.store([a_signal(uuid4(), **facts)])
    assert "UniqueViolation" in str(fate)


async def test_imported_history_cannot_be_stored_at_full_weight(
    pool: Pool, signals: Signals
) -> None:
    await signals.store([a_signal("imported", origin="backfill")])
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute(
            "UPDATE behavioral_signals SET weight = 1 WHERE signal_id = $1", an_id("imported")
        )


async def test_signals_of_a_person_who_left_are_dropped_and_those_of_others_stored(
    pool: Pool, signals: Signals
) -> None:
    await put_up_tombstone(pool, "gone")
    late = [a_signal(uuid4(), user_id="gone") for _ in range(2)]
    stays = a_signal(uuid4(), user_id="stays")
    assert await signals.store([late[0], stays, late[1]]) == ["forgotten", "new", "forgotten"]
    assert await signals.store(late) == ["forgotten", "forgotten"]
    assert [row["user_id"] for row in await stored(pool, stays, *late)] == ["stays"]


async def test_whoever_has_no_account_and_no_tombstone_is_stored(signals: Signals) -> None:
    assert await signals.store([a_signal(uuid4(), user_id="nobody knows them")]) == ["new"]


async def test_a_signal_waits_for_its_traveller_to_finish_leaving_and_is_then_dropped(
    pool: Pool, signals: Signals
) -> None:
    signal = a_signal(uuid4(), user_id="leaving")
    async with pool.acquire() as connection, connection.transaction():
        key = lock_key(TOMBSTONES.mark("leaving"))
        await connection.execute("SELECT pg_advisory_xact_lock($1)", key)
        storing = asyncio.create_task(signals.store([signal]))
        await _until_waiting(pool, key)
        await connection.execute(
            "INSERT INTO tombstones VALUES ($1, $2)", TOMBSTONES.mark("leaving"), NOON.date()
        )
    assert await storing == ["forgotten"]
    assert await stored(pool, signal) == []


async def test_where_the_table_is_away_nothing_is_acknowledged_and_the_next_are_stored(
    pool: Pool, signals: Signals
) -> None:
    many = [a_signal(uuid4()) for _ in range(5)]
    await pool.execute("ALTER TABLE behavioral_signals RENAME TO away")
    try:
        fates = await asyncio.gather(
            *(signals.store([each]) for each in many), return_exceptions=True
        )
    finally:
        await pool.execute("ALTER TABLE away RENAME TO behavioral_signals")
    assert all(isinstance(fate, asyncpg.UndefinedTableError) for fate in fates)
    assert await signals.store(many) == ["new"] * 5


async def test_a_row_in_anothers_transaction_is_there_with_it_or_not_at_all(pool: Pool) -> None:
    signal = a_signal(uuid4())
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        assert await insert(connection, signal)
        assert not await insert(connection, signal)
        await transaction.rollback()
    assert await stored(pool, signal) == []


async def _until_waiting(pool: Pool, key: int) -> None:
    """Return once somebody waits for the advisory lock."""
    classid, objid = (key >> 32) & 0xFFFF_FFFF, key & 0xFFFF_FFFF
    async with asyncio.timeout(10):
        while not await pool.fetchval(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND classid::bigint = $1 AND objid::bigint = $2",
            classid,
            objid,
        ):
            pass
