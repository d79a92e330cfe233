"""The sample source over HTTP: what it has is read, what it is not is said."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from emulators import sources
from emulators.skeleton.clock import Clock
from emulators.skeleton.house import House
from emulators.skeleton.identity import Identity
from shared.runtime.errors import TryAgain
from shared.runtime.settings import Settings
from shared.sources.http import SampleSource, SourceAway, SourceCityUnknown, SourceUnreadable
from tests.builders import a_listing, a_post, a_venue
from tests.emulators.admin_client import AdminClient


def lines(*records: str) -> str:
    return "".join(f"{record}\n" for record in records)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A source with a city of two venues and a post."""
    folder = tmp_path / "cities" / "seattle"
    folder.mkdir(parents=True)
    (folder / "city.json").write_text(a_listing().model_dump_json())
    venues = (a_venue(1).model_dump_json(), "", a_venue(2).model_dump_json())
    (folder / "venues.ndjson").write_text(lines(*venues))
    (folder / "posts.ndjson").write_text(lines(a_post(1).model_dump_json()))
    return folder


@pytest.fixture
async def url(town: Path, tmp_path: Path) -> AsyncIterator[str]:
    """The emulator that serves it."""
    clock = Clock()
    house = House(tmp_path, clock, Identity(tmp_path, clock), {"sources.data": str(town.parent)})
    running = await sources.start(house)
    yield running.addresses["http"]
    await running.stop()


@pytest.fixture
async def source(url: str) -> AsyncIterator[SampleSource]:
    """Our reader of it."""
    opened = SampleSource(Settings({"SOURCES_BASE_URL": url}))
    yield opened
    await opened._client.aclose()


async def test_a_citys_listing_venues_and_posts_are_read_in_their_order(
    source: SampleSource,
) -> None:
    assert await source.city("seattle") == a_listing()
    assert await source.venues("seattle") == [a_venue(1), a_venue(2)]
    assert await source.posts("seattle") == [a_post(1)]


async def test_a_city_that_the_source_lacks_is_named(source: SampleSource) -> None:
    with pytest.raises(SourceCityUnknown, match="no city atlantis") as refused:
        await source.city("atlantis")
    assert refused.value.status == 404


@pytest.mark.parametrize("broken", ['{"source_ref": "x"}', "not json", "[]", '{"id": '])
async def test_one_broken_line_is_no_part_of_a_city(
    broken: str, source: SampleSource, town: Path
) -> None:
    with (town / "venues.ndjson").open("a") as venues:
        venues.write(f"{broken}\n")
    with pytest.raises(SourceUnreadable, match="Venue that breaks its form") as refused:
        await source.venues("seattle")
    assert refused.value.status == 422


async def test_a_source_that_fails_or_hangs_up_may_be_asked_again(
    url: str, source: SampleSource
) -> None:
    async with AdminClient(url) as admin:
        for fault in ({"fail_next": 1, "status": 500}, {"disconnect_next": 1}):
            await admin.faults(**fault)
            with pytest.raises(SourceAway):
                await source.city("seattle")
    assert await source.city("seattle") == a_listing()
    assert issubclass(SourceAway, TryAgain)


async def test_a_body_without_end_is_cut(
    source: SampleSource, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.sources.http._MOST_BYTES", 100)
    with pytest.raises(SourceUnreadable, match="larger than"):
        await source.posts("seattle")
