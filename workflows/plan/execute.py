"""Carries a release out, one gcloud line after the other, and stops at the first that fails."""

import os
import re
import subprocess
from collections.abc import Sequence
from typing import Protocol

from workflows.plan import image
from workflows.plan.release import Release
from workflows.plan.steps import Argv, Deploy, Ensure, Run, Step, as_line

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class StepFailed(RuntimeError):
    """A line failed, and nothing after it was run."""

    def __init__(self, argv: Argv, reason: str) -> None:
        super().__init__(
            f"Stopped: {reason} from `{as_line(argv)}`. What ran before it stands; mend the cause "
            "and give the same command again: finished steps are found done."
        )


class Cloud(Protocol):
    """Where gcloud lines are run."""

    def run(self, argv: Argv) -> int:
        """Run the line in the open and return its exit code."""

    def read(self, argv: Argv) -> tuple[int, str]:
        """Run the line quietly and return its exit code and what it printed on stdout."""


class Gcloud:
    """The gcloud command of this machine, which asks no questions."""

    def run(self, argv: Argv) -> int:
        """Run the line in the open and return its exit code."""
        return subprocess.run(argv, check=False, env=_unasking()).returncode

    def read(self, argv: Argv) -> tuple[int, str]:
        """Run the line quietly and return its exit code and what it printed on stdout."""
        done = subprocess.run(argv, check=False, capture_output=True, text=True, env=_unasking())
        return done.returncode, done.stdout


def _unasking() -> dict[str, str]:
    return {**os.environ, "CLOUDSDK_CORE_DISABLE_PROMPTS": "1"}


def execute(steps: Sequence[Step], cloud: Cloud) -> None:
    """Run the steps in order; StepFailed at the first line that fails."""
    for step in steps:
        argv = _needed(step, cloud)
        if argv is None:
            continue
        print(as_line(argv), flush=True)
        if code := cloud.run(argv):
            raise StepFailed(argv, f"exit code {code}")


def resolve_digest(release: Release, cloud: Cloud) -> str:
    """The digest of the commit's image; StepFailed where the registry tells none."""
    argv = image.digest(release)
    digest = _read(argv, cloud)
    if not _DIGEST.fullmatch(digest):
        raise StepFailed(argv, f"the answer {digest!r}, which is no digest,")
    return digest


def _needed(step: Step, cloud: Cloud) -> Argv | None:
    match step:
        case Run(argv):
            return argv
        case Ensure(probe, create, update):
            code, _ = cloud.read(probe)
            return create if code else update
        case Deploy(probe, create, update):
            return update if _read(probe, cloud) else create


def _read(argv: Argv, cloud: Cloud) -> str:
    code, printed = cloud.read(argv)
    if code:
        raise StepFailed(argv, f"exit code {code}")
    return printed.strip()
