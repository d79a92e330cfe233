"""The line that deploys one function or job: a Cloud Run service or job on the common image."""

import math
from collections.abc import Mapping

from workflows.plan.access import secrets
from workflows.plan.messaging import RUN_API_URL
from workflows.plan.release import NETWORK, Release
from workflows.plan.steps import Argv, Deploy, Flags, Run, Step, gcloud
from workflows.wiring import Deployable, Function, Job

GOOGLE_CERTS_URL = "https://www.googleapis.com/oauth2/v1/certs"
# Engines with a private address; Cloud SQL is reached through its own socket.
ON_THE_NETWORK = ("redis", "qdrant")


def deploy(function: Function, release: Release) -> Step:
    """The function's next revision, which gets no traffic before the release procedure says so."""
    where: Flags = {"region": release.region, "project": release.project}
    create = _revision(function, release)
    return Deploy(
        # Not a describe: one that fails for another reason than absence would send us to `create`.
        probe=gcloud(
            "run",
            "services",
            "list",
            filter=f"metadata.name={function.service}",
            format="value(metadata.name)",
            **where,
        ),
        create=create,
        update=(*create, "--no-traffic"),
    )


def deploy_job(job: Job, release: Release) -> Step:
    """The job as its next execution runs it; gcloud itself creates or updates it."""
    return Run(
        gcloud(
            "run",
            "jobs",
            "deploy",
            job.service,
            image=release.exact_image,
            command="python",
            args=f"-m,{job.module}",
            tasks=job.tasks,
            parallelism=job.parallelism or 0,  # 0 takes an older limit away
            max_retries=job.retries,
            task_timeout=f"{math.ceil(job.timeout)}s",
            **_process(job, release),
        )
    )


def environment(deployed: Deployable, release: Release) -> Mapping[str, str]:
    """The variables of its process that are no secret."""
    picked = {"FUNCTION_TARGET": deployed.name} if isinstance(deployed, Function) else {}
    return {
        "ENVIRONMENT": "production",
        **picked,
        "FUNCTION_URL_TEMPLATE": release.url_template,
        "GOOGLE_CLOUD_PROJECT": release.project,
        "GOOGLE_CLOUD_REGION": release.region,
        "INVOKER_SERVICE_ACCOUNT": release.invoker,
        "OIDC_CERTS_URL": GOOGLE_CERTS_URL,
        "RUN_API_URL": RUN_API_URL,
        "TRAINING_BUCKET": release.bucket,
    }


def _revision(function: Function, release: Release) -> Argv:
    return gcloud(
        "run",
        "deploy",
        function.service,
        image=release.exact_image,
        tag=release.traffic_tag,
        cpu_boost=True,
        timeout=f"{math.ceil(function.timeout)}s",
        concurrency=function.concurrency,
        min_instances=function.min_instances,
        **_callers(function),
        **_process(function, release),
    )


def _process(deployed: Deployable, release: Release) -> Flags:
    return {
        "service_account": release.account(deployed.service),
        "memory": f"{deployed.memory_mib}Mi",
        "cpu": deployed.cpu,
        "set_env_vars": _pairs(environment(deployed, release)),
        **_held_secrets(deployed),
        **_database(deployed, release),
        **_network(deployed),
        "region": release.region,
        "project": release.project,
    }


# Cloud Run keeps what a redeploy does not mention: what a function lost must be cleared by name.


def _held_secrets(reader: Deployable) -> dict[str, str | bool]:
    held = {variable: f"{name}:latest" for variable, name in secrets(reader).items()}
    return {"set_secrets": _pairs(held)} if held else {"clear_secrets": True}


def _database(user: Deployable, release: Release) -> dict[str, str | bool]:
    if "postgres" in user.needs:
        return {"set_cloudsql_instances": release.sql_instance}
    return {"clear_cloudsql_instances": True}


def _network(user: Deployable) -> dict[str, str | bool]:
    if any(need in ON_THE_NETWORK for need in user.needs):
        return {"network": NETWORK, "subnet": NETWORK, "vpc_egress": "private-ranges-only"}
    return {"clear_network": True}


def _callers(function: Function) -> dict[str, str | bool]:
    # Each function checks its caller's token itself. Cloud Run's own check would take the signature
    # off a Google token before we see it; Pub/Sub, Tasks and Scheduler count as internal traffic.
    ingress = "internal" if function.background else "all"
    return {"allow_unauthenticated": True, "ingress": ingress}


def _pairs(values: Mapping[str, str]) -> str:
    return ",".join(f"{name}={value}" for name, value in values.items())
