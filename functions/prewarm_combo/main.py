"""The face of the `prewarm` queue."""

from dataclasses import dataclass

import functions_framework.aio as framework

from functions.prewarm_combo.operation import Ports, prewarm
from shared.nodes.postgres import Nodes
from shared.nodes.qdrant import NodeIndex
from shared.ranking.rank_cells import CellRanker
from shared.ranking.redis import RedisCells
from shared.runtime.background import background_face
from shared.runtime.envelopes import Delivery
from shared.runtime.opening import Opening
from shared.runtime.postgres import PostgresParking, open_pool, ping
from shared.runtime.redis import open_redis
from shared.spend.anthropic import Claude
from shared.spend.postgres import PostgresLedger
from shared.trips.redis import RedisNarratives


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    parking: PostgresParking
    ports: Ports


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    redis = open_redis(opening.settings)
    index, cells = NodeIndex(opening.settings), RedisCells(redis)
    claude = Claude(opening.settings, PostgresLedger(pool))
    opening.check("postgres", lambda: ping(pool))
    opening.check("redis", cells.check)
    opening.check("qdrant", index.check)
    opening.check("anthropic", claude.check)
    ports = Ports(
        nodes=Nodes(pool),
        index=index,
        ranker=CellRanker(cells, claude),
        narratives=RedisNarratives(redis),
        llm=claude,
    )
    return Drivers(PostgresParking(pool), ports)


@framework.http
@background_face(join)
async def prewarm_combo(delivery: Delivery, drivers: Drivers) -> None:
    """Make the cell that the task names."""
    await prewarm(delivery.payload, drivers.ports)
