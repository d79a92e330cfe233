"""Owns all jobs of the emulator: finds them, makes them, changes them and lets them go."""

from typing import Any

from emulators.scheduler import errors
from emulators.scheduler.runner import Gear, Runner


class Engine:
    """The jobs by full name, kept in step with the tables."""

    def __init__(self, gear: Gear) -> None:
        self.gear = gear
        self.runners = {job.name: Runner(job, gear) for job in gear.tables.jobs()}
        self._end_watch = gear.clock.on_move(self._clock_moved)

    def runner(self, name: str) -> Runner:
        """The job named `name` at work. Raises NOT_FOUND."""
        if name not in self.runners:
            raise errors.job_missing()
        return self.runners[name]

    async def add(self, job: Any) -> None:
        """Takes in a new job. Raises ALREADY_EXISTS."""
        if job.name in self.runners:
            raise errors.job_exists(job.name)
        self.runners[job.name] = Runner(job, self.gear)
        await self._keep(job)

    async def change(self, runner: Runner, job: Any) -> None:
        """Gives a job another configuration or state."""
        runner.set(job)
        await self._keep(job)

    async def drop(self, runner: Runner) -> None:
        """Deletes a job."""
        runner.close()
        del self.runners[runner.job.name]
        self.gear.tables.drop_job(runner.job.name)
        await self.gear.tables.commit()

    async def reset(self) -> None:
        """Forgets all jobs."""
        for runner in self.runners.values():
            await runner.stop()
        self.runners.clear()
        self.gear.tables.clear()
        await self.gear.tables.commit()

    async def stop(self) -> None:
        """Stops all jobs and closes what they use."""
        self._end_watch()
        for runner in self.runners.values():
            await runner.stop()
        await self.gear.dispatcher.close()
        await self.gear.tables.close()

    async def until_idle(self) -> None:
        """Returns once no execution is due or under way; a retry due later does not count."""
        await self.gear.in_flight.until_idle()

    def facts(self) -> dict[str, Any]:
        """How the jobs stand, for /_emulator/state."""
        return {"jobs": {name: runner.facts() for name, runner in self.runners.items()}}

    def _clock_moved(self) -> None:
        for runner in self.runners.values():
            runner.clock_moved()

    async def _keep(self, job: Any) -> None:
        self.gear.tables.put_job(job)
        await self.gear.tables.commit()
