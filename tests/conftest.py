"""The whole local stack, once per session, for every test that needs it or one of its engines."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from shared.runtime.postgres import Pool, open_pool
from shared.runtime.settings import Settings
from tests.databases import Databases
from workflows.processes.limits import allow_many_files
from workflows.stack import Stack

# 500 callers, the gateway and what answers behind it share this process in one test.
allow_many_files()


@pytest.fixture(scope="session", autouse=True)
def emulated_model() -> Iterator[None]:
    """No test asks the real language model, whatever key the shell holds."""
    kept = os.environ.pop("ANTHROPIC_API_KEY", None)
    yield
    if kept is not None:
        os.environ["ANTHROPIC_API_KEY"] = kept


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The shipped functions on free ports and an empty data folder."""
    running = Stack(tmp_path_factory.mktemp("stack"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def databases(stack: Stack) -> Iterator[Databases]:
    """Makes databases of the tests' own in the stack's Postgres."""
    opened = Databases(stack.database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def database_url(databases: Databases) -> Iterator[str]:
    """A migrated database for one module of tests."""
    with databases.migrated() as url:
        yield url


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """The pool that a function would open on the module's database."""
    opened = await open_pool(Settings({"DATABASE_URL": database_url}))
    yield opened
    await opened.close()
