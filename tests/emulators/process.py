"""`python -m emulators` as a process of its own, for tests that stop or kill it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_S = 20


@dataclass(frozen=True, slots=True)
class Emulators:
    """The process, and where each emulator in it listens."""

    process: "subprocess.Popen[bytes]"
    addresses: dict[str, dict[str, str]]

    def kill(self) -> None:
        """Ends it at once, as SIGKILL does: no handler runs."""
        self.process.kill()
        self.process.wait()


@contextmanager
def emulators(folder: Path, *names: str, port: str | None = None) -> Iterator[Emulators]:
    """Runs the named emulators with their data in `folder`, until the block ends."""
    written = folder / "addresses.json"
    written.unlink(missing_ok=True)
    command = [sys.executable, "-m", "emulators", "--only", ",".join(names)]
    command += ["--data", str(folder / "data"), "--addresses", str(written)]
    command += ["--port", port] if port else []
    process = subprocess.Popen(command)
    try:
        _wait_for(written, process)
        yield Emulators(process, json.loads(written.read_text()))
    finally:
        process.terminate()
        process.wait(timeout=5)


def _wait_for(file: Path, process: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + START_S
    while not file.exists():
        assert process.poll() is None, "the emulators ended before they were ready"
        assert time.monotonic() < give_up, "the emulators did not get ready"
        time.sleep(0.01)
