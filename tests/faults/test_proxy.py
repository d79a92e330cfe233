"""What a link does to the bytes that pass it is what it was told, and healed it is a wire again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from tests.faults.proxy import Proxies
from workflows.processes.ports import HOST

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]
SAID = b"something of twenty b"


@dataclass
class Wire:
    """A link to an engine that says back what it hears."""

    proxies: Proxies
    heard: list[bytes]

    async def open(self) -> Ends:
        """A connection of our own through the link."""
        return await asyncio.open_connection(HOST, self.proxies.links["echo"].port)


async def ask(ends: Ends, size: int = len(SAID)) -> bytes:
    """What comes back, or TimeoutError."""
    ends[1].write(SAID)
    return await asyncio.wait_for(ends[0].read(size), 1)


async def closed(ends: Ends) -> bool:
    """Whether the other end has ended the connection in an orderly way."""
    return await asyncio.wait_for(ends[0].read(), 1) == b""


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    heard: list[bytes] = []
    serving: list[asyncio.Task[None] | None] = []

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.append(asyncio.current_task())
        with suppress(ConnectionError):
            while said := await reader.read(100):
                heard.append(said)
                writer.write(said)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(echo, HOST, 0)
    with Proxies(["echo"]) as proxies:
        proxies.lead({"echo": f"{HOST}:{server.sockets[0].getsockname()[1]}"})
        yield Wire(proxies, heard)
    server.close()
    await asyncio.gather(*filter(None, serving))


@pytest.fixture
async def ends(wire: Wire) -> AsyncIterator[Ends]:
    """A connection over which something was said already."""
    ends = await wire.open()
    assert await ask(ends) == SAID
    yield ends
    ends[1].close()
    with suppress(ConnectionError):
        await ends[1].wait_closed()


async def test_a_cut_connection_ends_orderly_and_the_next_one_is_good(
    wire: Wire, ends: Ends
) -> None:
    wire.proxies.cut("echo")
    assert await closed(ends)
    again = await wire.open()
    assert await ask(again) == SAID
    again[1].close()


async def test_a_reset_connection_is_an_error(wire: Wire, ends: Ends) -> None:
    wire.proxies.reset("echo")
    with pytest.raises(ConnectionResetError):
        await ends[0].read()


async def test_nobody_connects_to_a_closed_link_until_it_is_healed(wire: Wire, ends: Ends) -> None:
    wire.proxies.refuse("echo")
    with pytest.raises(ConnectionRefusedError):
        await wire.open()
    assert await ask(ends) == SAID
    wire.proxies.heal()
    again = await wire.open()
    assert await ask(again) == SAID
    again[1].close()


async def test_a_slow_link_delays_both_ways(wire: Wire, ends: Ends) -> None:
    wire.proxies.slow("echo", latency_s=0.1)
    began = asyncio.get_running_loop().time()
    assert await ask(ends) == SAID
    assert asyncio.get_running_loop().time() - began >= 0.2


async def test_a_narrow_link_lets_so_many_bytes_pass_a_second(wire: Wire, ends: Ends) -> None:
    wire.proxies.slow("echo", bytes_per_s=len(SAID) * 10)
    began = asyncio.get_running_loop().time()
    assert await ask(ends) == SAID
    assert asyncio.get_running_loop().time() - began >= 0.2


@pytest.mark.parametrize(("ways", "heard"), [((), 1), (("answers",), 2)])
async def test_a_deaf_link_stays_open_and_what_it_swallowed_from_is_reset_once_healed(
    ways: tuple[str, ...], heard: int, wire: Wire, ends: Ends
) -> None:
    wire.proxies.swallow("echo", *ways)
    with pytest.raises(TimeoutError):
        await ask(ends)
    assert len(wire.heard) == heard
    wire.proxies.heal()
    with pytest.raises(ConnectionResetError):
        await ask(ends)


async def test_a_connection_is_cut_in_the_middle_of_an_answer(wire: Wire, ends: Ends) -> None:
    wire.proxies.cut_after("echo", 5)
    ends[1].write(SAID)
    assert await asyncio.wait_for(ends[0].read(), 1) == SAID[:5]
