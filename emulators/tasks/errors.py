"""Owns the errors of Cloud Tasks that more than one call answers with, in the service's own words.

Source: the errors that aertje/cloud-tasks-emulator recorded from the real service
(test/conformance/golden/errors.json there).
"""

from grpc import StatusCode

from emulators.skeleton.grpc_server import RpcError


def invalid(message: str) -> RpcError:
    """INVALID_ARGUMENT with `message`."""
    return RpcError(StatusCode.INVALID_ARGUMENT, message)


def queue_missing() -> RpcError:
    """Said of a queue that never was and of one that was deleted alike."""
    return RpcError(
        StatusCode.NOT_FOUND,
        "Queue does not exist. If you just created the queue, wait at least a minute for the "
        "queue to initialize.",
    )


def queue_existed() -> RpcError:
    """Said when a deleted queue's name is used again too early."""
    return RpcError(
        StatusCode.FAILED_PRECONDITION,
        "The queue cannot be created because a queue with this name existed too recently.",
    )


def entity_missing() -> RpcError:
    """Said of a task that never was."""
    return RpcError(StatusCode.NOT_FOUND, "Requested entity was not found.")


def task_gone() -> RpcError:
    """Said of a task that was, within the last day."""
    return RpcError(
        StatusCode.NOT_FOUND,
        "The task no longer exists, though a task with this name existed recently. The task "
        "either successfully completed or was deleted.",
    )


def task_exists() -> RpcError:
    """Said of a task name that is in use or was within the last day."""
    return RpcError(StatusCode.ALREADY_EXISTS, "Requested entity already exists")
