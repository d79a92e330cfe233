"""Owns reading `query`: nearest, recommend, discover, context, fusion, order and sample."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import qdrant_edge as engine

from emulators.qdrant.collection import Collection
from emulators.qdrant.errors import bad_request, unsupported
from emulators.qdrant.json_fields import Json, an_object, optional, refuse, required, variant, whole
from emulators.qdrant.order import order_by
from emulators.qdrant.point_ids import PointId, point_id
from emulators.qdrant.recommendation import average_vector

RRF_K = 2


@dataclass(slots=True)
class QueryReader:
    """Reads the query of one request for the vector `using`; `named` are the points it names."""

    collection: Collection
    using: str
    named: set[PointId] = field(default_factory=set)

    def read(self, value: Any) -> Any:
        """The engine's query for a vector, a point id or {kind: ...}."""
        if type(value) is not dict or "indices" in value:
            return engine.Query.Nearest(self._vector(value), self.using)
        for kind, read in _KINDS.items():
            if kind in value:
                return read(self, value)
        raise unsupported(f"a query by {', '.join(sorted(value))}")

    def nearest(self, body: Json) -> Any:
        """{"nearest": vector or id}."""
        refuse(body, ("mmr",))
        return engine.Query.Nearest(self._vector(body["nearest"]), self.using)

    def recommend(self, body: Json) -> Any:
        """{"recommend": {"positive", "negative", "strategy"}}."""
        asked = required(body, "recommend", dict)
        positives, negatives = self._vectors(asked, "positive"), self._vectors(asked, "negative")
        strategy = asked.get("strategy") or "average_vector"
        if strategy == "average_vector":
            return engine.Query.Nearest(average_vector(positives, negatives), self.using)
        scoring = variant(_RECOMMEND, strategy)
        if not positives and not negatives:
            raise bad_request("At least one positive or negative vector ID required")
        return scoring(engine.RecommendQuery(positives, negatives), self.using)

    def discover(self, body: Json) -> Any:
        """{"discover": {"target", "context": pair or pairs}}."""
        asked = required(body, "discover", dict)
        target, pairs = self._vector(asked.get("target")), self._pairs(asked.get("context"))
        return engine.Query.Discover(engine.DiscoverQuery(target, pairs), self.using)

    def context(self, body: Json) -> Any:
        """{"context": pair or pairs}."""
        return engine.Query.Context(engine.ContextQuery(self._pairs(body["context"])), self.using)

    def _vector(self, value: Any) -> Any:
        """A vector given as such, or the stored one of the point that `value` names."""
        if type(value) not in (int, str):
            return self.collection.space.vector(value, self.using)
        named = point_id(value)
        self.named.add(named)
        return self.collection.vector_of(named, self.using)

    def _vectors(self, body: Json, name: str) -> list[Any]:
        return [self._vector(value) for value in optional(body, name, list) or []]

    def _pairs(self, value: Any) -> list[engine.ContextPair]:
        pairs = map(an_object, value if type(value) is list else [value])
        return [
            engine.ContextPair(*(self._vector(pair.get(side)) for side in ("positive", "negative")))
            for pair in pairs
        ]


def _fusion(reader: QueryReader, body: Json) -> Any:
    return variant(_FUSIONS, body["fusion"])()


def _rrf(reader: QueryReader, body: Json) -> Any:
    asked = required(body, "rrf", dict)
    return engine.Fusion.Rrf(whole(asked, "k", RRF_K, least=1), optional(asked, "weights", list))


def _sample(reader: QueryReader, body: Json) -> Any:
    return variant({"random": engine.Sample.Random}, body["sample"])


_KINDS: dict[str, Callable[[QueryReader, Json], Any]] = {
    "nearest": QueryReader.nearest,
    "recommend": QueryReader.recommend,
    "discover": QueryReader.discover,
    "context": QueryReader.context,
    "order_by": lambda _, body: order_by(body["order_by"]),
    "fusion": _fusion,
    "rrf": _rrf,
    "sample": _sample,
}
_FUSIONS: dict[str, Callable[[], Any]] = {
    "rrf": lambda: engine.Fusion.Rrf(RRF_K),
    "dbsf": engine.Fusion.Dbsf,
}
_RECOMMEND: dict[str, Callable[[engine.RecommendQuery, str], Any]] = {
    "best_score": engine.Query.RecommendBestScore,
    "sum_scores": engine.Query.RecommendSumScores,
}
