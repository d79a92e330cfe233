"""The face of `POST /api/v1/admin/seed-city`."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import functions_framework.aio as framework

from functions.seed_city.operation import Ports, SeedRequest, seed
from shared.forgetting.tombstone import Tombstones
from shared.idempotency.claim import Claim
from shared.idempotency.once import once
from shared.idempotency.postgres import IdempotencyKeys
from shared.nodes.postgres import Nodes
from shared.nodes.qdrant import NodeIndex
from shared.personas.postgres import Travellers
from shared.personas.traveller import Person
from shared.runtime.call import Call, Reply
from shared.runtime.face import public_face
from shared.runtime.opening import Opening
from shared.runtime.postgres import open_pool, ping
from shared.sources.http import SampleSource
from shared.sources.postgres import Posts
from shared.spaces.embedder import Embedder
from shared.spaces.onnx import Encoder
from shared.spaces.projection import TextSpace
from shared.spaces.text_vectors import TextVectors
from shared.spend.anthropic import Claude
from shared.spend.postgres import PostgresLedger

_BUDGET_SECONDS = 290.0
_SLACK = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    people: Travellers
    keys: IdempotencyKeys
    ports: Ports


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    folder = Path(opening.settings["ENCODER_DIR"])
    index = NodeIndex(opening.settings)
    claude = Claude(opening.settings, PostgresLedger(pool))
    opening.check("postgres", lambda: ping(pool))
    opening.check("qdrant", index.check)
    opening.check("anthropic", claude.check)
    ports = Ports(
        source=SampleSource(opening.settings),
        nodes=Nodes(pool),
        posts=Posts(pool),
        index=index,
        encoder=Embedder(lambda: TextVectors(Encoder.open(folder), TextSpace.shipped())),
        llm=claude,
    )
    tombstones = Tombstones(opening.settings)
    return Drivers(Travellers(pool, tombstones), IdempotencyKeys(pool, tombstones), ports)


@framework.http
@public_face(join, budget_seconds=_BUDGET_SECONDS, admin=True)
async def seed_city(call: Call, person: Person, drivers: Drivers) -> Reply:
    """Seed the city that the body names and answer 200 with what was done."""
    request = call.parse(SeedRequest)

    async def work(claim: Claim | None) -> Reply:
        return Reply(200, await seed(request, drivers.ports, call.received_at))

    return await once(
        call, person.id, drivers.keys, work, hold=timedelta(seconds=_BUDGET_SECONDS) + _SLACK
    )
