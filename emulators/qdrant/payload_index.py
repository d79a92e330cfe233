"""Owns payload indexes: reading a field schema from JSON and describing what the engine has."""

from typing import Any

import qdrant_edge as engine

from emulators.qdrant.errors import bad_format, unsupported, wrong_input
from emulators.qdrant.json_fields import Json, an_object, variant

_COMMON = ("on_disk", "enable_hnsw")
_TEXT = (
    "tokenizer",
    "lowercase",
    "ascii_folding",
    "phrase_matching",
    "min_token_len",
    "max_token_len",
)
_KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "keyword": (engine.KeywordIndexParams, (*_COMMON, "is_tenant", "prefix")),
    "integer": (
        engine.IntegerIndexParams,
        (*_COMMON, "lookup", "range", "is_principal"),
    ),
    "float": (engine.FloatIndexParams, (*_COMMON, "is_principal")),
    "geo": (engine.GeoIndexParams, _COMMON),
    "bool": (engine.BoolIndexParams, _COMMON),
    "datetime": (engine.DatetimeIndexParams, (*_COMMON, "is_principal")),
    "uuid": (engine.UuidIndexParams, (*_COMMON, "is_tenant")),
    "text": (engine.TextIndexParams, (*_COMMON, *_TEXT)),
}
_TOKENIZERS = {
    "prefix": engine.TokenizerType.Prefix,
    "whitespace": engine.TokenizerType.Whitespace,
    "word": engine.TokenizerType.Word,
    "multilingual": engine.TokenizerType.Multilingual,
}


def index_params(schema: Any) -> Any:
    """The engine's parameters for a field schema: "keyword" or {"type": "keyword", ...}."""
    if schema is None:
        raise wrong_input("field_schema is missing: name the type of the field")
    settings: Json = {"type": schema} if type(schema) is str else schema
    params, allowed = variant(_KINDS, an_object(settings).get("type"))
    given = {key: value for key, value in settings.items() if key != "type" and value is not None}
    if unknown := set(given) - set(allowed):
        raise unsupported(f"the setting `{min(unknown)}` of a {settings['type']} index")
    if "tokenizer" in given:
        given["tokenizer"] = variant(_TOKENIZERS, given["tokenizer"])
    try:
        return params(**given)
    except TypeError as error:
        raise bad_format(
            "data did not match any variant of untagged enum PayloadFieldSchema"
        ) from error


def described(schema: dict[str, Any], asked: dict[str, Any]) -> Json:
    """The engine's payload schema as Qdrant shows it, with the settings that were asked for."""
    shown: Json = {}
    for field, info in schema.items():
        shown[field] = {"data_type": _name(info.data_type), "points": info.points}
        if type(asked.get(field)) is dict:
            shown[field]["params"] = asked[field]
    return shown


def _name(kind: engine.PayloadSchemaType) -> str:
    return str(kind).rpartition(".")[2].lower()
