"""`simulate`: what it hands to the travellers, and what it says where it cannot."""

import argparse
import json
import stat
from pathlib import Path

import pytest

from workflows.__main__ import main
from workflows.commands.simulate import PASSED_ON, _command
from workflows.runner.data_folder import DataFolder
from workflows.stack import Stack


def given(**changes: object) -> argparse.Namespace:
    options: dict[str, object] = dict.fromkeys(PASSED_ON)
    return argparse.Namespace(**{**options, "travellers": 8, "at_once": 4, **changes})


def options(command: list[str]) -> dict[str, str]:
    return dict(part.removeprefix("--").split("=", 1) for part in command if part.startswith("--"))


def test_travellers_are_told_the_gateway_and_where_the_clock_is(
    fixture_stack: Stack, tmp_path: Path
) -> None:
    folder = DataFolder(fixture_stack.data_dir)
    told = options(_command(fixture_stack, folder, tmp_path, given()))
    assert told["gateway"] == fixture_stack.gateway_url
    addresses = json.loads(Path(told["emulators"]).read_text())
    assert addresses["pubsub"]["admin"].startswith("http://127.0.0.1:")


def test_the_secret_travels_in_a_file_that_nobody_else_can_read(
    fixture_stack: Stack, tmp_path: Path
) -> None:
    folder = DataFolder(fixture_stack.data_dir)
    command = _command(fixture_stack, folder, tmp_path, given())
    secret = Path(options(command)["secret-file"])
    assert secret.read_text() == folder.secrets().nextauth
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert not any(folder.secrets().nextauth in part for part in command)


def test_what_was_not_said_is_left_to_the_travellers(fixture_stack: Stack, tmp_path: Path) -> None:
    folder = DataFolder(fixture_stack.data_dir)
    told = options(_command(fixture_stack, folder, tmp_path, given(leave=0.1)))
    assert (told["travellers"], told["at-once"], told["leave"]) == ("8", "4", "0.1")
    assert "drift" not in told


def test_without_a_stack_it_says_how_to_start_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith(f"No stack runs on {tmp_path}; start one with ")
