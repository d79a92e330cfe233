"""A process of store_signal as the stack starts one, on a database of the test's own."""

import asyncio
import base64
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

import httpx
import orjson

from shared.signals.message import encode_signals
from shared.signals.signal import Signal
from tests.shared.waiting import until
from workflows import manifest
from workflows.processes.child import Child, spawn
from workflows.processes.ports import free_port, listens
from workflows.processes.readiness import until_ready
from workflows.runner.addresses import environment
from workflows.runner.data_folder import DataFolder
from workflows.runner.functions import command
from workflows.stack import Stack

DRAIN_S = 8.0
"""What the runner gives a process that it stops; Cloud Run gives ten."""


@dataclass(frozen=True)
class StoreSignal:
    """The process, and Pub/Sub's way of calling it."""

    child: Child
    port: int
    client: httpx.AsyncClient
    headers: Mapping[str, str]

    async def push(self, signals: Sequence[Signal]) -> int:
        """The status of one delivery."""
        data = base64.b64encode(orjson.dumps(encode_signals(signals))).decode()
        body = {"message": {"data": data, "messageId": "1", "attributes": {}}}
        answer = await self.client.post("/", json=body, headers=self.headers)
        return answer.status_code

    async def terminate(self) -> float:
        """Sends SIGTERM and returns when, once the process takes no new connection."""
        at = monotonic()
        assert self.child.running
        self.child._signal(signal.SIGTERM)
        await until(self._is_closed)
        return at

    async def _is_closed(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return True
        writer.close()
        return False


@asynccontextmanager
async def store_signal(stack: Stack, database_url: str, log: Path) -> AsyncIterator[StoreSignal]:
    """Starts one and ends it with the block."""
    function = manifest.load().functions["store_signal"]
    addresses = replace(stack.addresses, database_url=database_url)
    port, secrets = free_port(), DataFolder(stack.data_dir).secrets()
    child = await spawn(
        command(function, port, manifest.ROOT),
        environment=environment(function, port, addresses, secrets, manifest.ROOT),
        output=log,
        folder=manifest.ROOT,
    )
    try:
        await until_ready(child, lambda: listens(child.pid, port))
        token = await stack.id_token(addresses.function_url_template.format(service="store-signal"))
        url, headers = f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as client:
            yield StoreSignal(child, port, client, headers)
    finally:
        await child.stop(signal.SIGKILL, 5)
