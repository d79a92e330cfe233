"""Owns reading a query request: its scope, its prefetches and what the reply carries."""

from typing import Any

import qdrant_edge as engine

from emulators.qdrant.collection import Collection
from emulators.qdrant.filters import excluding, optional_filter
from emulators.qdrant.json_fields import (
    Json,
    an_object,
    number,
    optional,
    refuse,
    whole,
)
from emulators.qdrant.query_kinds import QueryReader
from emulators.qdrant.selectors import payload_selector, vector_selector

DEFAULT_LIMIT = 10

_NOT_HERE = ("shard_key", "lookup_from")


def query_request(body: Json, collection: Collection) -> engine.QueryRequest:
    """The engine's request for one query body. Raises QdrantError 400, 404, 422, 501."""
    return engine.QueryRequest(
        **_scope(body, collection),
        offset=whole(body, "offset", 0),
        with_payload=payload_selector(body.get("with_payload"), default=False),
        with_vector=vector_selector(body.get("with_vector")),
    )


def _scope(body: Json, collection: Collection) -> dict[str, Any]:
    """What a query and a prefetch have in common."""
    refuse(body, _NOT_HERE)
    reader = QueryReader(collection, optional(body, "using", str) or "")
    prefetches = body.get("prefetch") or []
    prefetches = prefetches if type(prefetches) is list else [prefetches]
    scoring = reader.read(body["query"]) if body.get("query") is not None else None
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
