"""A report says of each goal whether it is met, for people and as JSON."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from tests.workflows.bench.reports import a_report
from workflows.bench import tables
from workflows.bench.report import Goal


@pytest.mark.parametrize(("measured", "verdict"), [(79.9, "ok"), (80.0, "over"), (81.0, "over")])
def test_a_goal_is_met_under_its_limit(measured: float, verdict: str) -> None:
    assert Goal("a trip", measured, 80.0, "ms").verdict == verdict


def test_a_cold_start_is_judged_by_what_it_takes_above_the_empty_one() -> None:
    goals = {goal.name: goal for goal in a_report(generate_trip_cpu_s=2.3).goals()}
    goal = goals["cold start of generate_trip, CPU above empty"]
    assert goal.measured == pytest.approx(2.0)
    assert goal.verdict == "over"
    assert goals["cold start of read_trip, CPU above empty"].measured == pytest.approx(0.1)


def test_the_file_holds_the_machine_every_figure_and_every_goal(tmp_path: Path) -> None:
    path = tmp_path / "reports" / "bench.json"
    a_report().write(path)
    found = json.loads(path.read_text())
    assert found["machine"]["cores"] == 2
    assert found["load_after"] == [1.1, 1.2, 1.3]
    assert found["cached"][1]["trip_ms"] == {
        "n": 100, "p50": 30.0, "p95": 200.0, "p99": 200.0, "highest": 200.0,
    }  # fmt: skip
    assert found["cold_starts"]["empty"] == [{"wall_s": 1.0, "cpu_s": 0.3, "pss_mib": 50.0}]
    assert found["cold_start_cpu_s_above_empty"]["write_signal"] == pytest.approx(0.2)
    assert len(found["goals"]) == 9
    assert {goal["verdict"] for goal in found["goals"]} == {"ok"}


def test_a_person_sees_every_goal_and_which_is_missed() -> None:
    said = io.StringIO()
    report = a_report(p95=401.0)
    tables.show(report, Console(file=said, width=100))
    lines = said.getvalue().splitlines()
    for goal in report.goals():
        assert any(goal.name in line and goal.verdict in line for line in lines), goal
    assert sum(line.rstrip().endswith("over") for line in lines) == 1
    assert max(map(len, lines)) <= 100
