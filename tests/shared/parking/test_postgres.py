"""Dead letters in the real table."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from shared.parking.letter import DeadLetter
from shared.parking.postgres import DeadLetters
from shared.runtime.postgres import Pool, PostgresParking
from tests.builders import NOON


def a_letter(minutes: int = 0) -> DeadLetter:
    return DeadLetter(
        id=uuid4(),
        topic="signals",
        function="store_signal",
        payload={"signals": [{"place": "Café Ⅻ"}]},
        attributes={"trace": "kept"},
        reason="store-signal did not take it in 20 deliveries.",
        parked_at=NOON + timedelta(minutes=minutes),
    )


async def test_a_letter_comes_back_as_it_was_kept(pool: Pool) -> None:
    letters, letter = DeadLetters(pool), a_letter()
    await letters.keep(letter)
    assert letter in await letters.waiting(1000)


async def test_a_letter_kept_twice_is_one(pool: Pool) -> None:
    letters, letter = DeadLetters(pool), a_letter()
    before = (await letters.count()).waiting
    await letters.keep(letter)
    await letters.keep(replace(letter, reason="again"))
    assert (await letters.count()).waiting == before + 1


async def test_the_oldest_come_first_and_no_more_than_asked_for(pool: Pool) -> None:
    letters = DeadLetters(pool)
    late, early = a_letter(-10_000), a_letter(-20_000)
    await letters.keep(late)
    await letters.keep(early)
    assert [letter.id for letter in await letters.waiting(2)] == [early.id, late.id]


async def test_a_replayed_letter_is_off_the_list_and_still_kept(pool: Pool) -> None:
    letters, letter, other = DeadLetters(pool), a_letter(), a_letter()
    await letters.keep(letter)
    await letters.keep(other)
    await letters.mark_replayed([letter.id], NOON)
    assert await letters.waiting(10, [letter.id, other.id]) == [other]
    kept = await pool.fetchval("SELECT body FROM parked_messages WHERE id = $1", letter.id)
    assert "Café Ⅻ" in kept


async def test_a_replayed_letter_that_comes_once_more_does_not_return_to_the_list(
    pool: Pool,
) -> None:
    letters, letter = DeadLetters(pool), a_letter()
    await letters.keep(letter)
    await letters.mark_replayed([letter.id], NOON)
    await letters.keep(letter)
    assert await letters.waiting(10, [letter.id]) == []


async def test_refused_messages_are_listed_apart_and_never_replayed(pool: Pool) -> None:
    letters = DeadLetters(pool)
    before = await letters.count()
    at = NOON + timedelta(days=900)
    await PostgresParking(pool).park("store_signal", "{}", "The message is not a signal.", at)
    after = await letters.count()
    assert (after.refused, after.waiting) == (before.refused + 1, before.waiting)
    (latest,) = await letters.refused(1)
    assert (latest.reason, latest.parked_at) == ("The message is not a signal.", at)
    assert latest.id not in [letter.id for letter in await letters.waiting(1000)]


async def test_only_what_is_past_its_time_is_deleted(pool: Pool) -> None:
    letters = DeadLetters(pool)
    waiting, replayed, old = a_letter(), a_letter(), a_letter(-60 * 24 * 100)
    for letter in (waiting, replayed, old):
        await letters.keep(letter)
    await letters.mark_replayed([replayed.id], NOON)
    day = timedelta(days=1)
    await letters.delete_before(NOON, NOON - 90 * day)
    kept = {row["id"] for row in await pool.fetch("SELECT id FROM parked_messages")}
    assert {waiting.id, replayed.id} <= kept
    assert old.id not in kept
    await letters.delete_before(NOON + day, NOON - 90 * day)
    kept = {row["id"] for row in await pool.fetch("SELECT id FROM parked_messages")}
    assert waiting.id in kept
    assert replayed.id not in kept
