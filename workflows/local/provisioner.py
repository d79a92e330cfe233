"""Runs the provisioning process: started early, told where to call once the emulators answer."""

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from workflows.errors import StackError
from workflows.manifest import ROOT
from workflows.processes.child import run
from workflows.processes.environment import python
from workflows.runner.addresses import INVOKER, PROJECT, REGION, TRAINING_BUCKET, Addresses


class ProvisioningFailed(StackError):
    """A topic, queue, job or the like of the manifest could not be created."""


class Provisioner:
    """One run of `python -m workflows.local.provision`, importing while the engines start."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._site: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        command = [sys.executable, "-m", "workflows.local.provision", str(folder), str(root)]
        self._running = asyncio.create_task(run(command, environment=python(ROOT), feed=self._site))

    async def provision(self, addresses: Addresses, job_environment: Mapping[str, str]) -> None:
        """Creates everything; jobs are told `job_environment`. Raises ProvisioningFailed."""
        site = {**_site(addresses), "job_environment": job_environment}
        self._site.set_result(json.dumps(site))
        status, said = await self._running
        if status:
            last = said.strip().rpartition("\n")[2] or "it said nothing"
            raise ProvisioningFailed(
                f"The manifest could not be created in the emulators (status {status}): {last}"
            )

    async def end(self) -> None:
        """Ends the run if it has not ended."""
        self._running.cancel()
        await asyncio.wait([self._running])


def _site(addresses: Addresses) -> Mapping[str, str]:
    return {
        "project": PROJECT,
        "region": REGION,
        "invoker": INVOKER,
        "function_url_template": addresses.function_url_template,
        "bucket": TRAINING_BUCKET,
        **{name: addresses.emulators[name]["grpc"] for name in ("pubsub", "tasks", "scheduler")},
        **{name: addresses.http(name) for name in ("jobs", "storage")},
    }
