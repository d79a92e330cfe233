"""The load generator, run by locust: an open loop, so that a slow answer never holds up the next.

A closed loop of users waits for a slow system and so measures it at its own pace (coordinated
omission). Here request n leaves at its own moment n / rate, whatever the earlier ones do, and its
time counts from that moment. A burst has no pace: all leave at once.

LOAD_ORDER names a JSON file with {url, path, rate (0 = at once), count, requests: [{headers, body}]
(used in turn; `{id}` in a body becomes a fresh UUID)}; what happened is written to LOAD_REPORT.
"""

import os
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import gevent
import orjson
from gevent.pool import Pool
from locust import FastHttpUser, events, task
from locust.env import Environment
from locust.runners import Runner

ORDER = orjson.loads(Path(os.environ["LOAD_ORDER"]).read_bytes())
_PATIENCE_S = 30.0


class Outcome:
    """What became of the requests; times in milliseconds from a request's own moment."""

    def __init__(self) -> None:
        self.accepted: list[str] = []
        self.sent: list[str] = []
        self.refused: dict[str, int] = {}
        self.ms: list[float] = []
        self.late_ms: list[float] = []

    def facts(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {**vars(self), "cpu_s": time.process_time()}


OUTCOME = Outcome()


class Traffic(FastHttpUser):
    """One user that is all of them: it starts a greenlet for each request."""

    host = ORDER["url"]
    concurrency = 2000
    connection_timeout = _PATIENCE_S
    network_timeout = _PATIENCE_S

    @task
    def send_all(self) -> None:
        """Send every request at its moment and stop locust once all are answered."""
        pool, began = Pool(), time.perf_counter()
        for number in range(ORDER["count"]):
            due = began + (number / ORDER["rate"] if ORDER["rate"] else 0.0)
            # Always yields, so that the greenlets of earlier requests run.
            gevent.sleep(max(0.0, due - time.perf_counter()))
            pool.spawn(self._send, number, due)
        pool.join()
        runner = self.environment.runner
        assert isinstance(runner, Runner)
        gevent.spawn(runner.quit)
        gevent.sleep(_PATIENCE_S)

    def _send(self, number: int, due: float) -> None:
        request = ORDER["requests"][number % len(ORDER["requests"])]
        signal_id = str(uuid4())
        data = request["body"].replace("{id}", signal_id)
        OUTCOME.late_ms.append(1000 * (time.perf_counter() - due))
        OUTCOME.sent.append(signal_id)
        answer = self.client.post(ORDER["path"], data=data, headers=request["headers"])
        OUTCOME.ms.append(1000 * (time.perf_counter() - due))
        if answer.status_code // 100 == 2:
            OUTCOME.accepted.append(signal_id)
        else:
            reason = str(answer.status_code or "no answer")
            OUTCOME.refused[reason] = OUTCOME.refused.get(reason, 0) + 1


def report(environment: Environment, **_: Any) -> None:
    """Write what happened."""
    Path(os.environ["LOAD_REPORT"]).write_bytes(orjson.dumps(OUTCOME.facts()))


events.quitting.add_listener(report)
