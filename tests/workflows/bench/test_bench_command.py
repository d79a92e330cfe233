"""The command measures and does not judge: only a failed request is a failure."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workflows.bench.reports import a_report
from workflows.__main__ import main
from workflows.bench.caller import RequestFailed
from workflows.bench.report import Report
from workflows.commands import bench

Measure = Callable[[], Report]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Measure], int]:
    """Runs `bench` with another way to come by the figures; they are kept in tmp_path."""

    def run(made: Measure) -> int:
        async def measure(folder: Path, say: Callable[[str], None], *, quick: bool) -> Report:
            assert quick
            return made()

        monkeypatch.setattr(bench, "measure", measure)
        monkeypatch.setattr(bench, "REPORT", tmp_path / "bench.json")
        return main(["bench", "--quick"])

    return run


def test_a_missed_goal_is_no_failure(
    command: Callable[[Measure], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(lambda: a_report(p95=5000.0)) == 0
    assert "over" in capsys.readouterr().out
    assert (tmp_path / "bench.json").is_file()


def test_a_failed_request_is_one_and_nothing_is_kept(
    command: Callable[[Measure], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> Report:
        raise RequestFailed("POST /api/v1/trips got 500.")

    assert command(fail) == 1
    assert capsys.readouterr().err == "POST /api/v1/trips got 500.\n"
    assert not (tmp_path / "bench.json").exists()


def test_a_key_of_the_real_model_is_left_aside(
    command: Callable[[Measure], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-real")

    def made() -> Report:
        assert "ANTHROPIC_API_KEY" not in os.environ
        return a_report()

    assert command(made) == 0
