"""Sending at once: all in parallel, within the cap, and an exact report of what left."""

import asyncio

from shared.outbox.message import Message
from shared.outbox.send import Sender, SendRefused
from tests.builders import a_message

SOON = 5.0
"""Seconds that no test waits out."""


class Post:
    """Sends each message as its target says."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.cancelled: list[Message] = []
        self.hanging = asyncio.Event()
        self._met = asyncio.Barrier(2)

    async def send(self, message: Message) -> None:
        match message.target:
            case "refused":
                raise SendRefused("no such topic")
            case "down":
                raise ConnectionError("try later")
            case "never":
                await self._hang(message)
            case "together":
                await self._met.wait()
        self.sent.append(message)

    async def _hang(self, message: Message) -> None:
        self.hanging.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled.append(message)
            raise


def to(target: str) -> Message:
    return a_message(target, target=target)


async def test_all_that_leaves_is_reported_sent() -> None:
    post = Post()
    messages = [a_message(number) for number in range(10)]
    report = await Sender(topics=post).send(messages, SOON)
    assert sorted(m.payload["name"] for m in report.sent) == sorted(map(str, range(10)))
    assert report.failed == ()
    assert len(post.sent) == 10


async def test_what_is_refused_is_permanent_and_what_fails_is_not() -> None:
    report = await Sender(topics=Post()).send([to("refused"), to("down"), to("fine")], SOON)
    assert [message.target for message in report.sent] == ["fine"]
    permanent = {failure.message.target: failure.permanent for failure in report.failed}
    assert permanent == {"refused": True, "down": False}
    reasons = {failure.message.target: failure.reason for failure in report.failed}
    assert "no such topic" in reasons["refused"]
    assert "ConnectionError" in reasons["down"]


async def test_what_is_late_is_cut_off_and_neither_sent_nor_failed() -> None:
    post = Post()
    async with asyncio.timeout(SOON):
        report = await Sender(topics=post).send([to("never"), to("fine")], 0.05)
    assert [message.target for message in report.sent] == ["fine"]
    assert report.failed == ()
    assert [message.target for message in post.cancelled] == ["never"]


async def test_messages_leave_side_by_side() -> None:
    report = await Sender(topics=Post()).send([to("together"), to("together")], SOON)
    assert len(report.sent) == 2


async def test_each_kind_goes_its_own_way() -> None:
    topics, tasks = Post(), Post()
    message, task = a_message("m"), a_message("t", kind="task", target="prewarm_combo")
    await Sender(topics=topics, tasks=tasks).send([message, task], SOON)
    assert (topics.sent, tasks.sent) == ([message], [task])


async def test_a_kind_that_nobody_sends_is_refused_not_retried() -> None:
    task = a_message("t", kind="task", target="prewarm_combo")
    (failure,) = (await Sender(topics=Post()).send([task], SOON)).failed
    assert failure.permanent
    assert "sends no task" in failure.reason


async def test_nothing_to_send_is_nothing_done() -> None:
    report = await Sender().send([], 0.0)
    assert (report.sent, report.failed) == ((), ())


async def test_a_caller_who_goes_away_leaves_no_message_under_way() -> None:
    post = Post()
    sending = asyncio.create_task(Sender(topics=post).send([to("never")], SOON))
    await post.hanging.wait()
    sending.cancel()
    await asyncio.wait([sending])
    await asyncio.sleep(0)
    assert [message.target for message in post.cancelled] == ["never"]
