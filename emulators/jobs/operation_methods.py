"""Owns the calls on long-running operations, and how an operation is shown."""

from typing import Any

from emulators.jobs import errors, records
from emulators.jobs.call import Call
from emulators.jobs.engine import Engine
from emulators.jobs.tables import Operation
from emulators.jobs.wire import Execution, Job, Json, any_of, seconds_said

LONGEST_WAIT_S = 60.0
CANCELLED, UNKNOWN = 1, 2  # google.rpc.Code

_KINDS = {"Job": Job, "Execution": Execution}


class OperationMethods:
    """One coroutine per method of google.longrunning.Operations that is carried out."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def get_operation(self, call: Call) -> Json:
        """How an operation stands."""
        return await shown_operation(self._engine, self._operation(call.name), call)

    async def wait_operation(self, call: Call) -> Json:
        """How an operation stands once it has ended, or `timeout` has passed (60 s at most)."""
        body = call.body_of("name", "timeout")
        operation = self._operation(call.name)
        if operation.execution:
            timeout = seconds_said(body.get("timeout"), "timeout") or LONGEST_WAIT_S
            await self._engine.until_ended(operation.execution, min(timeout, LONGEST_WAIT_S))
        return await shown_operation(self._engine, operation, call)

    def _operation(self, name: str) -> Operation:
        found = self._engine.gear.tables.operation(name)
        if found is None:
            raise errors.missing("OPERATION", name)
        return found


async def shown_operation(engine: Engine, operation: Operation, call: Call) -> Json:
    """A google.longrunning.Operation as JSON: its resource in it as metadata and response."""
    if operation.execution is None:
        assert operation.result is not None
        done = _KINDS[operation.kind].FromString(operation.result)
        return _ended(operation.name, done, call)
    execution = engine.execution(operation.execution)
    if not records.has_completed(execution):
        metadata = any_of(execution, numbers=call.numbers)
        return {"name": operation.name, "metadata": metadata, "done": False}
    found = records.condition(execution, records.COMPLETED)
    if operation.kind == "cancel" or found is None or found.state == records.SUCCEEDED:
        return _ended(operation.name, execution, call)
    code = CANCELLED if found.execution_reason == records.CANCELLED else UNKNOWN
    error = {"code": code, "message": found.message}
    metadata = any_of(execution, numbers=call.numbers)
    return {"name": operation.name, "metadata": metadata, "done": True, "error": error}


def _ended(name: str, resource: Any, call: Call) -> Json:
    shown = any_of(resource, numbers=call.numbers)
    return {"name": name, "metadata": shown, "done": True, "response": shown}
