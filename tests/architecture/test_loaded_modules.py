"""What a function's process has loaded once its main.py is imported, third parties included."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import House

ROOT = Path(__file__).resolve().parents[2]
HOUSE = House(ROOT)
SERVED = [name for name in HOUSE.functions if f"functions.{name}.main" in HOUSE.modules]
LOADED = (
    "import importlib, json, sys\n"
    "for name in sys.argv[1:]: importlib.import_module(f'functions.{name}.main')\n"
    "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
)


def loaded(*functions: str) -> set[str]:
    """Top-level modules that are loaded after importing the functions' main.py."""
    done = subprocess.run(
        (sys.executable, "-c", LOADED, *functions),
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_no_served_function_loads_a_training_library() -> None:
    assert loaded(*SERVED).isdisjoint({"torch", "sentence_transformers", "sklearn", "scipy"})


@pytest.mark.parametrize(
    ("need", "library"),
    [("anthropic", "anthropic"), ("qdrant", "qdrant_client"), ("onnx", "onnxruntime")],
)
def test_functions_without_the_need_do_not_load_its_library(need: str, library: str) -> None:
    without = [name for name in SERVED if need not in HOUSE.needs[name]]
    assert without
    assert library not in loaded(*without)


def test_only_jobs_load_pyarrow() -> None:
    """Its import takes 50 MB and 0.13 s of CPU of whoever answers calls, at each cold start."""
    assert "pyarrow" not in loaded(*(name for name in SERVED if name not in HOUSE.jobs))
