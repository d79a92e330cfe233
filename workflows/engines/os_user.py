"""Which operating system user runs Postgres, which refuses to be root."""

import os
import pwd
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workflows.errors import StackError
from workflows.processes.child import tool

NOBODY = 65534


class NoUserFound(StackError):
    """No user but root can run the engine here."""


@dataclass(frozen=True, slots=True)
class OsUser:
    """A user to run as: who owns its files, and the command prefix that becomes it."""

    owner: int
    become: tuple[str, ...]


def choose(binary: Path, folder: Path) -> OsUser:
    """Who runs `binary` on `folder` (which exists): us, or where we are root, one who is not.

    Root becomes the folder's owner, else nobody; where neither can reach both (they lie under a
    closed home), root is mapped to nobody in a user namespace, as is a user without a name.
    Raises NoUserFound.
    """
    if os.geteuid() != 0:
        return OsUser(os.geteuid(), () if _named(os.geteuid()) else _mapped_to_nobody())
    before = folder.stat().st_uid
    for user in _candidates(before):
        os.chown(folder, user.owner, -1)
        if _reaches(user, binary, folder):
            return user
    os.chown(folder, before, -1)
    raise NoUserFound(
        f"Postgres refuses to run as root, and no other user can reach both {binary.parent} and "
        f"{folder}: run this as an ordinary user, or keep both where everyone may enter."
    )


def own(folder: Path, user: OsUser) -> None:
    """Gives what is inside `folder` to the user, where root finds it owned by another."""
    if os.geteuid() != 0:
        return
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(parent, name)
            if path.lstat().st_uid != user.owner:
                os.chown(path, user.owner, -1, follow_symlinks=False)


def _candidates(owner: int) -> Iterator[OsUser]:
    drop = ("--clear-groups", "--inh-caps=-all", "--")
    for uid in dict.fromkeys((owner, NOBODY)):
        if uid != 0 and _named(uid):
            gid = _group(uid)
            yield OsUser(uid, (tool("setpriv"), f"--reuid={uid}", f"--regid={gid}", *drop))
    yield OsUser(0, _mapped_to_nobody())


def _mapped_to_nobody() -> tuple[str, ...]:
    return (tool("unshare"), "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--")


def _named(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _group(uid: int) -> int:
    return pwd.getpwuid(uid).pw_gid if _named(uid) else NOBODY


def _reaches(user: OsUser, binary: Path, folder: Path) -> bool:
    test: Sequence[str] = ("sh", "-c", 'test -x "$0" && test -w "$1"', str(binary), str(folder))
    return subprocess.run([*user.become, *test], capture_output=True, check=False).returncode == 0
