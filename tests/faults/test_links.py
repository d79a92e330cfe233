"""A link is slow, cut, reset, deaf or closed: replies are honest and in time, then all heals."""

import asyncio

import asyncpg
import pytest

from tests.faults import invariants
from tests.faults.calls import Caller
from tests.faults.links import LINKS, USED_BY
from tests.faults.proxy import Proxies
from tests.faults.storm import begin
from tests.faults.town import Town
from tests.faults.weather import ON_A_LINK
from workflows.stack import Stack

FAULTS = (*ON_A_LINK, "lost_answers")
QUICK = {("half_an_answer", "postgres"), ("black_hole", "postgres"), ("closed", "pubsub")}


def _marks(fault: str, link: str) -> tuple[pytest.MarkDecorator, ...]:
    quick = fault == "reset" or (fault, link) in QUICK
    return () if quick else (pytest.mark.faults,)


@pytest.mark.parametrize(
    ("fault", "link"),
    [pytest.param(fault, link, marks=_marks(fault, link)) for fault in FAULTS for link in LINKS],
)
async def test_replies_are_honest_and_in_time_and_the_next_call_needs_no_restart(
    fault: str,
    link: str,
    stack: Stack,
    proxies: Proxies,
    town: Town,
    database: asyncpg.Pool,
    cold_cells: None,
) -> None:
    functions = [name for name, links in USED_BY.items() if link in links]
    caller = await Caller.of(town)
    pids = [(await stack.functions.state(name))["pid"] for name in functions]
    caught = [asyncio.create_task(caller.call(name)) for name in functions]
    await asyncio.wait(caught, return_when=asyncio.FIRST_COMPLETED)
    begin(fault, link, proxies)
    for answered in await asyncio.gather(*caught, *map(caller.call, functions)):
        # Without any other engine the promise still holds, one rung lower.
        answered.is_honest() if link == "postgres" else answered.succeeded()
    proxies.heal(link)
    for answered in await asyncio.gather(*map(caller.call, functions)):
        answered.succeeded()
    assert [(await stack.functions.state(name))["pid"] for name in functions] == pids
    await invariants.hold(town, database)
