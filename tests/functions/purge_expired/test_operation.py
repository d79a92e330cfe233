"""What is past its time goes, and what is not stays."""

from datetime import datetime, timedelta

from functions.purge_expired.operation import purge
from tests.builders import NOON


class Kept:
    def __init__(self) -> None:
        self.before: list[datetime] = []

    async def delete_older_than(self, moment: datetime) -> int:
        self.before.append(moment)
        return 3

    async def delete_before(self, replayed: datetime, parked: datetime) -> int:
        self.before += [replayed, parked]
        return 4

    async def delete_finished_before(self, moment: datetime) -> int:
        self.before.append(moment)
        return 5


async def test_an_answer_is_replayed_for_a_day_and_a_parked_message_kept_for_a_quarter() -> None:
    answers, messages = Kept(), Kept()
    await purge(answers, messages, Kept(), NOON)
    assert answers.before == [NOON - timedelta(hours=24)]
    assert messages.before == [NOON - timedelta(days=7), NOON - timedelta(days=90)]


async def test_what_a_job_did_is_known_for_a_quarter() -> None:
    executions = Kept()
    await purge(Kept(), Kept(), executions, NOON)
    assert executions.before == [NOON - timedelta(days=90)]
