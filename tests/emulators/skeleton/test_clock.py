"""The one clock of the stack, and what waits on it."""

import asyncio
import time
from pathlib import Path

import pytest

from emulators.skeleton.alarm import Alarm
from emulators.skeleton.clock import Clock

DAY = 86400.0


def test_it_runs_beside_real_time() -> None:
    clock = Clock()
    clock.advance(DAY)
    first = clock.now()
    assert first == pytest.approx(time.time() + DAY, abs=1)
    assert clock.now() > first


def test_it_can_be_set_to_a_time() -> None:
    clock = Clock()
    clock.set(1_800_000_000.0)
    assert clock.now() == pytest.approx(1_800_000_000.0, abs=1)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3600.5, b"+000000003600.500000\n"),
        (-3600.5, b"-000000003600.500000\n"),
    ],
)
def test_the_file_holds_the_offset_in_the_agreed_form(
    tmp_path: Path, seconds: float, text: bytes
) -> None:
    Clock(tmp_path / "clock").advance(seconds)
    written = (tmp_path / "clock").read_bytes()
    assert written == text
    assert len(written) == 21


def test_the_next_process_goes_on_with_the_offset(tmp_path: Path) -> None:
    Clock(tmp_path / "clock").advance(30 * DAY)
    assert Clock(tmp_path / "clock").offset == pytest.approx(30 * DAY)


async def test_a_waiter_wakes_when_the_clock_is_moved_past_its_time() -> None:
    clock = Clock()
    waiting = asyncio.create_task(clock.wait_until(clock.now() + DAY))
    await asyncio.sleep(0)
    clock.advance(DAY)
    await asyncio.wait_for(waiting, 1)


async def test_a_waiter_sleeps_on_when_the_clock_is_moved_short_of_its_time() -> None:
    clock = Clock()
    waiting = asyncio.create_task(clock.wait_until(clock.now() + DAY))
    await asyncio.sleep(0)
    clock.advance(DAY - 60)
    for _ in range(5):
        await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()


async def test_an_alarm_rings_once_at_its_latest_setting() -> None:
    clock, rung = Clock(), asyncio.Event()
    alarm = Alarm(clock, rung.set)
    alarm.set(clock.now() + DAY)
    alarm.set(clock.now() + 2 * DAY)
    clock.advance(DAY)
    for _ in range(5):
        await asyncio.sleep(0)
    assert not rung.is_set()
    clock.advance(DAY)
    await asyncio.wait_for(rung.wait(), 1)


async def test_an_alarm_that_is_unset_never_rings() -> None:
    clock, rung = Clock(), asyncio.Event()
    alarm = Alarm(clock, rung.set)
    alarm.set(clock.now() + DAY)
    alarm.set(None)
    clock.advance(2 * DAY)
    for _ in range(5):
        await asyncio.sleep(0)
    assert not rung.is_set()
