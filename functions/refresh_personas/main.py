"""The face of the job `refresh_personas`: `python -m functions.refresh_personas.main`."""

import sys
from pathlib import Path

from functions.refresh_personas.operation import PER_RUN, Night, Ports, refresh
from shared.personas.postgres import Personas
from shared.personas.refreshing import Shard
from shared.runtime.clock import now
from shared.runtime.job import JobTask, job_face
from shared.runtime.opening import Opening
from shared.runtime.postgres import open_pool
from shared.spaces.embedder import Embedder
from shared.spaces.onnx import Encoder
from shared.spaces.projection import TextSpace
from shared.spaces.text_vectors import TextVectors
from shared.spend.anthropic import Claude
from shared.spend.postgres import PostgresLedger


async def join(opening: Opening) -> Ports:
    """Open what the job needs."""
    pool = await open_pool(opening.settings)
    folder = Path(opening.settings["ENCODER_DIR"])
    return Ports(
        personas=Personas(pool),
        llm=Claude(opening.settings, PostgresLedger(pool)),
        encoder=Embedder(lambda: TextVectors(Encoder.open(folder), TextSpace.shipped())),
    )


@job_face(join)
async def refresh_personas(task: JobTask, ports: Ports) -> None:
    """Refresh this task's share of the travellers; PERSONAS_PER_RUN caps the whole run."""
    per_run = int(task.overrides.get("PERSONAS_PER_RUN") or PER_RUN)
    await refresh(Night.of(Shard(task.index, task.count), now(), per_run), ports)


if __name__ == "__main__":
    sys.exit(refresh_personas())
