"""Which commit lies in this folder, and whether it is all that lies here."""

import shutil
import subprocess
from pathlib import Path

from workflows.plan.release import PlanError


class Checkout:
    """A folder that may be a git work tree."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def shown(self, asked: str | None) -> str | None:
        """The commit that a dry run speaks of: the asked one, else the checked-out one if any."""
        return asked or self._git("rev-parse", "--verify", "HEAD")

    def released(self, asked: str | None) -> str:
        """The commit that a build here is of.

        Raises PlanError where the folder holds anything but that commit, since the build takes
        the folder and the image takes the commit's name.
        """
        head = self._git("rev-parse", "--verify", "HEAD")
        if head is None:
            if asked is None:
                raise PlanError("No commit is checked out here: give --commit.")
            return asked
        if asked is not None and not head.startswith(asked):
            raise PlanError(f"Commit {asked} is not checked out here, {head[:12]} is.")
        if self._git("status", "--porcelain"):
            raise PlanError("The work tree differs from its commit: commit first.")
        return head

    def _git(self, *words: str) -> str | None:
        git = shutil.which("git")
        if git is None:
            return None
        done = subprocess.run(
            (git, *words), cwd=self._folder, check=False, capture_output=True, text=True
        )
        return done.stdout.strip() if done.returncode == 0 else None
