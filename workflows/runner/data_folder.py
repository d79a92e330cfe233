"""The stack's data folder: what lies where in it, its secrets, and who holds it."""

import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from workflows.errors import StackError

LEFTOVERS_S = 35.0  # a killed stack's slowest function may drain this long
CLOCK_AT_REAL_TIME = "+000000000000.000000\n"  # 21 bytes, as the emulators write it


class FolderInUse(StackError):
    """Another stack runs on the data folder."""


class FolderClosed(StackError):
    """The data folder belongs to another user."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Made once per data folder, readable by its owner alone."""

    nextauth: str
    postgres: str
    redis: str
    control: str
    tombstone: str


@dataclass(frozen=True, slots=True)
class DataFolder:
    """One stack's folder; everything it keeps lies inside."""

    path: Path

    @property
    def logs(self) -> Path:
        """A log file for each process."""
        return self.path / "logs"

    @property
    def clock(self) -> Path:
        """CLOCK_FILE: the offset of the stack's clock."""
        return self.path / "clock"

    @property
    def state(self) -> Path:
        """Where the running stack says how it is reached."""
        return self.path / "state.json"

    @property
    def ingress(self) -> Path:
        """The port of the internal ingress, kept: undelivered tasks and pushes name it."""
        return self.path / "ingress.port"

    def prepare(self) -> None:
        """Makes the folder and what must lie in it; raises FolderClosed."""
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            strange = [path for path in self.path.iterdir() if not _ours(path)]
        except PermissionError as error:
            strange = [Path(error.filename)]
        if strange:
            raise FolderClosed(
                f"{strange[0]} belongs to another user; choose another folder with --data DIR."
            )
        if not self.clock.exists():
            self.clock.write_text(CLOCK_AT_REAL_TIME)

    def lock(self) -> int:
        """Takes the folder, for this process and all it starts, until the last of them ends.

        Waits for what a killed stack leaves behind to end; raises FolderInUse.
        """
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        deadline = monotonic() + LEFTOVERS_S
        while not _taken(descriptor):
            if self.holder() or monotonic() > deadline:
                os.close(descriptor)
                raise FolderInUse(
                    f"A stack already runs on {self.path}; stop it with `python -m workflows "
                    f"down --data {self.path}`, or choose another with --data DIR."
                )
            sleep(0.02)
        os.set_inheritable(descriptor, True)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        return descriptor

    def holder(self) -> int | None:
        """Process id of the stack that runs on the folder, None where none does."""
        try:
            pid = int((self.path / "lock").read_text())
        except (FileNotFoundError, ValueError):
            return None
        return pid if _lives(pid) and not self.released() else None

    def released(self) -> bool:
        """Whether no process of any stack is left on the folder."""
        try:
            descriptor = os.open(self.path / "lock", os.O_RDWR)
        except FileNotFoundError:
            return True
        try:
            return _taken(descriptor, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)

    def secrets(self) -> Secrets:
        """The folder's secrets, made where there are none."""
        path = self.path / "secrets.json"
        kept = json.loads(path.read_text()) if path.exists() else {}
        if missing := Secrets.__dataclass_fields__.keys() - kept.keys():
            made = kept | {name: secrets.token_hex(32) for name in missing}
            part = path.with_suffix(".part")
            part.touch(mode=0o600)
            part.write_text(json.dumps(made))
            part.replace(path)
        return Secrets(**json.loads(path.read_text()))


def _taken(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lives(pid: int) -> bool:
    """Whether the process runs; one that was killed and not yet reaped by its parent does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def _ours(path: Path) -> bool:
    return os.geteuid() in (0, path.stat().st_uid)
