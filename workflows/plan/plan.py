"""The whole release of some functions and jobs, in order, each step once."""

from collections.abc import Iterator, Sequence

from workflows.plan import access, messaging, services
from workflows.plan.release import PlanError, Release
from workflows.plan.steps import Run, Step, gcloud
from workflows.triggers import Push, Schedule, Tasked
from workflows.wiring import Function, Job, Need, Wiring

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


def choose(wiring: Wiring, asked: str | None) -> list[Function | Job]:
    """What to release: the function or job whose name or folder is `asked`, or all for None.

    Raises PlanError for a name that the manifest does not hold.
    """
    if asked is None:
        return list(wiring.deployables.values())
    chosen = wiring.deployables.get(asked.replace("-", "_"))
    if chosen is None:
        known = ", ".join(sorted(each.service for each in wiring.deployables.values()))
        raise PlanError(f"No function or job is named {asked!r}; the manifest holds {known}.")
    return [chosen]


def prepare(chosen: Sequence[Function | Job], release: Release) -> Step:
    """Switches on the APIs that the chosen need."""
    apis = {
        *ALWAYS,
        *(API_OF_NEED[need] for each in chosen for need in each.needs if need in API_OF_NEED),
        *(API_OF_TRIGGER.get(type(each.trigger), "run") for each in chosen),
    }
    names = (f"{api}.googleapis.com" for api in sorted(apis))
    return Run(gcloud("services", "enable", *names, project=release.project))


def release_steps(
    chosen: Sequence[Function | Job], wiring: Wiring, release: Release
) -> tuple[Step, ...]:
    """All that follows the build: accounts, channels, roles, what runs and what starts it."""
    steps = [access.account(access.INVOKER, release)]
    for each in chosen:
        steps += _released(each, wiring, release)
    return tuple(dict.fromkeys(steps))


def _released(chosen: Function | Job, wiring: Wiring, release: Release) -> Iterator[Step]:
    yield access.account(chosen.service, release)
    yield from access.secret_holders(chosen, release)
    yield from messaging.channels(chosen, wiring, release)
    yield from access.grants(chosen, wiring, release)
    if isinstance(chosen, Job):
        yield services.deploy_job(chosen, release)
    else:
        yield services.deploy(chosen, release)
    yield from access.invocation(chosen, release)
    yield from messaging.triggers(chosen, wiring, release)
