"""An operator sees what waits and why, and nothing of what travellers said."""

import json

from functions.list_dead_letters.operation import SHOWN, show
from shared.parking.letter import Counts, DeadLetter, Refused
from tests.builders import NOON, an_id

LETTER = DeadLetter(
    an_id("letter"), "signals", "store_signal", {"user_id": "ada"}, {"by": "ada"}, "why", NOON
)


class Letters:
    async def waiting(self, limit: int) -> list[DeadLetter]:
        return [LETTER][:limit]

    async def refused(self, limit: int) -> list[Refused]:
        assert limit == SHOWN
        return [Refused(an_id("refused"), "store_signal", "no signal", NOON)]

    async def count(self) -> Counts:
        return Counts(waiting=250, refused=1)


async def test_each_letter_shows_its_id_its_topic_and_the_reason() -> None:
    said = await show(Letters())
    (shown,) = said["dead_letters"]
    assert (shown["id"], shown["topic"], shown["reason"]) == (str(LETTER.id), "signals", "why")
    assert said["refused_messages"][0]["reason"] == "no signal"


async def test_the_count_is_of_all_that_wait_not_of_those_shown() -> None:
    assert (await show(Letters()))["waiting"] == 250


async def test_nothing_of_a_traveller_is_shown() -> None:
    assert "ada" not in json.dumps(await show(Letters()))
