"""Owns the errors of Cloud Scheduler, in the service's own words where those are known."""

from grpc import StatusCode

from emulators.skeleton.grpc_server import RpcError


def invalid(message: str) -> RpcError:
    """INVALID_ARGUMENT with `message`."""
    return RpcError(StatusCode.INVALID_ARGUMENT, message)


def schedule_invalid() -> RpcError:
    """Said of a schedule that is no unix-cron and of an unknown time zone alike."""
    return invalid("Schedule or time zone is invalid.")


def job_missing() -> RpcError:
    """Said of a job that is not there."""
    return RpcError(StatusCode.NOT_FOUND, "Job not found.")


def job_exists(name: str) -> RpcError:
    """Said when a job's name is taken."""
    return RpcError(StatusCode.ALREADY_EXISTS, f"Job {name} already exists.")


def wrong_state(wanted: str) -> RpcError:
    """Said when a job that is not enabled is paused, or one not paused is resumed."""
    return RpcError(StatusCode.FAILED_PRECONDITION, f"Job is not {wanted}.")


def unsupported(what: str) -> RpcError:
    """UNIMPLEMENTED for something that the service has and this emulator has not."""
    return RpcError(StatusCode.UNIMPLEMENTED, f"The emulator does not support {what}.")
