"""Every variable that served code reads is set by a deployment, by the image or by Cloud Run."""

import ast
import re
from collections.abc import Callable, Iterator

from workflows.manifest import ROOT
from workflows.plan.access import SECRETS_OF_NEED, SESSION_SECRET
from workflows.plan.release import Release
from workflows.plan.services import environment
from workflows.wiring import Function

SET_BY_CLOUD_RUN = {
    "PORT",
    "K_SERVICE",
    "CLOUD_RUN_JOB",
    "CLOUD_RUN_EXECUTION",
    "CLOUD_RUN_TASK_INDEX",
    "CLOUD_RUN_TASK_COUNT",
    "CLOUD_RUN_TASK_ATTEMPT",
}
# Said by whoever starts an execution of a job, where they want other than the job's own.
OF_ONE_EXECUTION = {"TRAINING_DATE", "PERSONAS_PER_RUN"}
LOCAL_ALONE = {
    "ANTHROPIC_BASE_URL",
    "CLOCK_FILE",
    "CLOUD_TASKS_EMULATOR_HOST",
    "PUBSUB_EMULATOR_HOST",
    "SOURCES_BASE_URL",  # the sample city's source: real sources have addresses of their own
    "STORAGE_EMULATOR_HOST",
}
VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")


def variables_read() -> Iterator[str]:
    """Names in `settings["NAME"]` and `environ.get("NAME")`, whatever these are called."""
    for package in ("functions", "shared"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Subscript):
                    yield from _variable(node.slice)
                elif isinstance(node, ast.Call) and ast.unparse(node.func)[-4:] == ".get":
                    yield from (name for argument in node.args[:1] for name in _variable(argument))


def _variable(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and VARIABLE.fullmatch(str(node.value)):
        yield str(node.value)


def test_what_is_read_is_set(a_function: Callable[..., Function], release: Release) -> None:
    secrets = {name for names in SECRETS_OF_NEED.values() for name in names} | {SESSION_SECRET}
    image = set(re.findall(r"([A-Z_]+)=\S", (ROOT / "Dockerfile").read_text("utf-8")))
    known = environment(a_function(), release).keys() | secrets | image | SET_BY_CLOUD_RUN
    read = set(variables_read())
    assert "DATABASE_URL" in read
    assert read - known - LOCAL_ALONE - OF_ONE_EXECUTION == set()


def test_a_deployment_sets_nothing_that_belongs_to_a_local_stack(
    a_function: Callable[..., Function], release: Release
) -> None:
    given = environment(a_function(), release)
    assert given.keys().isdisjoint(LOCAL_ALONE)
    assert given["ENVIRONMENT"] == "production"
