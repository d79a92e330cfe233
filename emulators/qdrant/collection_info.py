"""Owns describing a collection as Qdrant does: what was asked for over the server's defaults."""

from typing import Any

from emulators.qdrant.collection import Collection
from emulators.qdrant.json_fields import Json, an_object, refuse
from emulators.qdrant.payload_index import described

_HNSW = {
    "m": 16,
    "ef_construct": 100,
    "full_scan_threshold": 10_000,
    "max_indexing_threads": 0,
    "on_disk": False,
}
_OPTIMIZER = {
    "deleted_threshold": 0.2,
    "vacuum_min_vector_number": 1000,
    "default_segment_number": 0,
    "max_segment_size": None,
    "memmap_threshold": None,
    "indexing_threshold": 10_000,
    "flush_interval_sec": 5,
    "max_optimization_threads": None,
}
_WAL = {"wal_capacity_mb": 32, "wal_segments_ahead": 0, "wal_retain_closed": 1}
_PARAMS = {
    "shard_number": 1,
    "replication_factor": 1,
    "write_consistency_factor": 1,
    "on_disk_payload": True,
}
_SECTIONS = ("hnsw_config", "optimizers_config", "quantization_config", "metadata")


def collection_info(collection: Collection) -> Json:
    """The body of GET /collections/{name}. Nothing is ever optimised, so nothing is indexed."""
    info = collection.shard.info()
    return {
        "status": "green",
        "optimizer_status": "ok",
        "points_count": info.points_count,
        "indexed_vectors_count": info.indexed_vectors_count,
        "segments_count": info.segments_count,
        "config": _config(collection.config),
        "payload_schema": described(info.payload_schema, collection.indexes),
    }


def merged(config: Json, changes: Json) -> Json:
    """`config` after PATCH /collections/{name}. Raises QdrantError 501."""
    refuse(changes, ("vectors", "sparse_vectors", "strict_mode_config"))
    after = _over(config, changes.get("params"))
    for section in _SECTIONS:
        if changes.get(section) is not None:
            after[section] = {
                **(config.get(section) or {}),
                **an_object(changes[section]),
            }
    return after


def _config(config: Json) -> Json:
    return {
        "params": _params(config),
        "hnsw_config": _over(_HNSW, config.get("hnsw_config")),
        "optimizer_config": _over(_OPTIMIZER, config.get("optimizers_config")),
        "wal_config": _over(_WAL, config.get("wal_config")),
        "quantization_config": config.get("quantization_config"),
        "metadata": config.get("metadata"),
    }


def _params(config: Json) -> Json:
    params = _over(_PARAMS, {key: config.get(key) for key in _PARAMS})
    params["vectors"] = config.get("vectors") or {}
    if config.get("sparse_vectors"):
        params["sparse_vectors"] = config["sparse_vectors"]
    return params


def _over(defaults: Json, asked: Any) -> Json:
    return defaults | {key: value for key, value in (asked or {}).items() if value is not None}
