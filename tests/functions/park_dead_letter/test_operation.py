"""A dead letter is kept whole, and what is none is refused."""

import json
from pathlib import Path

import pytest

from functions.park_dead_letter.operation import park
from shared.parking.letter import DeadLetter, NoDeadLetter
from shared.runtime.envelopes import open_envelope
from tests.builders import NOON

EXAMPLE = Path(__file__).parents[3] / "functions" / "park_dead_letter" / "example.json"


class Letters:
    def __init__(self) -> None:
        self.kept: list[DeadLetter] = []

    async def keep(self, letter: DeadLetter) -> None:
        self.kept.append(letter)


async def test_what_pub_sub_gave_up_is_kept_with_its_topic() -> None:
    letters = Letters()
    delivery = open_envelope({}, EXAMPLE.read_bytes())
    await park(delivery, letters, NOON)
    (kept,) = letters.kept
    assert (kept.topic, kept.payload) == ("signals", delivery.payload)


async def test_a_message_that_nobody_gave_up_is_refused() -> None:
    envelope = json.loads(EXAMPLE.read_text())
    del envelope["message"]["attributes"]
    letters = Letters()
    with pytest.raises(NoDeadLetter):
        await park(open_envelope({}, json.dumps(envelope).encode()), letters, NOON)
    assert letters.kept == []
