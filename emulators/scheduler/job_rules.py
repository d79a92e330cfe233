"""Owns what a job may be and what Cloud Scheduler fills in where it says nothing."""

import re
import secrets
from typing import Any

from emulators.scheduler import errors
from emulators.scheduler.cron import DEFAULT_ZONE, Cron
from emulators.scheduler.wire import ENABLED, FieldMask, Job
from emulators.skeleton.target_rules import check_target
from emulators.skeleton.times import seconds_of, set_time

DEFAULT_DEADLINE_S = 180
DEADLINE_RANGE_S = (15, 1800)
MAX_RETRIES = 5
DEFAULT_MIN_BACKOFF_S = 5
DEFAULT_MAX_BACKOFF_S = 3600
DEFAULT_DOUBLINGS = 5
MAX_DESCRIPTION_CHARS = 500
MAX_STORED_BYTES = 2**20

OUTPUT_ONLY = ("name", "user_update_time", "state", "status", "schedule_time", "last_attempt_time")
_SETTABLE = [field.name for field in Job.DESCRIPTOR.fields if field.name not in OUTPUT_ONLY]
_LOCATION = r"projects/[A-Za-z0-9:.-]+/locations/[A-Za-z0-9-]+"
_IS_LOCATION = re.compile(_LOCATION).fullmatch
_IS_JOB = re.compile(rf"{_LOCATION}/jobs/[A-Za-z0-9_-]{{1,500}}").fullmatch


def check_location(name: str) -> None:
    """Raises INVALID_ARGUMENT unless `name` is projects/P/locations/L."""
    if not _IS_LOCATION(name):
        raise errors.invalid("Invalid resource field value in the request.")


def job_name_in(location: str, wanted: str) -> str:
    """The full name of a new job: the wanted one, or one made up when it is empty."""
    check_location(location)
    name = wanted or f"{location}/jobs/{secrets.randbits(63)}"
    if not _IS_JOB(name):
        raise errors.invalid(
            "Job name must be formatted: "
            '"projects/<PROJECT_ID>/locations/<LOCATION_ID>/jobs/<JOB_ID>".'
        )
    if not name.startswith(f"{location}/jobs/"):
        raise errors.invalid(
            f"The location name from request ('{location}') must be the same as the location "
            f"name in the named job ('{name.partition('/jobs/')[0]}')."
        )
    return name


def new_job(wanted: Any, name: str, now: float) -> Any:
    """The job to keep for the one asked for: checked, named, defaults filled in, enabled."""
    return updated(Job(name=name, state=ENABLED), wanted, [], now)


def updated(job: Any, wanted: Any, paths: list[str], now: float) -> Any:
    """A copy of `job` with the fields at `paths` of the wanted one (none named: all of them).

    Output-only fields stay as they are. Raises INVALID_ARGUMENT for a field that there is not and
    for a value out of its range, UNIMPLEMENTED for targets other than HTTP.
    """
    for path in paths:
        if not FieldMask(paths=[path]).IsValidForDescriptor(Job.DESCRIPTOR):
            raise errors.invalid(f"Invalid mask for Job: {path}")
    changed = Job()
    changed.CopyFrom(job)
    settable = [path for path in paths if path.partition(".")[0] not in OUTPUT_ONLY]
    chosen = settable if paths else _SETTABLE
    FieldMask(paths=chosen).MergeMessage(wanted, changed, True, True)
    _check_kind(changed)
    check_target(changed.http_target, "HttpTarget", "uri")
    if len(changed.description) > MAX_DESCRIPTION_CHARS:
        raise errors.invalid(f"Job.description has more than {MAX_DESCRIPTION_CHARS} characters.")
    changed.time_zone = changed.time_zone or DEFAULT_ZONE
    Cron(changed.schedule, changed.time_zone)
    _fill_retries(changed.retry_config)
    _fill_deadline(changed)
    set_time(changed.user_update_time, now)
    if changed.ByteSize() > MAX_STORED_BYTES:
        raise errors.invalid("Job exceeds maximum size of 1 MB.")
    return changed


def _check_kind(job: Any) -> None:
    match job.WhichOneof("target"):
        case "pubsub_target":
            raise errors.unsupported(
                "Job.pubsub_target: use an http_target that calls the function"
            )
        case "app_engine_http_target":
            raise errors.unsupported("Job.app_engine_http_target: use http_target")
        case None:
            raise errors.invalid("Job.target is required.")


def _fill_retries(config: Any) -> None:
    if not 0 <= config.retry_count <= MAX_RETRIES:
        raise errors.invalid(f"RetryConfig.retry_count must be between 0 and {MAX_RETRIES}.")
    if config.max_doublings < 0:
        raise errors.invalid("RetryConfig.max_doublings cannot be negative.")
    config.max_doublings = config.max_doublings or DEFAULT_DOUBLINGS
    for name, default_s in (
        ("min_backoff_duration", DEFAULT_MIN_BACKOFF_S),
        ("max_backoff_duration", DEFAULT_MAX_BACKOFF_S),
        ("max_retry_duration", 0),
    ):
        duration = getattr(config, name)
        if not config.HasField(name):
            duration.FromSeconds(default_s)
        if seconds_of(duration) < 0:
            raise errors.invalid(f"RetryConfig.{name} cannot be negative.")


def _fill_deadline(job: Any) -> None:
    if not job.HasField("attempt_deadline"):
        job.attempt_deadline.FromSeconds(DEFAULT_DEADLINE_S)
    shortest, longest = DEADLINE_RANGE_S
    if not shortest <= seconds_of(job.attempt_deadline) <= longest:
        raise errors.invalid("Job.attempt_deadline must be between [15s, 30m].")
