"""Quota, injected faults, and what the emulator tells of itself."""

import time

import httpx
import pytest
from google.api_core.exceptions import ServiceUnavailable, TooManyRequests

from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.places.maps import KEY, Maps, running


async def test_each_method_has_its_own_quota_a_minute(house: House) -> None:
    async with running(house, per_minute="3") as maps:
        house.clock.advance(60 - house.clock.now() % 60)
        for _ in range(3):
            [lisbon] = await maps.text("Lisbon")
        with pytest.raises(TooManyRequests) as refused:
            await maps.text("Lisbon")
        assert (
            "Quota exceeded for quota metric 'SearchTextRequest' and limit 'SearchTextRequest per "
            "minute' of service 'places.googleapis.com' for consumer 'project_number:0'."
        ) in refused.value.message
        await maps.get(lisbon.id)
        house.clock.advance(60)
        await maps.text("Lisbon")


async def test_exhaustion_can_be_injected_into_one_method(maps: Maps, admin: AdminClient) -> None:
    await admin.faults(fail_next=1, status=429, match=":searchText")
    await maps.nearby((38.71, -9.14))
    with pytest.raises(TooManyRequests, match="Quota exceeded for quota metric"):
        await maps.text("Lisbon")
    assert await maps.text("Lisbon")


async def test_failures_latency_and_lost_connections_can_be_injected(
    maps: Maps, admin: AdminClient
) -> None:
    await admin.faults(fail_next=1)
    with pytest.raises(ServiceUnavailable):
        await maps.text("Lisbon")
    await admin.faults(disconnect_next=1)
    with pytest.raises(httpx.TransportError):
        await maps.post("searchText", {"textQuery": "Lisbon"})
    await admin.faults(latency_ms=80)
    began = time.monotonic()
    await maps.post("searchText", {"textQuery": "Lisbon"})
    assert time.monotonic() - began >= 0.08


async def test_the_state_tells_the_calls_their_masks_and_the_world_but_no_key(
    maps: Maps, admin: AdminClient
) -> None:
    await maps.text("Lisbon", "places.id")
    state = await admin.state()
    assert state["calls"] == {"SearchText": 1}
    assert state["recent"][0]["detail"] == {"mask": "places.id"}
    assert state["world"]["seed"] == "1"
    assert state["world"]["cities"].keys() == {"lisbon", "portland", "kyoto"}
    assert KEY not in str(state)


async def test_without_a_key_of_its_own_any_key_will_do(house: House) -> None:
    async with running(house, key="whatever") as maps:
        assert await maps.text("Lisbon")
