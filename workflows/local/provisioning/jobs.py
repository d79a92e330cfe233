"""Creates the Cloud Run jobs, and the bucket that they write to."""

import os
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from google.api_core.exceptions import Conflict
from google.auth.credentials import AnonymousCredentials
from google.cloud.run_v2 import JobsClient
from google.cloud.run_v2.services.jobs.transports import JobsRestTransport
from google.cloud.storage import Client as StorageClient
from google.oauth2.credentials import Credentials

from workflows.local.provisioning.site import Site
from workflows.wiring import Job, Wiring

# What a service alone is told, and what only provisioning is.
NOT_A_JOBS = ("PORT", "FUNCTION_TARGET", "SITE")


def create_bucket(site: Site) -> None:
    """The bucket of the training sets."""
    client = StorageClient(
        project=site.project,
        credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
        client_options={"api_endpoint": site.storage},
    )
    with suppress(Conflict):
        client.create_bucket(site.bucket)


def create_jobs(wiring: Wiring, site: Site, root: Path) -> None:
    """A Cloud Run job for each of the manifest: a process of this Python in `root`."""
    client = JobsClient(transport=_run_transport(site))
    for job in wiring.jobs.values():
        wanted = _job(job, site, root)
        try:
            client.create_job(
                request={"parent": site.location, "job_id": job.service, "job": wanted}
            )
        except Conflict:  # over REST nothing tells AlreadyExists from it
            name = f"{site.location}/jobs/{job.service}"
            client.update_job(request={"job": {"name": name, **wanted}})


def _job(job: Job, site: Site, root: Path) -> dict[str, Any]:
    variables = os.environ if site.job_environment is None else site.job_environment
    container = {
        "image": "overplanned/functions",
        "command": [sys.executable, "-m", job.module],
        "working_dir": str(root.resolve()),
        "env": [
            {"name": name, "value": value}
            for name, value in variables.items()
            if name not in NOT_A_JOBS
        ],
        "resources": {"limits": {"memory": f"{job.memory_mib}Mi", "cpu": str(job.cpu)}},
    }
    tasks = {
        "containers": [container],
        "max_retries": job.retries,
        "timeout": timedelta(seconds=job.timeout),
        "service_account": f"{job.service}@{site.project}.iam.gserviceaccount.com",
    }
    parallelism = job.parallelism or 0
    return {"template": {"task_count": job.tasks, "parallelism": parallelism, "template": tasks}}


def _run_transport(site: Site) -> JobsRestTransport:
    scheme, _, host = site.jobs.partition("://")
    # The emulator asks for a token, as the service does, and takes any.
    token = Credentials(token="local")  # type: ignore[no-untyped-call]
    return JobsRestTransport(host=host, url_scheme=scheme, credentials=token)
