"""Who may do what: an account per function and job, and the roles and secrets that follow."""

from collections.abc import Iterator

from workflows.plan.release import Release
from workflows.plan.steps import Argv, Ensure, Run, Step, gcloud
from workflows.triggers import DeadLetters, Tasked
from workflows.wiring import Deployable, Function, Job, Need, Wiring

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


def secrets(reader: Deployable) -> dict[str, str]:
    """Environment variable -> Secret Manager name, for each secret the function or job reads."""
    variables = [name for need in reader.needs for name in SECRETS_OF_NEED.get(need, ())]
    if isinstance(reader, Function) and reader.access in SIGNED_IN:
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


def secret_holders(reader: Deployable, release: Release) -> Iterator[Step]:
    """The secrets the function or job reads, created without a value."""
    for name in secrets(reader).values():
        yield Ensure(
            probe=gcloud("secrets", "describe", name, project=release.project),
            create=gcloud(
                "secrets", "create", name, replication_policy="automatic", project=release.project
            ),
        )


def grants(holder: Deployable, wiring: Wiring, release: Release) -> Iterator[Step]:
    """The roles of its own account: each from one of its needs, sends or secrets."""
    member = release.account(holder.service)
    if "postgres" in holder.needs:
        yield _grant(("projects",), release.project, "cloudsql.client", member, condition="None")
    if "storage" in holder.needs:
        bucket = f"gs://{release.bucket}"
        yield _grant(("storage", "buckets"), bucket, "storage.objectUser", member)
    for name in secrets(holder).values():
        yield _grant(("secrets",), name, "secretmanager.secretAccessor", member, release.project)
    for name in holder.sends:
        yield from _sending(name, member, wiring, release)


def invocation(started: Function | Job, release: Release) -> Iterator[Step]:
    """The invoker's right to start a job or a background function; others check their callers."""
    if isinstance(started, Job):
        # With overrides: the step before a job says in them what the job is to work on.
        kind, role = "jobs", "run.jobsExecutorWithOverrides"
    elif started.background:
        kind, role = "services", "run.invoker"
    else:
        return
    name, place = started.service, release.region
    yield _grant(("run", kind), name, role, release.invoker, release.project, region=place)


def dead_lettering(subscription: str, given_up: DeadLetters, release: Release) -> Iterator[Step]:
    """What Pub/Sub itself needs to move messages: taking them from here, publishing them there."""
    for kind, name, role in (
        ("subscriptions", subscription, "pubsub.subscriber"),
        ("topics", given_up.topic, "pubsub.publisher"),
    ):
        yield _grant(("pubsub", kind), name, role, release.pubsub_agent, release.project)


def _sending(target: str, member: str, wiring: Wiring, release: Release) -> Iterator[Step]:
    if target in wiring.topics:
        yield _grant(("pubsub", "topics"), target, "pubsub.publisher", member, release.project)
        return
    trigger = wiring.deployables[target].trigger
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
