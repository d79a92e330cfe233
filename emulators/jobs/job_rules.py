"""Owns what a job may be and what Cloud Run fills in where it says nothing."""

import hashlib
import uuid
from typing import Any

from emulators.jobs.container_rules import check_container
from emulators.jobs.errors import violation
from emulators.jobs.supported import drop_output_only, refuse_unsupported
from emulators.jobs.wire import Job
from emulators.skeleton.times import set_time

DEFAULT_RETRIES = 3
DEFAULT_TIMEOUT_S = 600
DEFAULT_LIMITS = {"cpu": "1000m", "memory": "512Mi"}
MOST_RETRIES = 10
MOST_TASKS = 10_000
LONGEST_TIMEOUT_S = 168 * 3600
_GEN2 = 2
_SUCCEEDED = 4
_RESERVED = (
    "run.googleapis.com",
    "cloud.googleapis.com",
    "serving.knative.dev",
    "autoscaling.knative.dev",
)


def new_job(wanted: Any, name: str, now: float) -> Any:
    """The job to keep for the one asked for."""
    job = updated(Job(name=name, uid=str(uuid.uuid4())), wanted, now, "CreateJobRequest.job")
    set_time(job.create_time, now)
    return job


def updated(job: Any, wanted: Any, now: float, at: str = "UpdateJobRequest.job") -> Any:
    """The job that becomes of `job` when the wanted one takes its place, one generation on.

    Raises RunError 400 for a value that the service would refuse, 501 for a field that is not
    carried out here.
    """
    drop_output_only(wanted)
    refuse_unsupported(wanted, "job")
    made = Job()
    made.CopyFrom(wanted)
    made.name, made.uid = job.name, job.uid
    made.create_time.CopyFrom(job.create_time)
    made.execution_count = job.execution_count
    if job.HasField("latest_created_execution"):
        made.latest_created_execution.CopyFrom(job.latest_created_execution)
    _check_labels(made, at)
    _fill_in(made, at)
    made.generation = made.observed_generation = job.generation + 1
    set_time(made.update_time, now)
    made.terminal_condition.type_ = "Ready"
    made.terminal_condition.state = _SUCCEEDED
    set_time(made.terminal_condition.last_transition_time, now)
    made.etag = etag_of(made)
    return made


def etag_of(job: Any) -> str:
    """The fingerprint of a version of a job."""
    return f'"{hashlib.sha256(f"{job.uid}{job.generation}".encode()).hexdigest()[:27]}"'


def check_counts(template: Any, at: str) -> None:
    """Raises RunError 400 for a number of tasks, retries or seconds out of its range."""
    tasks = template.template
    if not 1 <= template.task_count <= MOST_TASKS:
        raise violation(f"{at}.task_count", f"must be between 1 and {MOST_TASKS}.")
    if template.parallelism < 0:
        raise violation(f"{at}.parallelism", "must not be negative.")
    if not 0 <= tasks.max_retries <= MOST_RETRIES:
        raise violation(f"{at}.template.max_retries", f"must be between 0 and {MOST_RETRIES}.")
    if not 1 <= tasks.timeout.ToSeconds() <= LONGEST_TIMEOUT_S:
        raise violation(f"{at}.template.timeout", "must be between 1 second and 168 hours.")


def _check_labels(job: Any, at: str) -> None:
    for place, owner in ((at, job), (f"{at}.template", job.template)):
        for field, names in (("labels", owner.labels), ("annotations", owner.annotations)):
            for name in names:
                if name.partition("/")[0].endswith(_RESERVED) and "/" in name:
                    raise violation(f"{place}.{field}", f"the namespace of {name} is reserved.")


def _fill_in(job: Any, at: str) -> None:
    if not job.HasField("template"):
        raise violation(f"{at}.template", "required field not present.")
    if not job.template.HasField("template"):
        raise violation(f"{at}.template.template", "required field not present.")
    tasks = job.template.template
    job.template.task_count = job.template.task_count or 1
    if tasks.WhichOneof("retries") is None:
        tasks.max_retries = DEFAULT_RETRIES
    if not tasks.HasField("timeout"):
        tasks.timeout.FromSeconds(DEFAULT_TIMEOUT_S)
    tasks.execution_environment = tasks.execution_environment or _GEN2
    check_counts(job.template, f"{at}.template")
    if len(tasks.containers) != 1:
        raise violation(f"{at}.template.template.containers", "must contain exactly 1 container.")
    check_container(tasks.containers[0], f"{at}.template.template.containers[0]")
    for name, amount in DEFAULT_LIMITS.items():
        if name not in tasks.containers[0].resources.limits:
            tasks.containers[0].resources.limits[name] = amount
    job.launch_stage = job.launch_stage or 4  # GA
