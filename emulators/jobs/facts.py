"""Owns what is said of an execution in few words: its state, and that of its tasks."""

from typing import Any

from emulators.jobs import names, records
from emulators.jobs.tables import TaskRow

RUNNING = 3  # ExecutionReference.CompletionStatus
_COMPLETION = {"succeeded": 1, "failed": 2, "running": RUNNING, "waiting": RUNNING, "cancelled": 5}


def execution_facts(execution: Any, rows: list[TaskRow]) -> dict[str, Any]:
    """An execution with its tasks, as /_emulator/state tells of it."""
    return {
        "name": names.short(execution.name),
        "state": _state(execution),
        "tasks": [
            {
                "index": row.task.index,
                "state": _state(row.task),
                "attempts": row.attempts,
                "exit_code": row.task.last_attempt_result.exit_code,
                "term_signal": row.task.last_attempt_result.term_signal,
            }
            for row in rows
        ],
    }


def completion_status(execution: Any) -> int:
    """ExecutionReference.CompletionStatus of an execution."""
    return _COMPLETION[_state(execution)]


def _state(record: Any) -> str:
    """waiting, running, succeeded, failed or cancelled."""
    found = records.condition(record, records.COMPLETED)
    if found.state == records.SUCCEEDED:
        return "succeeded"
    if found.state == records.FAILED:
        return "cancelled" if found.execution_reason == records.CANCELLED else "failed"
    return "running" if records.condition(record, records.STARTED) else "waiting"
