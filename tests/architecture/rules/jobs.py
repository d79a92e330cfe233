"""A job is a folder like any other; its face is a command, its example an execution."""

import ast
import json
from collections.abc import Iterator
from typing import Any

from tests.architecture.house import House

EXECUTION = '{"env": {}, "tasks": 1}'


def jobs_are_commands(house: House) -> Iterator[str]:
    """A job's main.py ends as a process that tells by its exit status how it went."""
    for name in sorted(house.jobs & set(house.functions)):
        main = house.modules.get(f"functions.{name}.main")
        if main is None:
            continue
        last = main.tree.body[-1] if main.tree.body else ast.Pass()
        wanted = f"if __name__ == '__main__':\n    sys.exit({name}())"
        if ast.unparse(last) != wanted:
            yield f"{main.path} does not end with `{wanted}`, and so its task never fails."


def job_examples_are_executions(house: House) -> Iterator[str]:
    """The example.json of a job holds the overrides of one execution: env and tasks."""
    for name in sorted(house.jobs & set(house.functions)):
        path = house.root / "functions" / name / "example.json"
        if path.is_file() and not _is_execution(json.loads(path.read_text("utf-8"))):
            yield f"functions/{name}/example.json is no execution such as {EXECUTION}."


def _is_execution(example: Any) -> bool:
    if not isinstance(example, dict) or example.keys() != {"env", "tasks"}:
        return False
    env, tasks = example["env"], example["tasks"]
    pairs = isinstance(env, dict) and all(isinstance(value, str) for value in env.values())
    return pairs and isinstance(tasks, int) and tasks >= 1
