"""An image is named after the commit it was built from, or is not built."""

import subprocess
from pathlib import Path

import pytest

from workflows.plan.checkout import Checkout
from workflows.plan.release import PlanError


@pytest.fixture
def work_tree(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    (tmp_path / "main.py").write_text("1\n")
    git(tmp_path, "add", "main.py")
    git(tmp_path, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "one")
    return tmp_path


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(("git", "-C", folder, *words), check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_a_clean_work_tree_is_its_commit(work_tree: Path) -> None:
    head = git(work_tree, "rev-parse", "HEAD")
    assert Checkout(work_tree).released(None) == head
    assert Checkout(work_tree).released(head[:7]) == head


def test_a_changed_work_tree_is_not_released(work_tree: Path) -> None:
    (work_tree / "main.py").write_text("2\n")
    with pytest.raises(PlanError, match="differs from its commit"):
        Checkout(work_tree).released(None)


def test_a_commit_that_is_not_checked_out_is_not_released(work_tree: Path) -> None:
    with pytest.raises(PlanError, match="fffffff is not checked out here"):
        Checkout(work_tree).released("fffffff")


def test_a_folder_without_git_is_released_as_the_commit_it_is_said_to_be(tmp_path: Path) -> None:
    assert Checkout(tmp_path).released("abc1234") == "abc1234"
    with pytest.raises(PlanError, match="give --commit"):
        Checkout(tmp_path).released(None)


def test_a_dry_run_may_speak_of_any_commit(work_tree: Path) -> None:
    assert Checkout(work_tree).shown("fffffff") == "fffffff"
    assert Checkout(work_tree).shown(None) == git(work_tree, "rev-parse", "HEAD")
