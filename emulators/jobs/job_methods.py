"""Owns the calls on jobs."""

from typing import Any

from emulators.jobs import errors, job_rules, names
from emulators.jobs.call import Call
from emulators.jobs.container_rules import override
from emulators.jobs.engine import Engine
from emulators.jobs.operation_methods import shown_operation
from emulators.jobs.supported import refuse_unsupported
from emulators.jobs.wire import Job, Json, Overrides, parsed, shown


class JobMethods:
    """One coroutine per method of the service."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def create_job(self, call: Call) -> Json:
        """Makes a job."""
        call.refuse("validateOnly")
        wanted, job_id = parsed(Job, call.body, "job"), call.query.get("jobId", "")
        return await self._create(call, wanted, f"{call.name}/jobs/{job_id}")

    async def get_job(self, call: Call) -> Json:
        """One job."""
        return shown(self._engine.job(call.name), numbers=call.numbers)

    async def list_jobs(self, call: Call) -> Json:
        """The jobs of a location, by name."""
        call.refuse("showDeleted")
        size, start = call.page()
        here = sorted(name for name in self._engine.jobs if name.startswith(f"{call.name}/jobs/"))
        jobs = [self._engine.jobs[name] for name in here[start : start + size]]
        answer: Json = {"jobs": [shown(job, numbers=call.numbers) for job in jobs]}
        return answer | ({"nextPageToken": f"{start + size}"} if len(here) > start + size else {})

    async def update_job(self, call: Call) -> Json:
        """Replaces a job; what is not sent gets its default."""
        call.refuse("validateOnly")
        wanted = parsed(Job, call.body, "job")
        if call.flag("allowMissing") and call.name not in self._engine.jobs:
            return await self._create(call, wanted, call.name)
        job = self._engine.job(call.name)
        call.check_etag(wanted.etag, job.etag)
        changed = job_rules.updated(job, wanted, self._engine.gear.clock.now())
        return await shown_operation(self._engine, await self._engine.keep(changed), call)

    async def delete_job(self, call: Call) -> Json:
        """Deletes a job and its executions."""
        call.refuse("validateOnly")
        job = self._engine.job(call.name)
        call.check_etag(call.query.get("etag"), job.etag)
        return await shown_operation(self._engine, await self._engine.drop(job), call)

    async def run_job(self, call: Call) -> Json:
        """Starts an execution."""
        body = call.body_of("name", "validateOnly", "etag", "overrides")
        if body.get("validateOnly"):
            raise errors.unsupported("validateOnly")
        job = self._engine.job(call.name)
        call.check_etag(body.get("etag"), job.etag)
        overrides = parsed(Overrides, body.get("overrides") or {}, "overrides")
        template = _overridden(job.template, overrides)
        return await shown_operation(self._engine, await self._engine.run(job, template), call)

    async def _create(self, call: Call, wanted: Any, name: str) -> Json:
        job_id = name.partition("/jobs/")[2]
        names.check_job_id(job_id)
        if wanted.name not in ("", name):
            raise errors.violation("CreateJobRequest.job.name", "must be empty.")
        if name in self._engine.jobs:
            raise errors.taken(job_id)
        job = job_rules.new_job(wanted, name, self._engine.gear.clock.now())
        return await shown_operation(self._engine, await self._engine.keep(job), call)


def _overridden(template: Any, overrides: Any) -> Any:
    """The template of one execution. Raises RunError 400, 501."""
    refuse_unsupported(overrides, "overrides")
    made = type(template)()
    made.CopyFrom(template)
    at = "RunJobRequest.overrides"
    made.task_count = overrides.task_count or template.task_count
    if overrides.HasField("timeout"):
        made.template.timeout.CopyFrom(overrides.timeout)
    job_rules.check_counts(made, at)
    changes = overrides.container_overrides
    override(made.template.containers[0], changes, f"{at}.container_overrides")
    return made
