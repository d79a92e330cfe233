"""./deploy.sh answers in gcloud lines on stdout, in sentences on stderr, and never in secrets."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from workflows.manifest import ROOT, load
from workflows.plan.plan import choose, release_steps
from workflows.plan.release import Release
from workflows.plan.steps import as_line
from workflows.wiring import Wiring

SECRETS = ("DATABASE_URL", "REDIS_URL", "QDRANT_URL", "ANTHROPIC_API_KEY", "NEXTAUTH_SECRET")
CLOUD = ("GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_PROJECT_NUMBER", "GOOGLE_CLOUD_REGION")


def deploy(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in CLOUD}
    return subprocess.run(
        (ROOT / "deploy.sh", *words),
        check=False,
        capture_output=True,
        text=True,
        env={**kept, **environment},
    )


def test_a_dry_run_prints_nothing_but_gcloud_lines() -> None:
    done = deploy("generate-trip", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert all(line.startswith("gcloud ") for line in done.stdout.splitlines())
    assert "gcloud run deploy generate-trip " in done.stdout
    assert "gcloud run deploy read-trip " not in done.stdout


def test_all_releases_every_function_and_job_of_the_manifest() -> None:
    done, wiring = deploy("--all", "--dry-run"), load()
    for service in wiring.by_service:
        assert f"gcloud run deploy {service} " in done.stdout
    for job in wiring.jobs.values():
        assert f"gcloud run jobs deploy {job.service} " in done.stdout


def test_a_dry_run_says_what_its_samples_stand_for() -> None:
    done = deploy("generate-trip", "--dry-run")
    assert f"sha256:{'0' * 64} stands for the digest" in done.stderr
    assert "your-project stands for the project" in done.stderr


def test_given_facts_stand_in_every_line() -> None:
    done = deploy(
        "store-signal",
        "--dry-run",
        "--commit=abc1234",
        GOOGLE_CLOUD_PROJECT="overplanned-prod",
        GOOGLE_CLOUD_PROJECT_NUMBER="42",
        GOOGLE_CLOUD_REGION="europe-west1",
    )
    assert "your-project" not in done.stdout + done.stderr
    assert "--push-endpoint=https://store-signal-42.europe-west1.run.app" in done.stdout
    assert "functions:abc1234" in done.stdout


def test_an_unknown_function_is_one_clear_sentence() -> None:
    done = deploy("make-coffee", "--dry-run")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("No function or job is named 'make-coffee'; the manifest holds ")


def test_a_release_without_a_project_says_how_to_name_one() -> None:
    done = deploy("generate-trip")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "A release needs --project, or GOOGLE_CLOUD_PROJECT in the environment.\n"
    )


def test_no_secret_of_the_environment_is_printed() -> None:
    done = deploy("--all", "--dry-run", **dict.fromkeys(SECRETS, "hunter2-do-not-print"))
    assert done.returncode == 0, done.stderr
    assert "hunter2" not in done.stdout + done.stderr


@pytest.mark.full
@pytest.mark.skipif(shutil.which("gcloud") is None, reason="the Google Cloud CLI is not installed")
def test_every_line_passes_the_grammar_of_the_real_cli(wiring: Wiring, release: Release) -> None:
    printed = deploy("--all", "--dry-run").stdout + deploy("--all", "--dry-run", "--first").stdout
    sampled = release_steps(choose(wiring, None), wiring, release)
    argvs = (
        argv for first in (True, False) for step in sampled for argv in step.shown(first=first)
    )
    lines = list(dict.fromkeys([*printed.splitlines(), *map(as_line, argvs)]))
    assert any(line.startswith("gcloud run jobs deploy ") for line in lines)
    refused = [verdict for verdict in lint(lines) if not verdict["success"]]
    assert [(verdict["command_string"], verdict["error_message"]) for verdict in refused] == []


@pytest.mark.full
@pytest.mark.skipif(shutil.which("gcloud") is None, reason="the Google Cloud CLI is not installed")
def test_the_grammar_check_can_fail() -> None:
    (verdict,) = lint(["gcloud run deploy read-trip --image=i --no-such-flag=1"])
    assert not verdict["success"]


def lint(lines: list[str]) -> list[dict[str, str]]:
    """One verdict per line from gcloud's own linter, which exits with 0 whatever it finds."""
    with tempfile.TemporaryDirectory() as folder:
        commands = Path(folder) / "commands.json"
        commands.write_text(json.dumps([{"command_string": line} for line in lines]))
        done = subprocess.run(
            ("gcloud", "meta", "lint-gcloud-commands", f"--commands-file={commands}"),
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "CLOUDSDK_CONFIG": folder},
        )
    verdicts: list[dict[str, str]] = json.loads(done.stdout)
    assert len(verdicts) == len(lines)
    return verdicts
