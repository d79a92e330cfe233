"""Owns what a container may be, and what one execution may change of it."""

from typing import Any

from emulators.jobs.errors import unsupported, violation

LARGEST_VALUE_BYTES = 32_768
SET_BY_CLOUD_RUN = (
    "CLOUD_RUN_JOB",
    "CLOUD_RUN_EXECUTION",
    "CLOUD_RUN_TASK_INDEX",
    "CLOUD_RUN_TASK_COUNT",
    "CLOUD_RUN_TASK_ATTEMPT",
)


def check_container(container: Any, at: str) -> None:
    """Raises RunError 400 for a container that cannot run, 501 for one that only an image can."""
    if not container.image:
        raise violation(f"{at}.image", "required field not present.")
    if not container.command:
        raise unsupported(f"the image's own entrypoint: {at}.command must say what to run")
    if container.working_dir and not container.working_dir.startswith("/"):
        raise violation(f"{at}.working_dir", "must be an absolute path.")
    _check_words((*container.command, *container.args, container.working_dir), at)
    check_environment(container.env, f"{at}.env")


def check_environment(variables: Any, at: str) -> None:
    """Raises RunError 400 for a variable that no process can have, or that Cloud Run sets."""
    for place, variable in enumerate(variables):
        if not variable.name or "=" in variable.name:
            raise violation(f"{at}[{place}].name", "must be the name of an environment variable.")
        if variable.name in SET_BY_CLOUD_RUN:
            raise violation(f"{at}[{place}].name", f"{variable.name} is set by Cloud Run.")
        if max(len(variable.name), len(variable.value.encode())) > LARGEST_VALUE_BYTES:
            raise violation(f"{at}[{place}]", f"must not exceed {LARGEST_VALUE_BYTES} bytes.")
        _check_words((variable.name, variable.value), f"{at}[{place}]")


def override(container: Any, changes: Any, at: str) -> None:
    """Applies the overrides of one execution to its container.

    Variables are merged by name; arguments replace all or, with clear_args, none are left.
    """
    if len(changes) > 1:
        raise violation(at, "names more containers than the job has.")
    for change in changes:
        if change.name not in ("", container.name):
            raise violation(f"{at}[0].name", f"the job has no container {change.name!r}.")
        if change.clear_args and change.args:
            raise violation(f"{at}[0].clear_args", "cannot be set together with args.")
        check_environment(change.env, f"{at}[0].env")
        _check_words(change.args, f"{at}[0].args")
        if change.clear_args or change.args:
            del container.args[:]
            container.args.extend(change.args)
        named = {variable.name: variable for variable in (*container.env, *change.env)}
        merged = [
            type(variable).FromString(variable.SerializeToString()) for variable in named.values()
        ]
        del container.env[:]
        container.env.extend(merged)


def _check_words(words: Any, at: str) -> None:
    if any("\0" in word for word in words):
        raise violation(at, "cannot contain a zero byte.")
