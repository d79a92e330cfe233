"""The code's queues are the manifest's."""

import tomllib
from typing import Any

from shared.outbox.queues import QUEUE_OF
from workflows.manifest import ROOT


def manifest() -> dict[str, Any]:
    merged: dict[str, Any] = {"functions": {}, "queues": {}, "topics": {}}
    for path in (ROOT / "workflows").glob("*.toml"):
        for kind, tables in tomllib.loads(path.read_text()).items():
            merged.setdefault(kind, {}).update(tables)
    return merged


def test_each_functions_queue_is_the_one_that_triggers_it() -> None:
    declared = {
        name: function["trigger"]["queue"]
        for name, function in manifest()["functions"].items()
        if "queue" in function["trigger"]
    }
    assert dict(QUEUE_OF) == declared


def test_each_queue_is_declared() -> None:
    assert set(QUEUE_OF.values()) <= set(manifest()["queues"])
