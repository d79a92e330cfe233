"""The load is as it is said to be: so many requests, so many at once."""

import asyncio

import pytest

from workflows.bench.caller import RequestFailed
from workflows.bench.load import Load


class Server:
    """Counts how many ask at once, and lets all answers out when the last of them has come."""

    def __init__(self, expected: int) -> None:
        self.numbers: list[int] = []
        self.at_once = self.most = 0
        self._expected = expected
        self._all_there = asyncio.Event()

    async def ask(self, number: int) -> float:
        self.numbers.append(number)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        if self.at_once == self._expected:
            self._all_there.set()
        await self._all_there.wait()
        self.at_once -= 1
        return 0.25


async def test_each_number_is_asked_once_and_as_many_at_once_as_were_wanted() -> None:
    server = Server(3)
    async with asyncio.timeout(10):
        await Load(server.ask).drive(7, 3)
    assert sorted(server.numbers) == list(range(7))
    assert server.most == 3


async def test_driven_again_it_goes_on_counting() -> None:
    server = Server(1)
    load = Load(server.ask)
    await load.drive(2, 1)
    await load.drive(2, 1)
    assert server.numbers == [0, 1, 2, 3]
    assert (load.ms.n, load.ms.p50) == (4, 250.0)


async def test_clients_begin_apart() -> None:
    loop, begun = asyncio.get_running_loop(), []

    async def ask(number: int) -> float:
        begun.append(loop.time())
        return 0.0

    await Load(ask).drive(2, 2, apart_s=0.05)
    assert begun[1] - begun[0] < 0.05, "the first client takes what the second is late for"

    async def slow(number: int) -> float:
        begun.append(loop.time())
        await asyncio.sleep(0.1)
        return 0.0

    begun.clear()
    await Load(slow).drive(2, 2, apart_s=0.05)
    assert begun[1] - begun[0] >= 0.04


async def test_a_failed_request_ends_the_measurement() -> None:
    async def fail(number: int) -> float:
        raise RequestFailed("the trip was not planned")

    with pytest.raises(RequestFailed, match="not planned"):
        await Load(fail).drive(10, 2)
