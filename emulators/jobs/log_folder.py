"""Owns the log files of jobs: what their tasks wrote, each line with the task that wrote it."""

from pathlib import Path
from typing import BinaryIO

LARGEST_FILE = 16 * 1024 * 1024
LARGEST_ATTEMPT = 8 * 1024 * 1024


class AttemptLog:
    """The lines of one attempt in its job's file; what exceeds LARGEST_ATTEMPT is dropped."""

    def __init__(self, file: BinaryIO, prefix: str) -> None:
        self._file = file
        self._prefix = prefix.encode()
        self._left = LARGEST_ATTEMPT

    def write(self, line: bytes) -> None:
        """Appends a line, given without its end."""
        if self._left <= 0:
            return
        self._left -= len(self._prefix) + len(line) + 2
        if self._left <= 0:
            line = b"(This attempt has written too much; the rest of it is not kept.)"
        self._file.write(self._prefix + b" " + line + b"\n")

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


class LogFolder:
    """A folder with a file per job; the one before the last 16 MiB is kept beside it as `.1`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, job: str, prefix: str) -> AttemptLog:
        """The log for one attempt of a task of the job with the id `job`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{job}.log"
        if path.exists() and path.stat().st_size > LARGEST_FILE:
            path.replace(path.with_name(f"{path.name}.1"))
        return AttemptLog(path.open("ab", buffering=0), prefix)
