"""Lets a weather loose on a stack, gust by gust, and heals what it leaves behind."""

import asyncio
from collections import Counter
from contextlib import suppress

from tests.faults.proxy import Proxies
from tests.faults.weather import Gust, Weather
from tests.scenarios.engines import kill
from workflows.stack import Refused, Stack


async def blow(weather: Weather, stack: Stack, proxies: Proxies) -> Counter[str]:
    """Every gust at its time; how often each fault was there at the end, with all links good."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    seen: Counter[str] = Counter()
    try:
        async with asyncio.TaskGroup() as blowing:
            for gust in weather:
                await asyncio.sleep(began + gust.at_s - loop.time())
                seen[gust.fault] += 1
                blowing.create_task(_blow(gust, stack, proxies))
    finally:
        proxies.heal()
    return seen


async def _blow(gust: Gust, stack: Stack, proxies: Proxies) -> None:
    # An engine that is being revived, and a function that does not run, cannot be killed again.
    with suppress(Refused, AssertionError, ProcessLookupError):
        if gust.fault == "kill":
            await kill(stack, gust.where)
        elif gust.fault == "kill_function":
            await stack.functions.kill(gust.where)
        elif gust.fault == "stop_function":
            await stack.functions.stop(gust.where)
    if gust.lasts_s:
        await asyncio.to_thread(begin, gust.fault, gust.where, proxies)
        await asyncio.sleep(gust.lasts_s)
        await asyncio.to_thread(proxies.heal, gust.where)


def begin(fault: str, link: str, proxies: Proxies) -> None:
    """Does what the fault is called to the link."""
    match fault:
        case "latency":
            proxies.slow(link, latency_s=0.1)
        case "narrow":
            proxies.slow(link, bytes_per_s=50_000)
        case "cut":
            proxies.cut(link)
        case "reset":
            proxies.reset(link)
        case "closed":
            proxies.refuse(link)
            proxies.reset(link)
        case "half_an_answer":
            proxies.cut_after(link, 700)
        case "black_hole":
            proxies.swallow(link)
        case "lost_answers":
            proxies.swallow(link, "answers")
        case _:
            raise ValueError(fault)
