"""The stack's data folder: what lies where in it, its secrets, and who holds it."""

import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

CLOCK_AT_REAL_TIME = "+000000000000.000000\n"  # 21 bytes, as the emulators write it


class FolderInUse(RuntimeError):
    """Another stack runs on the data folder."""


class FolderClosed(RuntimeError):
    """This user may not write to the data folder."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Made once per data folder, readable by its owner alone."""

    nextauth: str
    postgres: str
    redis: str
    control: str


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
            if not self.clock.exists():
                self.clock.write_text(CLOCK_AT_REAL_TIME)
        except PermissionError as error:
            raise FolderClosed(
                f"{error.filename} cannot be written by this user; choose another with --data DIR."
            ) from error

    def lock(self) -> int:
        """Takes the folder until the returned descriptor or the process ends; raises FolderInUse."""
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise FolderInUse(
                f"A stack already runs on {self.path}; stop it with "
                f"`python -m workflows down --data {self.path}`, or choose another with --data DIR."
            ) from None
        return descriptor

    def locked(self) -> bool:
        """Whether a stack runs on it."""
        try:
            os.close(self.lock())
        except FolderInUse:
            return True
        except FileNotFoundError:
            return False
        return False

    def secrets(self) -> Secrets:
        """The folder's secrets, made where there are none."""
        path = self.path / "secrets.json"
        if not path.exists():
            made = {name: secrets.token_hex(32) for name in Secrets.__dataclass_fields__}
            part = path.with_suffix(".part")
            part.touch(mode=0o600)
            part.write_text(json.dumps(made))
            part.replace(path)
        return Secrets(**json.loads(path.read_text()))
