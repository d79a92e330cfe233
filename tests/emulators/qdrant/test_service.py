"""Version, probes, call log, faults and reset."""

from importlib.metadata import version
from pathlib import Path

import httpx
import pytest
from qdrant_client import AsyncQdrantClient, QdrantClient
from qdrant_client.common.version_check import get_server_version
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse
from qdrant_client.models import Distance, VectorParams

from tests.emulators.admin_client import AdminClient
from tests.emulators.qdrant.process import QdrantProcess


def test_the_server_has_the_clients_own_minor_version(server: QdrantProcess) -> None:
    told = get_server_version(server.url, {}, None, 5)
    assert told is not None
    assert told.split(".")[:2] == version("qdrant-client").split(".")[:2]


@pytest.mark.parametrize("probe", ["healthz", "livez", "readyz"])
def test_the_probes_answer(server: QdrantProcess, probe: str) -> None:
    assert httpx.get(f"{server.url}/{probe}").text == "healthz check passed"


async def test_the_state_tells_calls_and_stored_totals(
    server: QdrantProcess, client: QdrantClient, nodes: str
) -> None:
    client.query_points(nodes, [1.0, 0, 0, 0], limit=7)
    async with AdminClient(server.url) as admin:
        state = await admin.state()
    assert state["collections"][nodes] == 400
    assert state["points"] >= 400
    assert state["calls"]["POST /collections/{name}/points/query"] >= 1
    [last] = [call for call in state["recent"] if call["name"].endswith("/points/query")][-1:]
    assert last["detail"]["name"] == nodes
    assert last["detail"]["body"]["limit"] == 7


async def test_an_injected_fault_fails_the_next_matching_call_alone(
    server: QdrantProcess, async_client: AsyncQdrantClient, nodes: str
) -> None:
    async with AdminClient(server.url) as admin:
        await admin.faults(fail_next=1, status=503, match="points/query")
        assert (await async_client.count(nodes)).count == 400
        with pytest.raises(UnexpectedResponse, match="503"):
            await async_client.query_points(nodes, [1.0, 0, 0, 0])
        assert (await async_client.query_points(nodes, [1.0, 0, 0, 0])).points


async def test_an_injected_disconnect_is_a_lost_connection(
    server: QdrantProcess, async_client: AsyncQdrantClient, nodes: str
) -> None:
    async with AdminClient(server.url) as admin:
        await admin.faults(disconnect_next=1, match="points/query")
        with pytest.raises(ResponseHandlingException):
            await async_client.query_points(nodes, [1.0, 0, 0, 0])


async def test_reset_removes_every_collection(tmp_path: Path) -> None:
    with QdrantProcess(tmp_path / "data") as own:
        async with AdminClient(own.url) as admin:
            client = own.async_client()
            await client.create_collection("a", VectorParams(size=4, distance=Distance.DOT))
            await admin.reset()
            assert (await client.get_collections()).collections == []
            assert (await admin.state())["calls"] == {"GET /collections": 1}
            await client.close()


async def test_idle_answers_when_nothing_is_in_flight(server: QdrantProcess) -> None:
    async with AdminClient(server.url) as admin:
        await admin.until_idle()
