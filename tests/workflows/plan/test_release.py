"""./deploy.sh without --dry-run runs the printed lines, here with a gcloud that only remembers."""

import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from workflows.manifest import ROOT
from workflows.plan.release import UNRESOLVED_DIGEST

COMMIT = "c" * 40
DIGEST = "sha256:" + "ab" * 32
GIT = f'#!/bin/sh\ncase "$1" in rev-parse) echo {COMMIT};; esac\n'
# Knows no thing at first; the image has a digest once it was built.
GCLOUD = f"""#!/bin/sh
asked="$*"
case "$asked" in
*" images describe "*) grep -q "builds submit" "$LINES" && echo {DIGEST} || exit 1;;
*" describe "*) exit 1;;
*" list "*) exit 0;;
*) echo "$asked" >> "$LINES"; case "$asked" in "$FAILING"*) exit 3;; esac;;
esac
"""


@dataclass
class Machine:
    """A machine with these two commands: what deploy.sh said there, and the lines it ran."""

    folder: Path

    def deploy(self, *words: str, failing: str = "nothing") -> subprocess.CompletedProcess[str]:
        lines = self.folder / "lines"
        lines.touch()
        return subprocess.run(
            (ROOT / "deploy.sh", *words, "--project=overplanned-prod", "--project-number=42"),
            check=False,
            capture_output=True,
            text=True,
            env={
                "PATH": f"{self.folder}:{os.environ['PATH']}",
                "LINES": str(lines),
                "FAILING": failing,
            },
        )

    @property
    def ran(self) -> list[str]:
        return (self.folder / "lines").read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    for name, script in (("git", GIT), ("gcloud", GCLOUD)):
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    return Machine(tmp_path)


def words(line: str) -> str:
    """A printed line as gcloud hears it."""
    return " ".join(shlex.split(line)[1:])


def test_a_first_release_runs_what_the_dry_run_printed_with_the_real_digest(
    machine: Machine,
) -> None:
    printed = machine.deploy("store-signal", "--dry-run", "--first").stdout.splitlines()
    done = machine.deploy("store-signal")
    assert done.returncode == 0, done.stderr
    expected = [words(line).replace(UNRESOLVED_DIGEST, DIGEST) for line in printed]
    assert machine.ran == [line for line in expected if " images describe " not in line]


def test_a_release_stops_at_the_first_failure_and_says_where(machine: Machine) -> None:
    done = machine.deploy("store-signal", failing="run deploy")
    assert done.returncode == 1
    assert machine.ran[-1].startswith("run deploy store-signal ")
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("Stopped: exit code 3 from `gcloud run deploy store-signal ")


def test_the_cloud_s_command_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "git").write_text(GIT)
    (tmp_path / "git").chmod(0o755)
    for command in ("bash", "dirname", "cat"):
        found = subprocess.check_output(("which", command), text=True).strip()
        (tmp_path / command).symlink_to(found)
    done = subprocess.run(
        (
            tmp_path / "bash",
            ROOT / "deploy.sh",
            "read-trip",
            "--project=abcdef",
            "--project-number=1",
        ),
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": str(tmp_path)},
    )
    assert done.returncode == 1
    assert "The command gcloud is not on this machine" in done.stderr
