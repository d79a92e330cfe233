"""Owns the routes of collections, their aliases and their payload indexes."""

import qdrant_edge as engine

from emulators.qdrant import payload_index
from emulators.qdrant.aliases import changed
from emulators.qdrant.call import Call, Handler
from emulators.qdrant.collection_info import collection_info, merged
from emulators.qdrant.json_fields import Json, required
from emulators.qdrant.names import valid_name


def _list_collections(call: Call) -> Json:
    return {"collections": [{"name": name} for name in call.catalogue.names]}


def _create_collection(call: Call) -> bool:
    call.catalogue.create(valid_name(call.path["name"]), call.body())
    return True


def _get_collection(call: Call) -> Json:
    return collection_info(call.collection)


def _update_collection(call: Call) -> bool:
    collection = call.collection
    collection.config = merged(collection.config, call.body())
    call.catalogue.save()
    return True


def _delete_collection(call: Call) -> bool:
    return call.catalogue.delete(call.path["name"])


def _collection_exists(call: Call) -> Json:
    return {"exists": call.catalogue.has(call.path["name"])}


def _update_aliases(call: Call) -> bool:
    actions = required(call.body(), "actions", list)
    call.catalogue.replace_aliases(changed(call.catalogue, actions))
    return True


def _list_aliases(call: Call) -> Json:
    return _aliases(call.catalogue.aliases)


def _list_collection_aliases(call: Call) -> Json:
    call.catalogue.collection(call.path["name"])
    aliases = call.catalogue.aliases
    return _aliases({alias: of for alias, of in aliases.items() if of == call.path["name"]})


def _create_index(call: Call) -> Json:
    body, collection = call.body(), call.collection
    field = required(body, "field_name", str)
    schema = body.get("field_schema")
    params = payload_index.index_params(schema)
    number = collection.update(engine.UpdateOperation.create_field_index(field, params))
    collection.indexes[field] = schema
    call.catalogue.save()
    return {"operation_id": number, "status": "completed"}


def _delete_index(call: Call) -> Json:
    field, collection = call.path["field"], call.collection
    number = collection.update(engine.UpdateOperation.delete_field_index(field))
    collection.indexes.pop(field, None)
    call.catalogue.save()
    return {"operation_id": number, "status": "completed"}


def _aliases(aliases: dict[str, str]) -> Json:
    return {
        "aliases": [
            {"alias_name": alias, "collection_name": name} for alias, name in aliases.items()
        ]
    }


ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "/collections", _list_collections),
    ("POST", "/collections/aliases", _update_aliases),
    ("GET", "/aliases", _list_aliases),
    ("PUT", "/collections/{name}", _create_collection),
    ("GET", "/collections/{name}", _get_collection),
    ("PATCH", "/collections/{name}", _update_collection),
    ("DELETE", "/collections/{name}", _delete_collection),
    ("GET", "/collections/{name}/exists", _collection_exists),
    ("GET", "/collections/{name}/aliases", _list_collection_aliases),
    ("PUT", "/collections/{name}/index", _create_index),
    ("DELETE", "/collections/{name}/index/{field:path}", _delete_index),
]
