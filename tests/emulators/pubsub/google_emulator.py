"""Finds and runs Google's own Pub/Sub emulator, where this machine has it."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ENVIRONMENT = "GOOGLE_PUBSUB_EMULATOR"
START_S = 30


def find() -> Path | None:
    """The emulator's jar: from $GOOGLE_PUBSUB_EMULATOR (its folder) or beside gcloud."""
    folder = os.environ.get(ENVIRONMENT)
    gcloud = shutil.which("gcloud")
    if folder is None and gcloud is not None:
        root = Path(gcloud).resolve().parent.parent
        folder = str(root / "platform" / "pubsub-emulator")
    if folder is None or shutil.which("java") is None:
        return None
    return next(Path(folder).glob("lib/cloud-pubsub-emulator-*.jar"), None)


@contextmanager
def running(jar: Path) -> Iterator[str]:
    """Runs it on a free port; yields host:port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["java", "-Xmx256m", "-jar", str(jar), "--host=127.0.0.1", f"--port={port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + START_S
    while time.monotonic() < give_up and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("Google's Pub/Sub emulator did not start.")
