"""A call is answered in its time, whatever it waits for, and what it was doing is told to stop."""

import asyncio

import pytest

from shared.runtime.budget import OutOfTime, within

SOON = 0.05
LONG = 10.0


def _in(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


async def test_what_comes_in_time_is_returned_and_an_error_stays_what_it_is() -> None:
    async def work() -> str:
        return "done"

    async def fail() -> str:
        raise KeyError("gone")

    assert await within(_in(LONG), work()) == "done"
    with pytest.raises(KeyError):
        await within(_in(LONG), fail())


async def test_what_is_late_is_told_to_stop_and_has_time_to_give_back_what_it_holds() -> None:
    given_back = asyncio.Event()

    async def hold() -> None:
        try:
            await asyncio.sleep(LONG)
        finally:
            await asyncio.sleep(0)
            given_back.set()

    with pytest.raises(OutOfTime):
        await within(_in(SOON), hold())
    assert given_back.is_set()


async def test_what_does_not_stop_keeps_nobody_waiting_and_still_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    let_go, ended = asyncio.Event(), asyncio.Event()

    async def cling() -> None:
        try:
            await asyncio.sleep(LONG)
        finally:
            await let_go.wait()
            ended.set()
            raise ConnectionError("the claim could not be given back")

    began = asyncio.get_running_loop().time()
    with pytest.raises(OutOfTime):
        await within(_in(SOON), cling())
    assert asyncio.get_running_loop().time() - began < 2
    let_go.set()
    await ended.wait()
    await asyncio.sleep(0)
    assert "the claim could not be given back" in capsys.readouterr().out


async def test_a_caller_who_is_cancelled_cancels_the_work() -> None:
    began, stopped = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        began.set()
        try:
            await asyncio.sleep(LONG)
        finally:
            stopped.set()

    waiting = asyncio.create_task(within(_in(LONG), work()))
    await began.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.wait_for(stopped.wait(), LONG)
