"""Owns the gRPC methods on jobs."""

from typing import Any

from emulators.scheduler import errors, job_rules
from emulators.scheduler.engine import Engine
from emulators.scheduler.wire import ENABLED, PAUSED, Empty, Job, ListJobsResponse, Methods
from emulators.skeleton import paging

MAX_PAGE = 500


class JobMethods:
    """One coroutine per method of the service."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def methods(self) -> Methods:
        """The coroutine behind each method's name."""
        return {
            "CreateJob": self.create_job,
            "GetJob": self.get_job,
            "ListJobs": self.list_jobs,
            "UpdateJob": self.update_job,
            "DeleteJob": self.delete_job,
            "PauseJob": self.pause_job,
            "ResumeJob": self.resume_job,
            "RunJob": self.run_job,
        }

    async def create_job(self, request: Any) -> Any:
        """Makes a job."""
        name = job_rules.job_name_in(request.parent, request.job.name)
        job = job_rules.new_job(request.job, name, self._engine.gear.clock.now())
        await self._engine.add(job)
        return job

    async def get_job(self, request: Any) -> Any:
        """One job."""
        return self._engine.runner(request.name).job

    async def list_jobs(self, request: Any) -> Any:
        """The jobs of a location, by name."""
        job_rules.check_location(request.parent)
        here = [name for name in self._engine.runners if name.startswith(f"{request.parent}/")]
        page, token = paging.page(here, request.page_size, request.page_token, MAX_PAGE)
        jobs = [self._engine.runners[name].job for name in page]
        return ListJobsResponse(jobs=jobs, next_page_token=token)

    async def update_job(self, request: Any) -> Any:
        """Changes a job."""
        runner = self._engine.runner(request.job.name)
        paths, now = list(request.update_mask.paths), self._engine.gear.clock.now()
        job = job_rules.updated(runner.job, request.job, paths, now)
        await self._engine.change(runner, job)
        return job

    async def delete_job(self, request: Any) -> Any:
        """Deletes a job."""
        await self._engine.drop(self._engine.runner(request.name))
        return Empty()

    async def pause_job(self, request: Any) -> Any:
        """Keeps an enabled job from running."""
        return await self._set_state(request.name, ENABLED, PAUSED)

    async def resume_job(self, request: Any) -> Any:
        """Lets a paused job run again, from its next tick on."""
        return await self._set_state(request.name, PAUSED, ENABLED)

    async def run_job(self, request: Any) -> Any:
        """Starts a job now, also one that is running or paused."""
        runner = self._engine.runner(request.name)
        runner.run_now()
        return runner.job

    async def _set_state(self, name: str, before: int, after: int) -> Any:
        runner = self._engine.runner(name)
        if runner.job.state != before:
            raise errors.wrong_state("enabled" if before == ENABLED else "paused")
        job = Job()
        job.CopyFrom(runner.job)
        job.state = after
        await self._engine.change(runner, job)
        return job
