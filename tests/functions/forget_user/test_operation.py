"""The receipt says what was done, and is kept nowhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone

import orjson
import pytest

from functions.forget_user.operation import forget
from shared.outbox.message import Message
from tests.builders import NOON, an_id


class Ledger:
    def __init__(self) -> None:
        self.done: list[str] = []
        self.promised: list[Message] = []

    async def erase(self, user_id: str, farewell: Message, at: datetime) -> Mapping[str, int]:
        self.done.append(f"erase {user_id}")
        self.promised.append(farewell)
        return {"users": 1, "trips": 2}

    async def send(self, messages: Sequence[Message], cap_seconds: float, at: datetime) -> None:
        assert messages == self.promised
        self.done.append("send")


async def test_the_receipt_counts_what_was_erased_and_names_two_days() -> None:
    ledger = Ledger()
    receipt = await forget("ana", NOON, an_id("receipt"), an_id("farewell"), ledger)
    assert receipt.pop("kept").endswith(".")
    assert receipt == {
        "receipt_id": str(an_id("receipt")),
        "left_on": "2026-11-23",
        "erased": {"users": 1, "trips": 2},
        "training_files_rewritten_by": "2026-12-01",
    }
    assert ledger.done == ["erase ana", "send"]


async def test_the_day_is_the_utc_day() -> None:
    late = NOON.replace(hour=20).astimezone(timezone(timedelta(hours=9)))
    receipt = await forget("ana", late, an_id(1), an_id(2), Ledger())
    assert receipt["left_on"] == "2026-11-23"


async def test_other_repositories_are_told_and_the_telling_is_not_kept() -> None:
    ledger = Ledger()
    await forget("ana", NOON, an_id("receipt"), an_id("farewell"), ledger)
    (farewell,) = ledger.promised
    assert (farewell.kind, farewell.target) == ("topic", "traveller-left")
    assert farewell.payload == {"user_id": "ana"}
    assert farewell.deleted_once_sent


async def test_no_log_line_names_the_person(capsys: pytest.CaptureFixture[str]) -> None:
    await forget("ana-maria", NOON, an_id("receipt"), an_id("farewell"), Ledger())
    lines = capsys.readouterr().out
    assert "ana-maria" not in lines
    assert orjson.loads(lines.splitlines()[-1])["receipt_id"] == str(an_id("receipt"))
