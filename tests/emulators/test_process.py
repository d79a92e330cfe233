"""`python -m emulators`: all emulators in one process."""

import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.emulators.process import emulators


def test_the_address_file_tells_where_each_emulator_listens(tmp_path: Path) -> None:
    with emulators(tmp_path, "identity", "pubsub") as running:
        assert set(running.addresses) == {"identity", "pubsub"}
        for url in (running.addresses["identity"]["http"], running.addresses["pubsub"]["admin"]):
            assert httpx.get(f"{url}/_emulator/health").json()["status"] == "ok"


def test_it_stops_within_two_seconds_when_told_to(tmp_path: Path) -> None:
    with emulators(tmp_path, "identity", "pubsub") as running:
        asked = time.monotonic()
        running.process.terminate()
        assert running.process.wait(timeout=10) == 0
        assert time.monotonic() - asked < 2


def test_a_port_can_be_chosen(tmp_path: Path) -> None:
    with emulators(tmp_path, "identity") as running:
        port = running.addresses["identity"]["http"].rpartition(":")[2]
    with emulators(tmp_path, "identity", port=f"identity={port}") as running:
        assert running.addresses["identity"]["http"] == f"http://127.0.0.1:{port}"


def test_an_unknown_emulator_is_refused_by_name(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "emulators", "--data", str(tmp_path)]
    refused = subprocess.run(
        [*command, "--addresses", str(tmp_path / "a.json"), "--only", "pubsub,kafka"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 2
    assert "kafka: choose from identity, pubsub" in refused.stderr
