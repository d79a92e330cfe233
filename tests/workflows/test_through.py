"""Functions can be sent to an engine by another way; nobody else is."""

from urllib.parse import urlsplit

import pytest

from tests.workflows.builders import addresses, fixture_wiring
from workflows.__main__ import DOORS, main
from workflows.manifest import ROOT
from workflows.runner.addresses import environment
from workflows.runner.data_folder import Secrets

SECRETS = Secrets("n", "word", "word", "c", "t")
NAMED = {
    "postgres": "DATABASE_URL",
    "redis": "REDIS_URL",
    "qdrant": "QDRANT_URL",
    "pubsub": "PUBSUB_EMULATOR_HOST",
    "tasks": "CLOUD_TASKS_EMULATOR_HOST",
    "anthropic": "ANTHROPIC_BASE_URL",
    "storage": "STORAGE_EMULATOR_HOST",
    "identity": "OIDC_CERTS_URL",
}


def told(doors: dict[str, str]) -> dict[str, str]:
    """What a function's environment says."""
    function = next(iter(fixture_wiring().functions.values()))
    return environment(function, 1, addresses().through(doors), SECRETS, ROOT)


@pytest.mark.parametrize("engine", DOORS)
def test_the_engine_is_reached_at_the_door_and_all_else_where_it_is(engine: str) -> None:
    before, after = told({}), told({engine: "10.1.2.3:4567"})
    (changed,) = (name for name in before if before[name] != after[name])
    assert changed == NAMED[engine]
    own = urlsplit(before[changed] if "//" in before[changed] else f"//{before[changed]}")
    assert after[changed] == before[changed].replace(f"127.0.0.1:{own.port}", "10.1.2.3:4567")


@pytest.mark.parametrize("door", ["mysql=127.0.0.1:1", "redis", "redis=127.0.0.1", "redis=:x"])
def test_a_door_that_is_none_is_refused_with_the_engines_there_are(
    door: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["up", "--through", door])
    said = capsys.readouterr().err
    assert door in said
    assert "postgres, redis, qdrant" in said
