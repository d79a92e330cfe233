"""Owns resource names of Cloud Tasks: their grammar and what is said of a wrong one."""

import re
import secrets

from emulators.tasks import errors

_LOCATION = r"projects/[A-Za-z0-9:.-]+/locations/[A-Za-z0-9-]+"
_QUEUE = rf"{_LOCATION}/queues/[A-Za-z0-9-]{{1,100}}"
_IS_LOCATION = re.compile(_LOCATION).fullmatch
_IS_QUEUE = re.compile(_QUEUE).fullmatch
# The id may be anything here: a name of the right shape with a wrong id is told apart.
_IS_TASK = re.compile(rf"({_QUEUE})/tasks/(.+)", re.DOTALL).fullmatch
_IS_TASK_ID = re.compile(r"[A-Za-z0-9_-]{1,500}").fullmatch


def check_location(name: str) -> None:
    """Raises INVALID_ARGUMENT unless `name` is projects/P/locations/L."""
    if not _IS_LOCATION(name):
        raise errors.invalid("Invalid resource field value in the request.")


def check_queue(name: str) -> None:
    """Raises INVALID_ARGUMENT unless `name` is projects/P/locations/L/queues/Q."""
    if not _IS_QUEUE(name):
        raise errors.invalid(
            "Queue name must be formatted: "
            '"projects/<PROJECT_ID>/locations/<LOCATION_ID>/queues/<QUEUE_ID>".'
        )


def check_queue_in(name: str, location: str) -> None:
    """Raises INVALID_ARGUMENT unless `name` is a queue's and lies in `location`."""
    check_location(location)
    check_queue(name)
    if not name.startswith(f"{location}/queues/"):
        raise errors.invalid(
            f"The location name from request ('{location}') must be the same as the location "
            f"name in the named queue ('{name.partition('/queues/')[0]}')."
        )


def split_task(name: str) -> tuple[str, str]:
    """(queue name, task id) of a task's full name. Raises INVALID_ARGUMENT for any other."""
    match = _IS_TASK(name)
    if match is None:
        raise errors.invalid(
            "Task name must be formatted: "
            '"projects/<PROJECT_ID>/locations/<LOCATION_ID>/queues/<QUEUE_ID>/tasks/<TASK_ID>".'
        )
    queue, task_id = match.groups()
    if not _IS_TASK_ID(task_id):
        raise errors.invalid(
            f'Task ID "{task_id}" can contain only letters ([A-Za-z]), numbers ([0-9]), '
            "hyphens (-), or underscores (_). Task ID must between 1 and 500 characters."
        )
    return queue, task_id


def task_name_in(queue: str, wanted: str) -> str:
    """The full name of a new task in `queue`: the wanted one, or one made up when it is empty."""
    if not wanted:
        return f"{queue}/tasks/{secrets.randbits(63)}"
    named_queue, _ = split_task(wanted)
    if named_queue != queue:
        raise errors.invalid(
            f"The queue name from request ('{queue}') must be the same as the queue name in the "
            f"named task ('{named_queue}')."
        )
    return wanted


def short(name: str) -> str:
    """The last part of a resource name."""
    return name.rpartition("/")[2]
