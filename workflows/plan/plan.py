"""The whole release of some functions, in order, each step once."""

from collections.abc import Iterator, Sequence

from workflows.plan import access, messaging, services
from workflows.plan.release import PlanError, Release
from workflows.plan.steps import Run, Step, gcloud
from workflows.wiring import Function, Need, Push, Schedule, Tasked, Wiring

ALWAYS = ("artifactregistry", "cloudbuild", "iam", "run", "secretmanager")
API_OF_NEED: dict[Need, str] = {
    "postgres": "sqladmin",
    "redis": "compute",
    "qdrant": "compute",
    "storage": "storage",
    "pubsub": "pubsub",
    "tasks": "cloudtasks",
}
API_OF_TRIGGER: dict[type, str] = {
    Push: "pubsub",
    Tasked: "cloudtasks",
    Schedule: "cloudscheduler",
}


def choose(wiring: Wiring, asked: str | None) -> list[Function]:
    """The functions to release: the one whose service or folder is `asked`, or all for None.

    Raises PlanError for a name that the manifest does not hold.
    """
    if asked is None:
        return list(wiring.functions.values())
    function = wiring.by_service.get(asked.replace("_", "-"))
    if function is None:
        known = ", ".join(sorted(wiring.by_service))
        raise PlanError(f"No function is named {asked!r}; the manifest holds {known}.")
    return [function]


def prepare(functions: Sequence[Function], release: Release) -> Step:
    """Switches on the APIs that the functions need."""
    apis = {
        *ALWAYS,
        *(API_OF_NEED[need] for f in functions for need in f.needs if need in API_OF_NEED),
        *(API_OF_TRIGGER[type(f.trigger)] for f in functions if f.background),
    }
    names = (f"{api}.googleapis.com" for api in sorted(apis))
    return Run(gcloud("services", "enable", *names, project=release.project))


def release_steps(
    functions: Sequence[Function], wiring: Wiring, release: Release
) -> tuple[Step, ...]:
    """All that follows the build: accounts, channels, roles, services and what calls them."""
    steps = [access.account(access.INVOKER, release)]
    for function in functions:
        steps += _function(function, wiring, release)
    return tuple(dict.fromkeys(steps))


def _function(function: Function, wiring: Wiring, release: Release) -> Iterator[Step]:
    yield access.account(function.service, release)
    yield from access.secret_holders(function, release)
    yield from messaging.channels(function, wiring, release)
    yield from access.grants(function, wiring, release)
    yield services.deploy(function, release)
    yield from access.invocation(function, release)
    yield from messaging.triggers(function, wiring, release)
