"""Owns which fields of a job are carried out or kept; all others are refused by name."""

from typing import Any

from emulators.jobs.errors import unsupported

# What the service itself writes: callers may send back what they read, and it is dropped.
_OUTPUT_ONLY = {
    "Job": [
        *("uid", "generation", "observed_generation", "reconciling", "satisfies_pzs"),
        *("create_time", "update_time", "delete_time", "expire_time", "creator", "last_modifier"),
        *("terminal_condition", "conditions", "execution_count", "latest_created_execution"),
    ],
    "Container": ["build_info"],
}
_CARRIED_OUT = {
    "Job": ["name", "template", "etag"],
    "ExecutionTemplate": ["parallelism", "task_count", "template"],
    "TaskTemplate": ["containers", "max_retries", "timeout"],
    "Container": ["name", "command", "args", "env", "working_dir"],
    "EnvVar": ["name", "value"],
    "Overrides": ["container_overrides", "task_count", "timeout"],
    "ContainerOverride": ["name", "args", "env", "clear_args"],
}
# Kept, shown, without effect: there is no image, no quota and no account on this machine.
_KEPT = {
    "Job": ["labels", "annotations", "client", "client_version", "launch_stage"],
    "ExecutionTemplate": ["labels", "annotations"],
    "TaskTemplate": ["service_account", "execution_environment"],
    "Container": ["image", "resources"],
}


def drop_output_only(message: Any) -> None:
    """Removes what only the service says from a message that a caller sent, at any depth."""
    for name in _OUTPUT_ONLY.get(message.DESCRIPTOR.name, ()):
        message.ClearField(name)
    for _, inner in _inner_messages(message):
        drop_output_only(inner)


def refuse_unsupported(message: Any, at: str) -> None:
    """Raises RunError 501 with the path of a field that is neither carried out nor kept."""
    kind = message.DESCRIPTOR.name
    if kind not in _CARRIED_OUT:
        return
    known = (*_CARRIED_OUT[kind], *_KEPT.get(kind, ()))
    for field, _ in message.ListFields():
        if field.name not in known:
            raise unsupported(f"{at}.{field.json_name}")
    for name, inner in _inner_messages(message):
        refuse_unsupported(inner, f"{at}.{name}")


def _inner_messages(message: Any) -> list[tuple[str, Any]]:
    """The messages right inside this one, each with its name in JSON; maps are left out."""
    found: list[tuple[str, Any]] = []
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.GetOptions().map_entry:
            continue
        if hasattr(value, "DESCRIPTOR"):
            found.append((field.json_name, value))
        else:
            found += [(f"{field.json_name}[{place}]", inner) for place, inner in enumerate(value)]
    return found
