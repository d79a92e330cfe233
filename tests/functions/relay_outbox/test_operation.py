"""What a crash left unsent goes out, and a receiver that is down ends the run."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from functions.relay_outbox.operation import BATCH, relay
from shared.outbox.message import Message, SendFailure, SendReport
from tests.builders import NOON, a_message


class MemoryOutbox:
    """Messages in a list; claimed ones are out of reach until they are settled."""

    def __init__(self, count: int) -> None:
        self.waiting = [a_message(number) for number in range(count)]
        self.sent: list[Message] = []
        self.parked: list[Message] = []
        self.claims: list[int] = []
        self.deleted_before: datetime | None = None

    async def claim(self, at: datetime, limit: int) -> list[Message]:
        taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        self.claims.append(len(taken))
        return taken

    async def settle(self, report: SendReport, at: datetime) -> None:
        self.sent += report.sent
        self.parked += [failure.message for failure in report.failed if failure.permanent]

    async def delete_sent_before(self, moment: datetime) -> None:
        self.deleted_before = moment


class Post:
    """Sends what `sends` says; the rest fails."""

    def __init__(self, sends: Callable[[Message], bool], *, permanent: bool = False) -> None:
        self._sends = sends
        self._permanent = permanent

    async def send(self, messages: Sequence[Message], cap_seconds: float) -> SendReport:
        sent = tuple(message for message in messages if self._sends(message))
        failed = (m for m in messages if not self._sends(m))
        return SendReport(sent, tuple(SendFailure(m, "down", self._permanent) for m in failed))


async def test_everything_unsent_leaves_batch_by_batch() -> None:
    outbox = MemoryOutbox(2 * BATCH + 7)
    assert await relay(outbox, Post(lambda _: True), NOON) == 2 * BATCH + 7
    assert outbox.claims == [BATCH, BATCH, 7, 0]
    assert len(outbox.sent) == 2 * BATCH + 7


async def test_a_run_stops_when_nothing_leaves() -> None:
    outbox = MemoryOutbox(5 * BATCH)
    assert await relay(outbox, Post(lambda _: False), NOON) == 0
    assert outbox.claims == [BATCH]


async def test_a_whole_batch_that_never_can_be_sent_does_not_hold_up_the_next() -> None:
    outbox = MemoryOutbox(2 * BATCH)
    poison = outbox.waiting[:BATCH]
    sent = await relay(outbox, Post(lambda m: m not in poison, permanent=True), NOON)
    assert sent == BATCH
    assert outbox.parked == poison


async def test_a_few_that_fail_do_not_hold_up_the_others() -> None:
    outbox = MemoryOutbox(2 * BATCH)
    poison = outbox.waiting[:3]
    sent = await relay(outbox, Post(lambda m: m not in poison, permanent=True), NOON)
    assert sent == 2 * BATCH - 3
    assert outbox.parked == poison


async def test_what_was_sent_is_forgotten_after_a_week_also_when_nothing_waits() -> None:
    outbox = MemoryOutbox(0)
    assert await relay(outbox, Post(lambda _: True), NOON) == 0
    assert outbox.deleted_before == NOON - timedelta(days=7)
