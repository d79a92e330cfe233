"""A function is deployed as the manifest describes it, to no one but its callers."""

import shlex
from collections.abc import Callable

import pytest

from workflows.plan.release import Release
from workflows.plan.services import deploy
from workflows.plan.steps import Deploy
from workflows.triggers import Schedule
from workflows.wiring import Function


def flags(function: Function, release: Release) -> dict[str, str]:
    """The deploy line's flags; a flag without a value maps to the empty text."""
    step = deploy(function, release)
    assert isinstance(step, Deploy)
    words = (word.partition("=") for word in step.update if word.startswith("--"))
    return {name: value for name, _, value in words}


def test_every_function_runs_the_same_image_by_digest(
    a_function: Callable[..., Function], release: Release
) -> None:
    images = {flags(a_function(name), release)["--image"] for name in ("read_trip", "seed_city")}
    assert images == {f"{release.image}@{release.digest}"}


def test_function_target_picks_the_function(
    a_function: Callable[..., Function], release: Release
) -> None:
    variables = flags(a_function("read_trip"), release)["--set-env-vars"].split(",")
    assert "FUNCTION_TARGET=read_trip" in variables


def test_sizes_come_from_the_manifest(
    a_function: Callable[..., Function], release: Release
) -> None:
    function = a_function(memory_mib=2048, cpu=2, timeout=7.5, concurrency=8, min_instances=1)
    given = flags(function, release)
    assert given["--memory"] == "2048Mi"
    assert given["--cpu"] == "2"
    assert given["--timeout"] == "8s"
    assert given["--concurrency"] == "8"
    assert given["--min-instances"] == "1"


def test_a_new_revision_of_a_known_service_gets_a_tag_and_no_traffic(
    a_function: Callable[..., Function], release: Release
) -> None:
    given = flags(a_function(), release)
    assert given["--tag"] == "c-abc1234"
    assert given["--no-traffic"] == ""


def test_a_service_is_created_without_the_flag_that_cloud_run_then_refuses(
    a_function: Callable[..., Function], release: Release
) -> None:
    step = deploy(a_function(), release)
    (line,) = step.shown(first=True)
    assert "--no-traffic" not in line
    assert "--tag=c-abc1234" in line


@pytest.mark.parametrize("access", ["traveller", "admin", "public"])
def test_the_frontend_reaches_http_functions(
    access: str, a_function: Callable[..., Function], release: Release
) -> None:
    assert "--allow-unauthenticated" in flags(a_function(access=access), release)


def test_strangers_do_not_reach_background_functions(
    a_function: Callable[..., Function], release: Release
) -> None:
    given = flags(a_function(trigger=Schedule("* * * * *")), release)
    assert given["--ingress"] == "internal"


def test_a_lost_need_is_cleared_from_the_service(
    a_function: Callable[..., Function], release: Release
) -> None:
    given = flags(a_function(access="public"), release)
    assert {"--clear-secrets", "--clear-cloudsql-instances", "--clear-network"} <= given.keys()


def test_engines_are_joined_as_needed(
    a_function: Callable[..., Function], release: Release
) -> None:
    given = flags(a_function(access="public", needs=("postgres", "redis")), release)
    assert given["--set-cloudsql-instances"] == "overplanned-prod:us-central1:overplanned"
    assert given["--vpc-egress"] == "private-ranges-only"
    assert given["--set-secrets"] == (
        "DATABASE_URL=database-url:latest,TOMBSTONE_KEY=tombstone-key:latest,"
        "REDIS_URL=redis-url:latest"
    )


def test_the_line_survives_a_shell(a_function: Callable[..., Function], release: Release) -> None:
    (argv,) = deploy(a_function(), release).shown(first=False)
    assert tuple(shlex.split(shlex.join(argv))) == argv
