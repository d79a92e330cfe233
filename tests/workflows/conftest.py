"""The fixture functions, as processes behind a gateway, without engines or with all of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.workflows.builders import FIXTURES, addresses, fixture_wiring
from workflows.local.front import Front
from workflows.processes.ports import listening_socket
from workflows.runner.data_folder import DataFolder
from workflows.runner.functions import Functions
from workflows.stack import Stack


@dataclass(frozen=True)
class House:
    """Function processes behind a gateway; `said` is what the runner reported."""

    functions: Functions
    client: httpx.AsyncClient
    ingress: str
    said: list[str]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    folder, wiring = DataFolder(tmp_path / "data"), fixture_wiring()
    folder.prepare()
    said: list[str] = []
    functions = Functions(wiring, folder, FIXTURES, said.append)
    public, internal = listening_socket(0), listening_socket(0)
    gateway, ingress = (
        f"http://127.0.0.1:{bound.getsockname()[1]}" for bound in (public, internal)
    )
    here = addresses(gateway, ingress)
    functions.open(here)
    front = Front(wiring, functions, here)
    await front.open(public, internal, "key", dict)
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(base_url=gateway, timeout=30, trust_env=False, limits=limits) as c:
        yield House(functions, c, ingress, said)
    # How they end gracefully is a test's own matter; here it would cost each test half a second.
    await asyncio.gather(*(functions[name].kill() for name in wiring.functions))
    await front.close()


@pytest.fixture(scope="session")
def fixture_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A whole stack that runs the fixture functions."""
    stack = Stack(tmp_path_factory.mktemp("stack"), root=FIXTURES)
    stack.start()
    yield stack
    stack.stop()
