"""Owns reading a query request: nearest, recommend, discover, context, fusion, order, sample."""

from dataclasses import dataclass, field
from typing import Any

import qdrant_edge as engine

from emulators.qdrant.collection import Collection
from emulators.qdrant.errors import QdrantError, bad_format, unsupported
from emulators.qdrant.filters import excluding, optional_filter
from emulators.qdrant.json_fields import (
    Json,
    an_object,
    number,
    optional,
    refuse,
    required,
    whole,
)
from emulators.qdrant.point_ids import PointId, point_id
from emulators.qdrant.recommendation import average_vector
from emulators.qdrant.selectors import payload_selector, vector_selector

DEFAULT_LIMIT = 10
RRF_K = 2

_NOT_HERE = ("shard_key", "lookup_from")


def query_request(body: Json, collection: Collection) -> engine.QueryRequest:
    """The engine's request for one query body. Raises QdrantError 400, 404, 422, 501."""
    return engine.QueryRequest(
        **_scope(body, collection),
        offset=whole(body, "offset", 0),
        with_payload=payload_selector(body.get("with_payload"), default=False),
        with_vector=vector_selector(body.get("with_vector")),
    )


def order_by(value: Any) -> engine.OrderBy:
    """`order_by`: a payload key or {"key", "direction", "start_from"}."""
    body = {"key": value} if type(value) is str else an_object(value)
    directions = {
        None: None,
        "asc": engine.Direction.Asc,
        "desc": engine.Direction.Desc,
    }
    direction = body.get("direction")
    if direction not in directions:
        raise bad_format(f"unknown variant `{direction}`, expected `asc` or `desc`")
    start = body.get("start_from")
    if start is not None and type(start) not in (int, float, str):
        raise bad_format("data did not match any variant of untagged enum StartFrom")
    return engine.OrderBy(required(body, "key", str), directions[direction], start)


def _scope(body: Json, collection: Collection) -> dict[str, Any]:
    """What a query and a prefetch have in common."""
    refuse(body, _NOT_HERE)
    reader = _Reader(collection, optional(body, "using", str) or "")
    prefetches = body.get("prefetch") or []
    prefetches = prefetches if type(prefetches) is list else [prefetches]
    scoring = reader.scoring(body["query"]) if body.get("query") is not None else None
    return {
        "limit": whole(body, "limit", DEFAULT_LIMIT, least=1),
        "query": scoring,
        "prefetches": [engine.Prefetch(**_scope(an_object(p), collection)) for p in prefetches],
        "filter": excluding(optional_filter(body), reader.named),
        "score_threshold": number(body, "score_threshold"),
        "params": _params(body.get("params")),
    }


def _params(value: Any) -> engine.SearchParams | None:
    if value is None:
        return None
    body = an_object(value)
    refuse(body, ("idf",))
    return engine.SearchParams(
        hnsw_ef=optional(body, "hnsw_ef", int),
        exact=optional(body, "exact", bool) or False,
        indexed_only=optional(body, "indexed_only", bool) or False,
    )


@dataclass(slots=True)
class _Reader:
    """Reads the `query` of one request and collects the points it names."""

    collection: Collection
    using: str
    named: set[PointId] = field(default_factory=set)

    def scoring(self, value: Any) -> Any:
        match value:
            case {"nearest": nearest} if value.get("mmr") is None:
                return engine.Query.Nearest(self.vector(nearest), self.using)
            case {"recommend": dict(body)}:
                return self.recommend(body)
            case {"discover": {"target": target, "context": context}}:
                asked = engine.DiscoverQuery(self.vector(target), self.pairs(context))
                return engine.Query.Discover(asked, self.using)
            case {"context": context}:
                return engine.Query.Context(engine.ContextQuery(self.pairs(context)), self.using)
            case {"order_by": order}:
                return order_by(order)
            case {"sample": "random"}:
                return engine.Sample.Random
            case {"fusion": "rrf"}:
                return engine.Fusion.Rrf(RRF_K)
            case {"fusion": "dbsf"}:
                return engine.Fusion.Dbsf()
            case {"rrf": dict(body)}:
                k = whole(body, "k", RRF_K, least=1)
                return engine.Fusion.Rrf(k, optional(body, "weights", list))
            case {"indices": _}:
                return engine.Query.Nearest(self.vector(value), self.using)
            case dict():
                raise unsupported(f"a query by {', '.join(sorted(value))}")
        return engine.Query.Nearest(self.vector(value), self.using)

    def vector(self, value: Any) -> Any:
        """A vector given as such, or the stored one of the point that `value` names."""
        if type(value) not in (int, str):
            return self.collection.space.vector(value, self.using)
        named = point_id(value)
        self.named.add(named)
        return self.collection.vector_of(named, self.using)

    def vectors(self, body: Json, name: str) -> list[Any]:
        return [self.vector(value) for value in optional(body, name, list) or []]

    def pairs(self, value: Any) -> list[engine.ContextPair]:
        pairs = [an_object(pair) for pair in (value if type(value) is list else [value])]
        return [
            engine.ContextPair(self.vector(pair.get("positive")), self.vector(pair.get("negative")))
            for pair in pairs
        ]

    def recommend(self, body: Json) -> Any:
        positives, negatives = (
            self.vectors(body, "positive"),
            self.vectors(body, "negative"),
        )
        strategy = body.get("strategy") or "average_vector"
        if strategy == "average_vector":
            average = average_vector(positives, negatives)
            return engine.Query.Nearest(average, self.using)
        if not positives and not negatives:
            raise QdrantError(
                400, "Bad request: At least one positive or negative vector ID required"
            )
        asked = engine.RecommendQuery(positives, negatives)
        if strategy == "best_score":
            return engine.Query.RecommendBestScore(asked, self.using)
        if strategy == "sum_scores":
            return engine.Query.RecommendSumScores(asked, self.using)
        raise bad_format(f"unknown variant `{strategy}`")
