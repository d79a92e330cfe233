"""Owns the routes of points: updating, reading, counting, scrolling and querying them."""

from typing import Any

import qdrant_edge as engine

from emulators.qdrant import updates
from emulators.qdrant.call import Call, Handler
from emulators.qdrant.errors import engine_errors, not_found
from emulators.qdrant.filters import optional_filter
from emulators.qdrant.json_fields import (
    Json,
    an_object,
    optional,
    refuse,
    required,
    whole,
)
from emulators.qdrant.order import order_by
from emulators.qdrant.point_ids import point_id, point_id_in_path, point_ids
from emulators.qdrant.queries import query_request
from emulators.qdrant.selectors import (
    payload_selector,
    records,
    scored_points,
    vector_selector,
)

DEFAULT_LIMIT = 10


def _updating(kind: str) -> Handler:
    read = updates.READERS[kind]

    def handle(call: Call) -> Json:
        collection = call.collection
        number = collection.update(read(call.body(), collection.space))
        return _updated(call, number)

    return handle


def _updated(call: Call, number: int) -> Json:
    return {
        "operation_id": number,
        "status": "completed" if call.waits else "acknowledged",
    }


def _batch_update(call: Call) -> list[Json]:
    collection = call.collection
    entries = required(call.body(), "operations", list)
    operations = [updates.one_of_batch(entry, collection.space) for entry in entries]
    return [_updated(call, collection.update(operation)) for operation in operations]


def _get_point(call: Call) -> Json:
    point = point_id_in_path(call.path["id"])
    found = records(call.collection.retrieve([point], True, True))
    if not found:
        raise not_found(f"Point with id {point} does not exists!")
    return found[0]


def _retrieve(call: Call) -> list[Json]:
    body = call.body()
    refuse(body, ("shard_key",))
    payload = payload_selector(body.get("with_payload"), default=True)
    vectors = vector_selector(body.get("with_vector"))
    return records(
        call.collection.retrieve(point_ids(required(body, "ids", list)), payload, vectors)
    )


def _scroll(call: Call) -> Json:
    body, collection = call.body(), call.collection
    refuse(body, ("shard_key",))
    order = body.get("order_by")
    offset = body.get("offset")
    request = engine.ScrollRequest(
        offset=None if offset is None else point_id(offset),
        limit=whole(body, "limit", DEFAULT_LIMIT, least=1),
        filter=optional_filter(body),
        with_payload=payload_selector(body.get("with_payload"), default=True),
        with_vector=vector_selector(body.get("with_vector")),
        order_by=None if order is None else order_by(order),
    )
    with engine_errors():
        found, following = collection.shard.scroll(request)
    return {"points": records(found), "next_page_offset": following}


def _count(call: Call) -> Json:
    body = call.body()
    refuse(body, ("shard_key",))
    exact = optional(body, "exact", bool)
    request = engine.CountRequest(exact=exact is not False, filter=optional_filter(body))
    with engine_errors():
        return {"count": call.collection.shard.count(request)}


def _facet(call: Call) -> Json:
    body = call.body()
    refuse(body, ("shard_key",))
    request = engine.FacetRequest(
        required(body, "key", str),
        limit=whole(body, "limit", DEFAULT_LIMIT, least=1),
        exact=optional(body, "exact", bool) or False,
        filter=optional_filter(body),
    )
    with engine_errors():
        hits = call.collection.shard.facet(request).hits
    return {"hits": [{"value": hit.value, "count": hit.count} for hit in hits]}


def _query(call: Call) -> Json:
    return _queried(call, [call.body()])[0]


def _query_batch(call: Call) -> list[Json]:
    searches = [an_object(search) for search in required(call.body(), "searches", list)]
    return _queried(call, searches)


def _queried(call: Call, bodies: list[Json]) -> list[Json]:
    collection = call.collection
    requests = [query_request(body, collection) for body in bodies]
    with engine_errors():
        found: list[Any] = collection.shard.query_batch(engine.QueryBatchRequest(requests))
    return [{"points": scored_points(points)} for points in found]


_POINTS = "/collections/{name}/points"

ROUTES: list[tuple[str, str, Handler]] = [
    ("PUT", _POINTS, _updating("upsert")),
    ("POST", _POINTS, _retrieve),
    ("POST", f"{_POINTS}/delete", _updating("delete")),
    ("POST", f"{_POINTS}/payload", _updating("set_payload")),
    ("PUT", f"{_POINTS}/payload", _updating("overwrite_payload")),
    ("POST", f"{_POINTS}/payload/delete", _updating("delete_payload")),
    ("POST", f"{_POINTS}/payload/clear", _updating("clear_payload")),
    ("PUT", f"{_POINTS}/vectors", _updating("update_vectors")),
    ("POST", f"{_POINTS}/vectors/delete", _updating("delete_vectors")),
    ("POST", f"{_POINTS}/batch", _batch_update),
    ("POST", f"{_POINTS}/scroll", _scroll),
    ("POST", f"{_POINTS}/count", _count),
    ("POST", f"{_POINTS}/query", _query),
    ("POST", f"{_POINTS}/query/batch", _query_batch),
    ("GET", f"{_POINTS}/{{id}}", _get_point),
    ("POST", "/collections/{name}/facet", _facet),
]
