"""Postgres never runs as root, and nothing outside its folder changes for that."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from workflows.engines import os_user
from workflows.engines.os_user import NOBODY

PROGRAM = Path("/bin/sh")
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a choice of users")
namespaces = pytest.mark.skipif(
    subprocess.run(["unshare", "--user", "true"], check=False, capture_output=True).returncode != 0,
    reason="this machine allows no user namespaces",
)


def user_of(user: os_user.OsUser) -> int:
    said = subprocess.run([*user.become, "id", "-u"], check=True, capture_output=True)
    return int(said.stdout)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of the machine may enter, as a checkout under /srv is."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        data = Path(folder, "data")
        data.mkdir()
        yield data


@pytest.fixture
def closed_folder(tmp_path: Path) -> Path:
    """A folder under a home that only its owner may enter."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "data").mkdir()
    return home / "data"


@pytest.mark.skipif(os.geteuid() == 0, reason="root must become another")
def test_an_ordinary_user_stays_who_they_are(tmp_path: Path) -> None:
    assert os_user.choose(PROGRAM, tmp_path) == os_user.OsUser(os.geteuid(), ())


@root_only
def test_root_becomes_nobody(open_folder: Path) -> None:
    user = os_user.choose(PROGRAM, open_folder)
    assert (user_of(user), open_folder.stat().st_uid) == (NOBODY, NOBODY)


@root_only
def test_root_becomes_whoever_owns_the_data_already(open_folder: Path) -> None:
    daemon = 1
    os.chown(open_folder, daemon, -1)
    user = os_user.choose(PROGRAM, open_folder)
    assert (user_of(user), open_folder.stat().st_uid) == (daemon, daemon)


@root_only
@namespaces
def test_root_is_mapped_to_nobody_where_nobody_may_not_enter(closed_folder: Path) -> None:
    user = os_user.choose(PROGRAM, closed_folder)
    assert (user_of(user), closed_folder.stat().st_uid) == (NOBODY, 0)


@root_only
@namespaces
def test_nothing_outside_the_folder_changes_its_owner_or_mode(
    open_folder: Path, closed_folder: Path
) -> None:
    for folder in (open_folder, closed_folder):
        outside = [folder.parent, *folder.parent.parents]
        before = [(path.stat().st_mode, path.stat().st_uid) for path in outside]
        os_user.choose(PROGRAM, folder)
        assert [(path.stat().st_mode, path.stat().st_uid) for path in outside] == before


@root_only
def test_files_left_by_another_user_are_given_to_the_one_who_runs(open_folder: Path) -> None:
    (open_folder / "base").mkdir()
    (open_folder / "base" / "1").touch()
    os_user.own(open_folder, os_user.OsUser(NOBODY, ()))
    assert (open_folder / "base" / "1").stat().st_uid == NOBODY
