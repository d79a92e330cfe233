"""The emulator as the stack runs it: in the process of `python -m emulators`, on a free port."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

import pytest
from google.cloud.storage import Client

ROOT = Path(__file__).resolve().parents[3]
START_S = 20


class StorageProcess:
    """One running emulator over a data folder."""

    def __init__(self, data: Path) -> None:
        addresses = data.with_name(f"{data.name}-{time.monotonic_ns()}.json")
        command = [sys.executable, "-m", "emulators", "--data", str(data), "--only", "storage"]
        self.process = subprocess.Popen(
            [*command, "--addresses", str(addresses)], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        self.url: str = self._addresses(addresses)["storage"]["http"]

    def client(self) -> Client:
        """The official client, as STORAGE_EMULATOR_HOST makes it."""
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("STORAGE_EMULATOR_HOST", self.url)
            return Client(project="overplanned-local")

    def resident_bytes(self) -> int:
        """The most memory the process has held so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024

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
