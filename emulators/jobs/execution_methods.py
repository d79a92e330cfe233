"""Owns the calls on executions and their tasks."""

from typing import Any

from emulators.jobs import errors
from emulators.jobs.call import Call
from emulators.jobs.engine import Engine
from emulators.jobs.operation_methods import shown_operation
from emulators.jobs.wire import Json, shown

_NEWER_THAN_ALL = 2**62


class ExecutionMethods:
    """One coroutine per method of the two services."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def get_execution(self, call: Call) -> Json:
        """One execution."""
        return shown(self._engine.execution(call.name), numbers=call.numbers)

    async def list_executions(self, call: Call) -> Json:
        """The executions of a job, or of all of a location (jobs/-), latest first."""
        call.refuse("showDeleted")
        if not call.name.endswith("/jobs/-"):
            self._engine.job(call.name)
        size, token = call.page()
        tables = self._engine.gear.tables
        found = tables.executions(call.name, token or _NEWER_THAN_ALL, size + 1)
        chosen = [shown(execution, numbers=call.numbers) for _, execution in found[:size]]
        after = {"nextPageToken": f"{found[size - 1][0]}"} if len(found) > size else {}
        return {"executions": chosen} | after

    async def cancel_execution(self, call: Call) -> Json:
        """Ends an execution."""
        body = call.body_of("name", "validateOnly", "etag")
        execution = self._checked(call, body)
        operation = await self._engine.cancel(execution.name)
        return await shown_operation(self._engine, operation, call)

    async def delete_execution(self, call: Call) -> Json:
        """Deletes an execution."""
        call.refuse("validateOnly")
        execution = self._checked(call, call.query)
        operation = await self._engine.drop_execution(execution)
        return await shown_operation(self._engine, operation, call)

    async def get_task(self, call: Call) -> Json:
        """One task."""
        execution, _, task_id = call.name.partition("/tasks/")
        self._engine.execution(execution)
        index = task_id.rpartition("-task")[2]
        place = int(index) if index.isdecimal() and len(index) < 9 else -1
        rows = self._engine.gear.tables.tasks(execution, place, 1)
        if not rows or rows[0].task.name != call.name:
            raise errors.missing("TASK", call.name)
        return shown(rows[0].task, numbers=call.numbers)

    async def list_tasks(self, call: Call) -> Json:
        """The tasks of an execution, by index."""
        call.refuse("showDeleted")
        self._engine.execution(call.name)
        size, start = call.page()
        rows = self._engine.gear.tables.tasks(call.name, start, size + 1)
        chosen = [shown(row.task, numbers=call.numbers) for row in rows[:size]]
        after = {"nextPageToken": f"{start + size}"} if len(rows) > size else {}
        return {"tasks": chosen} | after

    def _checked(self, call: Call, said: Any) -> Any:
        if said.get("validateOnly") is True:
            raise errors.unsupported("validateOnly")
        execution = self._engine.execution(call.name)
        call.check_etag(said.get("etag"), execution.etag)
        return execution
