"""The candidate set of one ranking: what was retrieved, how it scored, what was shown."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shared.nodes.node import ActivityNode
from shared.nodes.point import Retrieved
from shared.nodes.taxonomy import DayPart
from shared.ranking.cells import Cell, trip_day_of
from shared.ranking.rank_cells import CellResult

BLEND_WEIGHT: Final = 0.6
"""Share of the cell's score; the rest is the traveller's own similarity, so that trips differ."""


_Moment = tuple[DayPart, int]
_Entry = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the (at most) 200: its node, retrieval score and normalised similarity in [0, 1]."""

    node: ActivityNode
    retrieval_score: float | None
    similarity: float
    source: str


@dataclass(frozen=True, slots=True)
class Score:
    """A candidate's worth at one moment: the blend, and the ranker's part where it has one."""

    blended: float
    ranker: float | None
    confidence: float | None


def make_candidates(
    retrieved: Sequence[Retrieved], nodes: Mapping[UUID, ActivityNode], source: str
) -> list[Candidate]:
    """Return the candidates in retrieval order; a node that is gone or hidden since is left out.

    Similarity is the retrieval score scaled to [0, 1] over the set; without scores it is the
    node's quality.
    """
    present = [hit for hit in retrieved if hit.node_id in nodes and not nodes[hit.node_id].hidden]
    scores = [hit.score for hit in present if hit.score is not None]
    low, high = (min(scores), max(scores)) if scores else (0.0, 0.0)
    width = (high - low) or 1.0
    return [
        Candidate(
            node=nodes[hit.node_id],
            retrieval_score=hit.score,
            similarity=(
                nodes[hit.node_id].quality if hit.score is None else (hit.score - low) / width
            ),
            source=source,
        )
        for hit in present
    ]


class Scores:
    """What each candidate is worth at each moment of the trip."""

    def __init__(self, cells: Mapping[Cell, CellResult]) -> None:
        self._ranked: set[_Moment] = set()
        # By node first: of 200 candidates most stand in no cell, and each is asked about often.
        self._entries: defaultdict[UUID, dict[_Moment, _Entry]] = defaultdict(dict)
        for cell, result in cells.items():
            if result.ranking:
                moment = (cell.day_part, cell.trip_day)
                self._ranked.add(moment)
                confidences = result.ranking.confidences()
                for node_id, score in result.ranking.scores().items():
                    self._entries[node_id][moment] = (score, confidences[node_id])

    def at(self, candidate: Candidate, day_part: DayPart, day_number: int) -> Score:
        """Return w·cell score (0 where absent) + (1−w)·similarity; the quality without a cell."""
        moment = (day_part, trip_day_of(day_number))
        if moment not in self._ranked:
            return Score(candidate.node.quality, None, None)
        ranker, confidence = self._of(candidate).get(moment, (None, None))
        blended = BLEND_WEIGHT * (ranker or 0.0) + (1 - BLEND_WEIGHT) * candidate.similarity
        return Score(blended, ranker, confidence)

    def by_moment(self, candidate: Candidate) -> dict[str, float]:
        """Return the ranker's scores of a candidate by `day_part/trip_day`, where it has any."""
        return {
            f"{day_part}/{trip_day}": score
            for (day_part, trip_day), (score, _) in self._of(candidate).items()
        }

    def best(self, candidate: Candidate) -> tuple[float | None, float | None]:
        """Return the candidate's highest ranker score and confidence over the trip."""
        entries = self._of(candidate).values()
        if not entries:
            return None, None
        return max(score for score, _ in entries), max(sure for _, sure in entries)

    def _of(self, candidate: Candidate) -> Mapping[_Moment, _Entry]:
        return self._entries.get(candidate.node.id, {})
