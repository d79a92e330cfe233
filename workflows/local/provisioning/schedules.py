"""Creates the Cloud Scheduler jobs that call functions and start jobs."""

from datetime import timedelta
from typing import Any

import grpc
from google.api_core.exceptions import AlreadyExists
from google.cloud.scheduler_v1 import CloudSchedulerClient
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import (
    CloudSchedulerGrpcTransport,
)

from shared.outbox.jobs import run_url
from workflows.local.provisioning.site import Site, id_token
from workflows.wiring import Function, Job, Wiring

SHORTEST_ATTEMPT_S = 15.0  # Cloud Scheduler takes no shorter attempt_deadline
SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def create_schedules(wiring: Wiring, site: Site) -> None:
    """A Cloud Scheduler job, signing as the invoker, for each scheduled function and job."""
    channel = grpc.insecure_channel(site.scheduler)
    client = CloudSchedulerClient(transport=CloudSchedulerGrpcTransport(channel=channel))
    for name, started, schedule in wiring.schedules():
        wanted = {
            "name": f"{site.location}/jobs/{name}",
            "schedule": schedule.cron,
            "time_zone": "Etc/UTC",
            **(_run(started, site) if isinstance(started, Job) else _call(started, site)),
        }
        try:
            client.create_job(request={"parent": site.location, "job": wanted})
        except AlreadyExists:
            client.update_job(request={"job": wanted})


def _run(job: Job, site: Site) -> dict[str, Any]:
    return {
        "http_target": {
            "uri": run_url(site.jobs, site.project, site.region, job.name),
            "http_method": "POST",
            "oauth_token": {"service_account_email": site.invoker, "scope": SCOPE},
        },
    }


def _call(function: Function, site: Site) -> dict[str, Any]:
    return {
        "attempt_deadline": timedelta(seconds=max(function.timeout, SHORTEST_ATTEMPT_S)),
        "http_target": {
            "uri": function.url(site.function_url_template),
            "http_method": "POST",
            "oidc_token": id_token(site, function),
        },
    }
