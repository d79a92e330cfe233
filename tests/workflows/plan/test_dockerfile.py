"""The image holds what functions need, runs as nobody, and starts the one that it is told to."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from workflows.manifest import ROOT

EACH_LINE = re.MULTILINE
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")


def stage(name: str) -> str:
    """The lines of one stage."""
    found = re.search(
        rf"^FROM \S+ AS {name}\n(.*?)(?=^FROM |\Z)", DOCKERFILE, EACH_LINE | re.DOTALL
    )
    assert found
    return found[1]


def test_the_base_image_is_pinned_to_a_patch() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, EACH_LINE)
    stages = re.findall(r"^FROM \S+ AS (\S+)", DOCKERFILE, EACH_LINE)
    (base,) = set(bases) - set(stages)
    assert re.fullmatch(r"python:3\.12\.\d+-slim-[a-z]+", base)


def test_a_build_without_a_target_makes_the_functions_image() -> None:
    assert re.findall(r"^FROM \S+ AS (\S+)", DOCKERFILE, EACH_LINE)[-1] == "functions"


def test_everything_installed_is_checked_by_hash() -> None:
    installs = re.findall(r"pip install[^&\n]*", DOCKERFILE)
    assert len(installs) == 3
    assert all("--require-hashes" in install for install in installs)


@pytest.mark.parametrize("name", ["functions", "emulators"])
def test_containers_do_not_run_as_root(name: str) -> None:
    assert re.findall(r"^USER (\S+)", stage(name), EACH_LINE) == ["overplanned"]


def test_the_serving_image_is_built_from_the_serving_lock_alone() -> None:
    assert "requirements-dev" not in stage("libraries") + stage("functions")
    assert "workflows" not in stage("functions")
    assert "emulators" not in stage("functions")


def test_sources_and_libraries_are_compiled_before_the_first_start() -> None:
    unchecked = "compileall -q -j 0 --invalidation-mode unchecked-hash /usr/local/lib/python3.12"
    assert unchecked in stage("libraries")
    assert "compileall -q --invalidation-mode unchecked-hash /app" in stage("functions")


def test_what_is_copied_is_not_ignored() -> None:
    ignore = (ROOT / ".dockerignore").read_text().splitlines()
    copied = {
        source.split("/")[0]
        for source in re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, EACH_LINE)
    }
    assert copied
    assert {f"!{source}" for source in copied} <= set(ignore)
    assert ignore[1] == "*"


def started(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What the image's command starts, with a framework that prints its arguments."""
    (command,) = re.findall(r"^CMD (.*)", stage("functions"), EACH_LINE)
    framework = tmp_path / "functions-framework"
    framework.write_text('#!/bin/sh\necho "$@"\n')
    framework.chmod(0o755)
    return subprocess.run(
        json.loads(command),
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": f"{tmp_path}:{os.defpath}", **environment},
    )


def test_function_target_picks_the_function(tmp_path: Path) -> None:
    assert started(tmp_path, FUNCTION_TARGET="read_trip", PORT="9000").stdout == (
        "--asgi --target read_trip --source functions/read_trip/main.py "
        "--host 0.0.0.0 --port 9000\n"
    )


def test_without_function_target_the_container_says_so(tmp_path: Path) -> None:
    done = started(tmp_path)
    assert done.returncode != 0
    assert "FUNCTION_TARGET" in done.stderr
    assert "names the function to run" in done.stderr
