"""Who may do what: one account per function, and the roles and secrets that follow from it."""

from collections.abc import Iterator

from workflows.plan.release import Release
from workflows.plan.steps import Argv, Ensure, Run, Step, gcloud
from workflows.wiring import Function, Need, Tasked, Wiring

INVOKER = "invoker"
# The values are typed into Secret Manager by an operator; a plan knows only their names.
SECRETS_OF_NEED: dict[Need, tuple[str, ...]] = {
    "postgres": ("DATABASE_URL", "TOMBSTONE_KEY"),
    "redis": ("REDIS_URL",),
    "qdrant": ("QDRANT_URL",),
    "anthropic": ("ANTHROPIC_API_KEY",),
}
SESSION_SECRET = "NEXTAUTH_SECRET"
SIGNED_IN = ("traveller", "admin")


def secrets(function: Function) -> dict[str, str]:
    """Environment variable -> Secret Manager name, for each secret the function reads."""
    variables = [name for need in function.needs for name in SECRETS_OF_NEED.get(need, ())]
    if function.access in SIGNED_IN:
        variables.append(SESSION_SECRET)
    return {name: name.lower().replace("_", "-") for name in variables}


def account(name: str, release: Release) -> Step:
    """The service account `name`, without a role."""
    project = release.project
    email = release.account(name)
    return Ensure(
        probe=gcloud("iam", "service-accounts", "describe", email, project=project),
        create=gcloud("iam", "service-accounts", "create", name, project=project),
    )


def secret_holders(function: Function, release: Release) -> Iterator[Step]:
    """The secrets the function reads, created without a value."""
    for name in secrets(function).values():
        yield Ensure(
            probe=gcloud("secrets", "describe", name, project=release.project),
            create=gcloud(
                "secrets", "create", name, replication_policy="automatic", project=release.project
            ),
        )


def grants(function: Function, wiring: Wiring, release: Release) -> Iterator[Step]:
    """The roles of the function's own account: each from one of its needs, sends or secrets."""
    member = release.account(function.service)
    if "postgres" in function.needs:
        yield _grant(("projects",), release.project, "cloudsql.client", member, condition="None")
    if "storage" in function.needs:
        yield _grant(("storage", "buckets"), release.bucket, "storage.objectUser", member)
    for name in secrets(function).values():
        yield _grant(("secrets",), name, "secretmanager.secretAccessor", member, release.project)
    for name in function.sends:
        yield from _sending(name, member, wiring, release)


def invocation(function: Function, release: Release) -> Iterator[Step]:
    """The invoker's right to call a background function; others check their callers' tokens."""
    if function.background:
        yield _grant(
            ("run", "services"),
            function.service,
            "run.invoker",
            release.invoker,
            release.project,
            region=release.region,
        )


def _sending(target: str, member: str, wiring: Wiring, release: Release) -> Iterator[Step]:
    if target in wiring.topics:
        yield _grant(("pubsub", "topics"), target, "pubsub.publisher", member, release.project)
        return
    trigger = wiring.functions[target].trigger
    assert isinstance(trigger, Tasked)
    yield _grant(
        ("tasks", "queues"),
        trigger.queue,
        "cloudtasks.enqueuer",
        member,
        release.project,
        location=release.region,
    )
    # A task carries the invoker's token, and only who may act as the invoker may ask for that.
    yield _grant(
        ("iam", "service-accounts"),
        release.invoker,
        "iam.serviceAccountUser",
        member,
        release.project,
    )


def _grant(
    kind: tuple[str, ...],
    target: str,
    role: str,
    member: str,
    project: str | None = None,
    **flags: str,
) -> Run:
    argv: Argv = gcloud(
        *kind,
        "add-iam-policy-binding",
        target,
        member=f"serviceAccount:{member}",
        role=f"roles/{role}",
        **flags,
        project=project,
    )
    return Run(argv)
