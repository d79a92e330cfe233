"""Owns the gRPC methods on queues."""

from typing import Any

from grpc import StatusCode

from emulators.skeleton import paging
from emulators.skeleton.grpc_server import RpcError
from emulators.tasks import errors, names, queue_rules
from emulators.tasks.engine import Engine
from emulators.tasks.wire import PAUSED, RUNNING, Empty, ListQueuesResponse, Methods, Queue

MAX_PAGE = 9800


class QueueMethods:
    """One coroutine per method of the service."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def methods(self) -> Methods:
        """The coroutine behind each method's name."""
        return {
            "CreateQueue": self.create_queue,
            "GetQueue": self.get_queue,
            "ListQueues": self.list_queues,
            "UpdateQueue": self.update_queue,
            "DeleteQueue": self.delete_queue,
            "PurgeQueue": self.purge_queue,
            "PauseQueue": self.pause_queue,
            "ResumeQueue": self.resume_queue,
        }

    async def create_queue(self, request: Any) -> Any:
        """Makes a queue."""
        names.check_queue_in(request.queue.name, request.parent)
        if request.queue.name in self._engine.lines:
            raise RpcError(StatusCode.ALREADY_EXISTS, "Queue already exists")
        return await self._open(request.queue)

    async def get_queue(self, request: Any) -> Any:
        """One queue."""
        return self._engine.line(request.name).queue

    async def list_queues(self, request: Any) -> Any:
        """The queues of a location, by name."""
        names.check_location(request.parent)
        if request.filter:
            raise RpcError(
                StatusCode.UNIMPLEMENTED,
                "The emulator does not support ListQueues.filter.",
            )
        here = [name for name in self._engine.lines if name.startswith(f"{request.parent}/")]
        page, token = paging.page(here, request.page_size, request.page_token, MAX_PAGE)
        queues = [self._engine.lines[name].queue for name in page]
        return ListQueuesResponse(queues=queues, next_page_token=token)

    async def update_queue(self, request: Any) -> Any:
        """Changes a queue, or makes it where there is none."""
        names.check_queue(request.queue.name)
        line = self._engine.lines.get(request.queue.name)
        if line is None:
            return await self._open(request.queue)
        paths = list(request.update_mask.paths)
        queue = queue_rules.updated(line.queue, request.queue, paths)
        await self._engine.change_queue(line, queue)
        return queue

    async def delete_queue(self, request: Any) -> Any:
        """Deletes a queue with its tasks."""
        names.check_queue(request.name)
        line = self._engine.lines.get(request.name)
        if line is None:
            raise errors.entity_missing()
        await self._engine.drop_queue(line)
        return Empty()

    async def purge_queue(self, request: Any) -> Any:
        """Deletes all tasks of a queue."""
        return await self._engine.purge_queue(self._engine.line(request.name))

    async def pause_queue(self, request: Any) -> Any:
        """Keeps the queue's tasks back."""
        return await self._set_state(request.name, PAUSED)

    async def resume_queue(self, request: Any) -> Any:
        """Lets the queue's tasks run again."""
        return await self._set_state(request.name, RUNNING)

    async def _open(self, wanted: Any) -> Any:
        queue = queue_rules.new_queue(wanted)
        await self._engine.open_queue(queue)
        return queue

    async def _set_state(self, name: str, state: int) -> Any:
        line = self._engine.line(name)
        queue = Queue()
        queue.CopyFrom(line.queue)
        queue.state = state
        await self._engine.change_queue(line, queue)
        return queue
