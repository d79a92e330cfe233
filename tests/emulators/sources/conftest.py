"""The emulator on a free port, over a small city of its own."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from emulators import sources
from emulators.skeleton.house import House
from tests.emulators.sources.tiny_town import CITY, VENUES


@pytest.fixture
def cities(tmp_path: Path) -> Path:
    """A folder with one city, without posts, and a secret beside it."""
    folder = tmp_path / "cities"
    (folder / "tiny-town").mkdir(parents=True)
    (folder / "tiny-town" / "city.json").write_bytes(CITY)
    (folder / "tiny-town" / "venues.ndjson").write_bytes(VENUES)
    (tmp_path / "city.json").write_text("secret")
    return folder


@pytest.fixture
async def http(house: House, cities: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client at a running emulator's base URL."""
    options = {"sources.data": str(cities)}
    running = await sources.start(dataclasses.replace(house, options=options))
    async with httpx.AsyncClient(base_url=running.addresses["http"]) as client:
        yield client
    await running.stop()
