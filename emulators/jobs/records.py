"""Owns what the API shows of executions and tasks as they go on: times, counts, conditions."""

import uuid
from dataclasses import dataclass
from typing import Any

from emulators.jobs import names
from emulators.jobs.wire import Condition, Execution, Task
from emulators.skeleton.times import set_time

RECONCILING, FAILED, SUCCEEDED = 2, 3, 4  # Condition.State
NON_ZERO_EXIT_CODE, CANCELLED, CANCELLING = 2, 3, 4  # Condition.ExecutionReason
COMPLETED, STARTED = "Completed", "Started"
EXITED_WITH_ERROR = "The container exited with an error."


@dataclass(frozen=True, slots=True)
class Ended:
    """How one attempt ended: `exit_code`, or the signal that ended it; `code` of google.rpc."""

    exit_code: int = 0
    term_signal: int = 0
    code: int = 0
    message: str = ""


def new_execution(job: Any, template: Any, now: float) -> Any:
    """An execution of a job as it is now, to run by the `template` (overrides applied)."""
    execution = Execution(
        name=names.new_execution(job.name),
        uid=str(uuid.uuid4()),
        generation=1,
        observed_generation=1,
        labels=job.template.labels,
        annotations=job.template.annotations,
        launch_stage=job.launch_stage,
        job=names.short(job.name),
        parallelism=template.parallelism,
        task_count=template.task_count,
        template=template.template,
        reconciling=True,
        etag=f'"{uuid.uuid4().hex[:27]}"',
    )
    set_time(execution.create_time, now)
    set_time(execution.update_time, now)
    conclude(execution, COMPLETED, RECONCILING, now)
    return execution


def new_task(execution: Any, index: int, now: float) -> Any:
    """A task of an execution, not begun."""
    template = execution.template
    task = Task(
        name=names.task(execution.name, index),
        uid=str(uuid.uuid4()),
        generation=1,
        observed_generation=1,
        labels=execution.labels,
        annotations=execution.annotations,
        job=execution.job,
        execution=names.short(execution.name),
        containers=template.containers,
        max_retries=template.max_retries,
        timeout=template.timeout,
        service_account=template.service_account,
        execution_environment=template.execution_environment,
        reconciling=True,
        index=index,
        etag=f'"{uuid.uuid4().hex[:27]}"',
    )
    set_time(task.create_time, now)
    set_time(task.scheduled_time, now)
    set_time(task.update_time, now)
    conclude(task, COMPLETED, RECONCILING, now)
    return task


def begin(record: Any, now: float) -> None:
    """Notes that an execution, or an attempt of a task, has begun."""
    if condition(record, STARTED) is None:
        set_time(record.start_time, now)
        conclude(record, STARTED, SUCCEEDED, now)
    set_time(record.update_time, now)


def complete(record: Any, state: int, now: float, message: str = "", reason: int = 0) -> None:
    """Notes that an execution or a task has ended for good."""
    record.reconciling = False
    set_time(record.completion_time, now)
    set_time(record.update_time, now)
    conclude(record, COMPLETED, state, now, message, reason)


def attempted(task: Any, ended: Ended) -> None:
    """Notes how the latest attempt of a task ended."""
    result = task.last_attempt_result
    result.exit_code, result.term_signal = ended.exit_code, ended.term_signal
    result.status.code, result.status.message = ended.code, ended.message


def conclude(
    record: Any, kind: str, state: int, now: float, message: str = "", reason: int = 0
) -> None:
    """Sets the condition of that kind."""
    found = condition(record, kind)
    if found is None:
        found = record.conditions.add(type_=kind)
    found.CopyFrom(Condition(type_=kind, state=state, message=message))
    if reason:
        found.execution_reason = reason
    set_time(found.last_transition_time, now)


def condition(record: Any, kind: str) -> Any:
    """The condition of that kind; None where there is none yet."""
    return next((found for found in record.conditions if found.type_ == kind), None)


def has_completed(record: Any) -> bool:
    """Whether an execution or a task has ended for good."""
    found = condition(record, COMPLETED)
    return found is not None and found.state != RECONCILING


def is_cancelling(execution: Any) -> bool:
    """Whether an execution was asked to end and has not yet."""
    found = condition(execution, COMPLETED)
    return found is not None and found.execution_reason == CANCELLING
