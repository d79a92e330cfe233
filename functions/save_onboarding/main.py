"""The face of `PUT /api/v1/users/me/onboarding`."""

from dataclasses import dataclass
from pathlib import Path

import functions_framework.aio as framework

from functions.save_onboarding.operation import save
from shared.forgetting.tombstone import Tombstones
from shared.personas.onboarding import Onboarding
from shared.personas.postgres import Personas, Travellers
from shared.personas.traveller import Person
from shared.runtime.call import Call, Reply
from shared.runtime.face import public_face
from shared.runtime.opening import Opening
from shared.runtime.postgres import open_pool, ping
from shared.spaces.embedder import Embedder
from shared.spaces.onnx import Encoder
from shared.spaces.projection import TextSpace
from shared.spaces.text_vectors import TextVectors
from shared.spend.anthropic import Claude
from shared.spend.postgres import PostgresLedger


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    people: Travellers
    personas: Personas
    claude: Claude
    encoder: Embedder


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    folder = Path(opening.settings["ENCODER_DIR"])
    claude = Claude(opening.settings, PostgresLedger(pool))
    opening.check("postgres", lambda: ping(pool))
    opening.check("anthropic", claude.check)
    return Drivers(
        Travellers(pool, Tombstones(opening.settings)),
        Personas(pool),
        claude,
        Embedder(lambda: TextVectors(Encoder.open(folder), TextSpace.shipped())),
    )


@framework.http
@public_face(join, budget_seconds=20.0)
async def save_onboarding(call: Call, person: Person, drivers: Drivers) -> Reply:
    """Answer 200 with the persona made of the tags."""
    onboarding = call.parse(Onboarding)
    body = await save(
        onboarding,
        person.id,
        call.received_at,
        drivers.claude,
        drivers.encoder,
        drivers.people,
        drivers.personas,
    )
    return Reply(200, body)
