"""TCP proxies whose links can be slow, cut, reset, deaf or closed, on a loop of their own."""

import asyncio
import threading
from collections.abc import Coroutine, Iterable
from typing import Any, Self, TypeVar

from tests.faults.wire import Condition, Link
from workflows.processes.ports import HOST, free_port

T = TypeVar("T")


class Proxies:
    """Links by name, on a thread of their own: no test's loop, however busy, slows them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.links = {name: Link(name, free_port()) for name in names}

    def __enter__(self) -> Self:
        self._thread.start()
        for link in self.links.values():
            self._run(link.listen())
        return self

    def __exit__(self, *error: object) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def doors(self) -> dict[str, str]:
        """{name: host:port} of every link."""
        return {name: f"{HOST}:{link.port}" for name, link in self.links.items()}

    def lead(self, targets: dict[str, str]) -> None:
        """Says to which host:port each link leads."""
        for name, target in targets.items():
            host, _, port = target.rpartition(":")
            self.links[name].target = (host, int(port))

    def slow(self, name: str, latency_s: float = 0.0, bytes_per_s: float = 0.0) -> None:
        """Delays every piece, or lets so many bytes pass a second."""
        self._meet(name, Condition(latency_s=latency_s, bytes_per_s=bytes_per_s))

    def swallow(self, name: str, *ways: str) -> None:
        """Lets bytes vanish both ways, or one (`asks`, `answers`); all connections stay open."""
        self._meet(name, Condition(swallows=frozenset(ways or ("asks", "answers"))))

    def cut_after(self, name: str, answered: int) -> None:
        """Cuts a connection once so many more bytes of answers have passed."""
        self._meet(name, Condition(cut_after=answered))

    def cut(self, name: str) -> None:
        """Ends all connections in an orderly way."""
        self._run(self.links[name].cut())

    def reset(self, name: str) -> None:
        """Ends all connections with a reset."""
        self._run(self.links[name].reset())

    def refuse(self, name: str) -> None:
        """Lets nobody connect any more."""
        self._run(self.links[name].refuse())

    def heal(self, *names: str) -> None:
        """Makes these links, or all, good again."""
        for name in names or tuple(self.links):
            self._run(self.links[name].heal())

    def _meet(self, name: str, condition: Condition) -> None:
        self._run(self.links[name].meet(condition))

    async def _end(self) -> None:
        for link in self.links.values():
            await link.refuse()
            await link.reset()
        ours = asyncio.current_task()
        left = [task for task in asyncio.all_tasks() if task is not ours]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)
