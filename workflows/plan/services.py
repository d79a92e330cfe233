"""The line that deploys one function: a Cloud Run service on the common image."""

import math
from collections.abc import Mapping

from workflows.plan.access import secrets
from workflows.plan.release import NETWORK, Release
from workflows.plan.steps import Argv, Deploy, Flags, Step, gcloud
from workflows.wiring import Function

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


def environment(function: Function, release: Release) -> Mapping[str, str]:
    """The variables of the function's process that are no secret."""
    return {
        "ENVIRONMENT": "production",
        "FUNCTION_TARGET": function.name,
        "FUNCTION_URL_TEMPLATE": release.url_template,
        "GOOGLE_CLOUD_PROJECT": release.project,
        "GOOGLE_CLOUD_REGION": release.region,
        "INVOKER_SERVICE_ACCOUNT": release.invoker,
        "OIDC_CERTS_URL": GOOGLE_CERTS_URL,
    }


def _revision(function: Function, release: Release) -> Argv:
    return gcloud(
        "run",
        "deploy",
        function.service,
        image=release.exact_image,
        tag=release.traffic_tag,
        service_account=release.account(function.service),
        memory=f"{function.memory_mib}Mi",
        cpu=function.cpu,
        cpu_boost=True,
        timeout=f"{math.ceil(function.timeout)}s",
        concurrency=function.concurrency,
        min_instances=function.min_instances,
        set_env_vars=_pairs(environment(function, release)),
        **_held_secrets(function),
        **_database(function, release),
        **_network(function),
        **_callers(function),
        region=release.region,
        project=release.project,
    )


# Cloud Run keeps what a redeploy does not mention: what a function lost must be cleared by name.


def _held_secrets(function: Function) -> dict[str, str | bool]:
    held = {variable: f"{name}:latest" for variable, name in secrets(function).items()}
    return {"set_secrets": _pairs(held)} if held else {"clear_secrets": True}


def _database(function: Function, release: Release) -> dict[str, str | bool]:
    if "postgres" in function.needs:
        return {"set_cloudsql_instances": release.sql_instance}
    return {"clear_cloudsql_instances": True}


def _network(function: Function) -> dict[str, str | bool]:
    if any(need in ON_THE_NETWORK for need in function.needs):
        return {"network": NETWORK, "subnet": NETWORK, "vpc_egress": "private-ranges-only"}
    return {"clear_network": True}


def _callers(function: Function) -> dict[str, str | bool]:
    # Each function checks its caller's token itself. Cloud Run's own check would take the signature
    # off a Google token before we see it; Pub/Sub, Tasks and Scheduler count as internal traffic.
    ingress = "internal" if function.background else "all"
    return {"allow_unauthenticated": True, "ingress": ingress}


def _pairs(values: Mapping[str, str]) -> str:
    return ",".join(f"{name}={value}" for name, value in values.items())
