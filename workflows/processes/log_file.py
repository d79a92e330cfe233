"""A process's log: lines appended to a file that is turned over before it grows for ever."""

from pathlib import Path
from typing import BinaryIO

LARGEST = 16 * 1024 * 1024


class LogFile:
    """Lines of text in a file; the one before the last 16 MiB is kept beside it as `.1`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last_line = ""
        self._file: BinaryIO | None = None

    def write(self, line: str) -> None:
        """Appends one line and remembers it as the last."""
        self.last_line = line
        if self._file is None:
            turn_over(self.path)
            self._file = self.path.open("ab", buffering=0)
        self._file.write(line.encode(errors="replace") + b"\n")
        if self._file.tell() > LARGEST:
            self.close()

    def close(self) -> None:
        """Closes the file; a line that is written after opens it again."""
        if self._file:
            self._file.close()
            self._file = None


def turn_over(path: Path) -> None:
    """Moves a log that has grown too large aside, over the one moved before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST:
        path.replace(path.with_suffix(path.suffix + ".1"))


def last_line(path: Path) -> str:
    """The last non-empty line of a log, empty where there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 8192))
        lines = file.read().decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
