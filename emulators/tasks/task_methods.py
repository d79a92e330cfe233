"""Owns the gRPC methods on tasks."""

from typing import Any

from emulators.skeleton import paging
from emulators.tasks import names
from emulators.tasks.engine import Engine
from emulators.tasks.task_rules import new_task
from emulators.tasks.wire import FULL, Empty, ListTasksResponse, Methods, Task

MAX_PAGE = 1000


class TaskMethods:
    """One coroutine per method of the service."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def methods(self) -> Methods:
        """The coroutine behind each method's name."""
        return {
            "CreateTask": self.create_task,
            "GetTask": self.get_task,
            "ListTasks": self.list_tasks,
            "DeleteTask": self.delete_task,
            "RunTask": self.run_task,
        }

    async def create_task(self, request: Any) -> Any:
        """Adds a task to a queue."""
        line = self._engine.line(request.parent)
        name = names.task_name_in(request.parent, request.task.name)
        task = new_task(request.task, name, self._engine.gear.clock.now())
        shown = _view(task, request.response_view)
        await self._engine.add_task(line, task)
        return shown

    async def get_task(self, request: Any) -> Any:
        """One task."""
        _, entry = self._engine.task(request.name)
        return _view(entry.task, request.response_view)

    async def list_tasks(self, request: Any) -> Any:
        """The tasks of a queue, by name."""
        line = self._engine.line(request.parent)
        page, token = paging.page(line.entries, request.page_size, request.page_token, MAX_PAGE)
        tasks = [_view(line.entries[task_id].task, request.response_view) for task_id in page]
        return ListTasksResponse(tasks=tasks, next_page_token=token)

    async def delete_task(self, request: Any) -> Any:
        """Deletes a task, also one that is just running."""
        line, entry = self._engine.task(request.name)
        line.remove(entry)
        await self._engine.gear.tables.commit()
        return Empty()

    async def run_task(self, request: Any) -> Any:
        """Starts a task now, whatever keeps it back, and shows it as dispatched."""
        line, entry = self._engine.task(request.name)
        line.run_now(entry)
        return _view(entry.task, request.response_view)


def _view(task: Any, view: int) -> Any:
    shown = Task()
    shown.CopyFrom(task)
    shown.view = FULL if view == FULL else Task.BASIC
    if view != FULL:
        shown.http_request.ClearField("body")
    return shown
