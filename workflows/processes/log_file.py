"""A process's log: lines appended to a file that is turned over before it grows for ever."""

from pathlib import Path
from typing import BinaryIO

LARGEST = 16 * 1024 * 1024


class LogFile:
    """Lines of text in a file; the one before the last 16 MiB is kept beside it as `.1`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last_line = ""
        self._file = self._opened()

    def write(self, line: str) -> None:
        """Appends one line and remembers it as the last."""
        self.last_line = line
        self._file.write(line.encode(errors="replace") + b"\n")
        if self._file.tell() > LARGEST:
            self._file.close()
            self._file = self._opened()

    def close(self) -> None:
        """Closes the file; nothing is written after."""
        self._file.close()

    def _opened(self) -> BinaryIO:
        turn_over(self.path)
        return self.path.open("ab", buffering=0)


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
