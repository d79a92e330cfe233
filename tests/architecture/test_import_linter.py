"""import-linter's contracts in pyproject.toml are kept by our source, and each can be broken."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Plant = Callable[[Mapping[str, str | None]], Path]

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
    "contracts"
]
# First words of a contract's name -> a file that breaks it, and what is then said.
BREAKS = {
    "nothing imports functions": (
        "workflows/run.py",
        "import functions.read_trip.main\n",
        "workflows.run -> functions.read_trip.main (l.1)",
    ),
    "functions never import each other": (
        "functions/list_cities/main.py",
        "from functions.read_trip.operation import read\n",
        "functions.list_cities.main -> functions.read_trip.operation (l.1)",
    ),
    "main.py joins operation.py": (
        "functions/read_trip/operation.py",
        "def read():\n    import functions.read_trip.main\n",
        "functions.read_trip.operation -> functions.read_trip.main (l.2)",
    ),
    "emulators import nothing of ours": (
        "emulators/pubsub/__init__.py",
        "from shared.trips.trip import Trip\n",
        "emulators.pubsub -> shared.trips.trip (l.1)",
    ),
    "shared knows none of its users": (
        "shared/runtime/clock.py",
        "import emulators.pubsub\n",
        "shared.runtime.clock -> emulators.pubsub (l.1)",
    ),
    "domains form no circle": (
        "shared/nodes/node.py",
        "from shared.trips.trip import Trip\n",
        "- .nodes -> .trips (1 import)",
    ),
    "training libraries are out of reach": (
        "shared/trips/trip.py",
        "from shared.nodes.node import Node\ndef load():\n    import torch\n",
        "shared.trips.trip -> torch (l.3)",
    ),
}


def lint(root: Path) -> tuple[int, str]:
    """Exit code and report of import-linter on the house at `root`, under our contracts."""
    if root != ROOT:
        shutil.copy(ROOT / "pyproject.toml", root)
    done = subprocess.run(
        (Path(sys.executable).parent / "lint-imports", "--no-cache"),
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
        env={"COLUMNS": "500", "PATH": "", "LANG": "C.UTF-8"},
    )
    return done.returncode, done.stdout + done.stderr


def test_our_source_keeps_every_contract() -> None:
    code, report = lint(ROOT)
    assert code == 0, report


def test_a_sound_house_keeps_every_contract(plant: Plant) -> None:
    code, report = lint(plant({}))
    assert code == 0, report


@pytest.mark.parametrize("contract", BREAKS)
def test_a_planted_violation_breaks_its_contract(contract: str, plant: Plant) -> None:
    path, text, says = BREAKS[contract]
    code, report = lint(plant({path: text}))
    assert code == 1, report
    assert re.search(rf"^{re.escape(contract)}.* BROKEN$", report, re.MULTILINE), report
    assert says in report


def test_every_contract_has_been_seen_to_break() -> None:
    names = [contract["name"] for contract in CONTRACTS]
    unseen = [name for name in names if not name.startswith(tuple(BREAKS))]
    assert unseen == []
    assert len(names) == len(BREAKS)
