"""Owns the names of jobs, executions, tasks and operations."""

import re
import secrets
import uuid

from emulators.jobs.errors import violation

_JOB_ID = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_SUFFIX = "bcdfghjklmnpqrstvwxz2456789"  # Kubernetes' own: no vowels, so no words


def check_job_id(job_id: str) -> None:
    """Raises RunError 400 unless a job may be called that. Such an id is also safe as a file."""
    if not _JOB_ID.fullmatch(job_id):
        raise violation(
            "CreateJobRequest.job_id",
            "only lowercase, digits, and hyphens; must begin with letter, and may not end with "
            "hyphen; must be less than 64 characters.",
        )


def new_execution(job: str) -> str:
    """The full name of one more execution of a job."""
    suffix = "".join(secrets.choice(_SUFFIX) for _ in range(5))
    return f"{job}/executions/{short(job)}-{suffix}"


def task(execution: str, index: int) -> str:
    """The full name of a task."""
    return f"{execution}/tasks/{short(execution)}-task{index}"


def new_operation(name: str) -> str:
    """The full name of an operation on the resource `name`."""
    location = "/".join(name.split("/")[:4])
    return f"{location}/operations/{uuid.uuid4()}"


def short(name: str) -> str:
    """The last part of a full name."""
    return name.rpartition("/")[2]
