"""Owns what a queue's configuration may be and what Cloud Tasks fills in where it says nothing."""

from typing import Any

from grpc import StatusCode

from emulators.skeleton.grpc_server import RpcError
from emulators.skeleton.times import seconds_of
from emulators.tasks import errors
from emulators.tasks.wire import PAUSED, PROTOS, RUNNING, Queue

MAX_RATE = 500
MAX_CONCURRENT = 5000
DEFAULT_CONCURRENT = 1000
DEFAULT_ATTEMPTS = 100
DEFAULT_DOUBLINGS = 16
DEFAULT_MIN_BACKOFF_MS = 100
DEFAULT_MAX_BACKOFF_MS = 3_600_000
SMALLEST_BURST = 10

UNSUPPORTED = ("http_target", "app_engine_routing_override")
OUTPUT_ONLY = ("name", "state", "purge_time")
_SETTABLE = [field.name for field in Queue.DESCRIPTOR.fields if field.name not in OUTPUT_ONLY]
_FieldMask = PROTOS.message("google.protobuf.FieldMask")


def new_queue(wanted: Any) -> Any:
    """The queue to keep for the one asked for: checked, defaults filled in, running."""
    return updated(Queue(name=wanted.name, state=RUNNING), wanted, [])


def updated(queue: Any, wanted: Any, paths: list[str]) -> Any:
    """A copy of `queue` with the fields at `paths` of the wanted one (none named: all of them).

    Output-only fields stay as they are. Raises INVALID_ARGUMENT for a field that there is not and
    for a value out of its range, UNIMPLEMENTED for settings that would not be carried out.
    """
    for name in UNSUPPORTED:
        if wanted.HasField(name):
            message = f"The emulator does not support Queue.{name}."
            raise RpcError(StatusCode.UNIMPLEMENTED, message)
    if not _FieldMask(paths=paths).IsValidForDescriptor(Queue.DESCRIPTOR):
        raise errors.invalid(f"Invalid update_mask for Queue: {', '.join(paths)}")
    changed = Queue()
    changed.CopyFrom(queue)
    settable = [path for path in paths if path.partition(".")[0] not in OUTPUT_ONLY]
    chosen = settable if paths else _SETTABLE
    _FieldMask(paths=chosen).MergeMessage(wanted, changed, True, True)
    _check_rates(changed.rate_limits)
    check_retries(changed.retry_config)
    _fill(changed)
    return changed


def is_paused(queue: Any) -> bool:
    """Whether the queue keeps its tasks back."""
    return bool(queue.state == PAUSED)


def _check_rates(limits: Any) -> None:
    for name, value, most in (
        ("maxDispatchesPerSecond", limits.max_dispatches_per_second, MAX_RATE),
        ("maxConcurrentDispatches", limits.max_concurrent_dispatches, MAX_CONCURRENT),
    ):
        if value < 0:
            raise errors.invalid(f"RateLimits.{name} cannot be negative.")
        if value > most:
            raise errors.invalid(f"RateLimits.{name} must be less than or equal to {most}.")


def check_retries(config: Any) -> None:
    """Raises INVALID_ARGUMENT for a RetryConfig, of a queue or a task, that cannot be."""
    if config.max_attempts < -1:
        raise errors.invalid("RetryConfig.maxAttempts must be greater or equal to -1.")
    if config.max_doublings < 0:
        raise errors.invalid("RetryConfig.maxDoublings cannot be negative.")
    shortest, longest = seconds_of(config.min_backoff), seconds_of(config.max_backoff)
    for name, value in (
        ("minBackoff", shortest),
        ("maxBackoff", longest),
        ("maxRetryDuration", seconds_of(config.max_retry_duration)),
    ):
        if value < 0:
            raise errors.invalid(f"RetryConfig.{name} cannot be negative.")
    if config.HasField("max_backoff") and shortest > longest:
        raise errors.invalid(
            "RetryConfig.minBackoff must be less than or equal to RetryConfig.maxBackoff."
        )


def _fill(queue: Any) -> None:
    # Plain numbers carry no presence in proto3: zero is "not said".
    limits, retries = queue.rate_limits, queue.retry_config
    limits.max_dispatches_per_second = limits.max_dispatches_per_second or MAX_RATE
    limits.max_concurrent_dispatches = limits.max_concurrent_dispatches or DEFAULT_CONCURRENT
    # Output only, whatever the caller sent. Seen on the real service: 500/s has 100, 1/s has 10.
    limits.max_burst_size = max(SMALLEST_BURST, int(limits.max_dispatches_per_second / 5))
    retries.max_attempts = retries.max_attempts or DEFAULT_ATTEMPTS
    retries.max_doublings = retries.max_doublings or DEFAULT_DOUBLINGS
    if not retries.HasField("min_backoff"):
        retries.min_backoff.FromMilliseconds(DEFAULT_MIN_BACKOFF_MS)
    if not retries.HasField("max_backoff"):
        longest = max(DEFAULT_MAX_BACKOFF_MS, retries.min_backoff.ToMilliseconds())
        retries.max_backoff.FromMilliseconds(longest)
