"""A letter leaves the list only once its topic has it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from functions.replay_dead_letters.operation import NotPublished, ReplayRequest, replay
from shared.parking.letter import DeadLetter
from tests.builders import NOON


class Letters:
    """Letters in a list."""

    def __init__(self, count: int) -> None:
        self.all = [
            DeadLetter(uuid4(), "signals", "store_signal", {"n": n}, {}, "", NOON)
            for n in range(count)
        ]
        self.replayed: list[UUID] = []

    async def waiting(self, limit: int, ids: Sequence[UUID] | None = None) -> list[DeadLetter]:
        chosen = [letter for letter in self.all if ids is None or letter.id in ids]
        return chosen[:limit]

    async def mark_replayed(self, ids: Sequence[UUID], at: datetime) -> None:
        self.replayed += ids


class Topic:
    """Confirms what it is not told to refuse."""

    def __init__(self, refused: Sequence[UUID] = ()) -> None:
        self.refused = refused
        self.published: list[UUID] = []

    async def __call__(self, letter: DeadLetter) -> None:
        if letter.id in self.refused:
            raise NotPublished
        self.published.append(letter.id)


async def test_all_that_wait_are_published_and_taken_off_the_list() -> None:
    letters, topic = Letters(3), Topic()
    said = await replay(ReplayRequest(), NOON, letters, topic)
    assert topic.published == letters.replayed == [letter.id for letter in letters.all]
    assert said == {"replayed": [str(letter.id) for letter in letters.all], "kept": []}


async def test_a_letter_that_its_topic_did_not_confirm_stays() -> None:
    letters = Letters(3)
    stuck = letters.all[1].id
    said = await replay(ReplayRequest(), NOON, letters, Topic([stuck]))
    assert said["kept"] == [str(stuck)]
    assert stuck not in letters.replayed
    assert len(letters.replayed) == 2


async def test_only_the_letters_that_were_named_are_replayed() -> None:
    letters, topic = Letters(3), Topic()
    await replay(ReplayRequest(ids=[letters.all[2].id]), NOON, letters, topic)
    assert topic.published == [letters.all[2].id]


async def test_an_unexpected_error_is_not_swallowed_and_loses_no_mark() -> None:
    letters = Letters(2)

    async def publish(letter: DeadLetter) -> None:
        if letter is letters.all[1]:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await replay(ReplayRequest(), NOON, letters, publish)
    assert letters.replayed == [letters.all[0].id]
