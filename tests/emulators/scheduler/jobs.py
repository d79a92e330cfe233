"""Jobs that the tests of Cloud Scheduler make."""

from typing import Any

from google.cloud.scheduler_v1 import CloudSchedulerAsyncClient, Job

LOCATION = "projects/overplanned-local/locations/us-central1"
NAME = f"{LOCATION}/jobs/relay-outbox"
START = "2026-11-23T10:00:20+00:00"  # a Monday, twenty seconds past a minute


class Jobs:
    """Makes jobs whose target is at `url`."""

    def __init__(self, client: CloudSchedulerAsyncClient, url: str) -> None:
        self._client = client
        self._url = url

    async def create(
        self, schedule: str = "* * * * *", name: str = NAME, *, target: Any = None, **fields: Any
    ) -> Job:
        """A new job with the given fields; `target` adds to the HTTP target's."""
        http_target = {"uri": f"{self._url}/relay", **(target or {})}
        job = {"name": name, "schedule": schedule, "http_target": http_target, **fields}
        return await self._client.create_job({"parent": LOCATION, "job": job})
