"""Makes one of a city's 45 cells, and the sentences for its places, before they are needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.nodes.city import City
from shared.nodes.node import ActivityNode
from shared.nodes.taxonomy import DayPart
from shared.ranking.cells import TRIP_DAYS, Cell, CellRanking, Edition
from shared.ranking.prompt import MODEL, PROMPT_VERSION
from shared.ranking.rank_cells import CellRanker
from shared.ranking.retrieve import Index, NodeSource, Retrieval
from shared.runtime import log
from shared.runtime.call import refuse_fields
from shared.runtime.errors import TryAgain
from shared.spaces.archetypes import SPACE_VERSION, Archetype
from shared.spend.llm import Llm, LlmUnavailable
from shared.trips.narrate import ask_for_narratives, narrative_key, read_narratives

# One sentence for each of 24 places is about 700 tokens: six seconds of a model's time.
_RANK_SECONDS = 20.0
_NARRATE_SECONDS = 30.0


class Combo(BaseModel):
    """The payload: which cell of which city."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    city: str
    archetype: Archetype
    day_part: DayPart
    trip_day: Annotated[int, Field(ge=1, le=TRIP_DAYS)]


class CellNotMade(TryAgain):
    """The language model did not give the cell or its sentences; a later delivery may."""


class Nodes(NodeSource, Protocol):
    """Where cities and their nodes are known."""

    async def find_city(self, slug: str) -> City:
        """Return the seeded city; raise CityUnknown."""


class Narratives(Protocol):
    """The narratives' cache."""

    async def read(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the sentences that are there."""

    async def put(self, sentences: Mapping[str, str]) -> None:
        """Keep the sentences."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What pre-warming needs of the world."""

    nodes: Nodes
    index: Index
    ranker: CellRanker
    narratives: Narratives
    llm: Llm


async def prewarm(payload: Mapping[str, Any], ports: Ports) -> None:
    """Make the cell and its sentences where they are missing.

    Raises FieldsRefused and CityUnknown, which end the task, and CellNotMade, which repeats it.
    """
    try:
        combo = Combo.model_validate(payload)
    except ValidationError as error:
        raise refuse_fields(error) from error
    city = await ports.nodes.find_city(combo.city)
    edition = Edition(city.slug, city.snapshot, MODEL, PROMPT_VERSION, SPACE_VERSION)
    cell = Cell(combo.archetype, combo.day_part, combo.trip_day)
    retrieval = Retrieval(ports.index, ports.nodes, city.slug)
    result = (await ports.ranker.rank([cell], edition, retrieval, _RANK_SECONDS))[cell]
    if result.ranking is None or result.served.failure is not None:
        raise CellNotMade(f"The cell {cell} was not ranked: {result.served.failure}.")
    worded = await _word(cell, result.ranking, city, ports)
    log.event("cell.prewarmed", city=city.slug, cell=str(cell), sentences=worded)


async def _word(cell: Cell, ranking: CellRanking, city: City, ports: Ports) -> int:
    ids = [entry.node_id for entry in ranking.entries]
    keys = {narrative_key(node_id, cell.archetype, cell.day_part): node_id for node_id in ids}
    present = await ports.narratives.read(list(keys))
    missing = [node_id for key, node_id in keys.items() if key not in present]
    if not missing:
        return 0
    loaded = await ports.nodes.load(city.slug, missing)
    nodes: list[ActivityNode] = [loaded[node_id] for node_id in missing if node_id in loaded]
    if not nodes:
        return 0
    try:
        answer = await ports.llm.ask(ask_for_narratives(cell, nodes), _NARRATE_SECONDS)
        sentences = read_narratives(answer, nodes)
    except LlmUnavailable as error:
        raise CellNotMade(f"The cell {cell} was not worded: {error}.") from error
    await ports.narratives.put(
        {
            narrative_key(node_id, cell.archetype, cell.day_part): sentence
            for node_id, sentence in sentences.items()
        }
    )
    return len(sentences)
