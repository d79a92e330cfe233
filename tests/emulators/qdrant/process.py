"""The emulator as the stack runs it: a process of its own, on a free port."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

from qdrant_client import AsyncQdrantClient, QdrantClient

ROOT = Path(__file__).resolve().parents[3]
START_S = 20


class QdrantProcess:
    """One running `python -m emulators.qdrant` over a data folder."""

    def __init__(self, data: Path, *arguments: str) -> None:
        addresses = data.with_name(f"{data.name}-{time.monotonic_ns()}.json")
        command = [sys.executable, "-m", "emulators.qdrant", "--data", str(data)]
        self.process = subprocess.Popen(
            [*command, "--address-file", str(addresses), *arguments],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.url: str = self._addresses(addresses)["qdrant"]["http"]

    def client(self) -> QdrantClient:
        """The official client, without its version check in a thread that may outlive a test."""
        return QdrantClient(url=self.url, prefer_grpc=False, check_compatibility=False)

    def async_client(self) -> AsyncQdrantClient:
        """The official client for asyncio."""
        return AsyncQdrantClient(url=self.url, prefer_grpc=False, check_compatibility=False)

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; returns the exit status."""
        return self._end(signal.SIGTERM)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.returncode is None:
            self.stop()

    def _end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=START_S)
        return self.process.returncode

    def _addresses(self, path: Path) -> Any:
        until = time.monotonic() + START_S
        while not path.exists():
            try:
                self.process.wait(0.01)
            except subprocess.TimeoutExpired:
                assert time.monotonic() < until, "The emulator did not start."
            else:
                raise RuntimeError(self.process.communicate()[1])
        return json.loads(path.read_text())
