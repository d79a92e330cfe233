"""Owns the reading of a Messages request: every field checked, errors worded as the API's."""

from dataclasses import dataclass
from typing import Any

import orjson

from emulators.anthropic import models, schema, tokens, turns
from emulators.anthropic.errors import ApiError, InvalidRequest, Unsupported
from emulators.anthropic.keywords import Schema
from emulators.anthropic.models import Generation

MAX_BODY_BYTES = 32 * 1024 * 1024

_NEEDED = ("model", "messages")
_UNDERSTOOD = frozenset(
    {"model", "messages", "max_tokens", "system", "stream", "stop_sequences", "output_config"}
    | {"temperature", "top_p", "top_k"}
)
# Taken and without effect here.
_IGNORED = frozenset(
    {"metadata", "service_tier", "cache_control", "inference_geo", "speed", "diagnostics"}
    | {"user_profile_id", "thinking"}
)
_UNSUPPORTED = frozenset({"tools", "tool_choice", "container", "mcp_servers", "context_management"})


@dataclass(frozen=True, slots=True)
class MessagesRequest:
    """A checked request. `system` and `user` are its texts, joined by empty lines."""

    model: str
    system: str
    user: str
    max_tokens: int
    stream: bool
    stop_sequences: tuple[str, ...]
    schema: Schema | None
    input_tokens: int


def read(body: bytes, *, counting: bool = False) -> MessagesRequest:
    """The request in `body`; `counting` is a count_tokens request, which needs no max_tokens.

    Raises ApiError as the real API answers to such a body.
    """
    given = _object(body)
    _check_fields(given, counting=counting)
    model = models.resolve(given["model"]) if isinstance(given["model"], str) else None
    if model is None:
        raise ApiError(404, f"model: {given['model']}")
    taken = models.generation(model)
    _check_sampling(given, taken)
    said = turns.read(given["messages"], taken)
    system = turns.text(given.get("system") or "", "system")
    output_format = _format(given.get("output_config"))
    return MessagesRequest(
        model=model,
        system="\n\n".join([system, *turns.by("system", said)]),
        user="\n\n".join(turns.by("user", said)),
        max_tokens=0 if counting else _max_tokens(given["max_tokens"], taken, model),
        stream=_flag(given.get("stream", False)),
        stop_sequences=_stop_sequences(given.get("stop_sequences") or []),
        schema=None if output_format is None else schema.tree(output_format),
        input_tokens=_input_tokens(system, said, output_format, taken),
    )


def _input_tokens(
    system: str, said: list[turns.Turn], output_format: object, taken: Generation
) -> int:
    total = tokens.REQUEST_OVERHEAD + tokens.count(system)
    total += sum(tokens.count(text) + tokens.MESSAGE_OVERHEAD for _, text in said)
    if output_format is not None:
        total += tokens.count(orjson.dumps(output_format).decode())
    if total > taken.max_input_tokens:
        most = taken.max_input_tokens
        raise InvalidRequest(f"prompt is too long: {total} tokens > {most} maximum")
    return total


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_BODY_BYTES:
        raise ApiError(413, "Request exceeds the maximum size")
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidRequest(f"The request body is not valid JSON: {error}") from error
    if not isinstance(given, dict):
        raise InvalidRequest("Input should be a valid dictionary")
    return given


def _check_fields(given: dict[str, Any], *, counting: bool) -> None:
    for name in (*_NEEDED, *(() if counting else ("max_tokens",))):
        if given.get(name) is None:
            raise InvalidRequest(f"{name}: Field required")
    for name, value in given.items():
        if name in _UNSUPPORTED and value:
            raise Unsupported(f"'{name}'")
        if name not in _UNDERSTOOD | _IGNORED | _UNSUPPORTED:
            raise InvalidRequest(f"{name}: Extra inputs are not permitted")
    if isinstance(given.get("thinking"), dict) and given["thinking"].get("type") == "enabled":
        raise Unsupported("'thinking' of type enabled")


def _check_sampling(given: dict[str, Any], taken: Generation) -> None:
    for name in ("temperature", "top_p", "top_k"):
        value = given.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidRequest(f"{name}: Input should be a valid number")
        if name != "top_k" and not 0 <= value <= 1:
            raise InvalidRequest(f"{name}: range: 0..1")
        if not taken.sampling and (name == "top_k" or value != 1):
            raise InvalidRequest(f"`{name}` is deprecated for this model.")


def _max_tokens(value: Any, taken: Generation, model: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidRequest("max_tokens: Input should be a valid integer")
    if value < 0:
        raise InvalidRequest("max_tokens: Input should be greater than or equal to 0")
    if value > taken.max_tokens:
        raise InvalidRequest(
            f"max_tokens: {value} > {taken.max_tokens}, which is the maximum allowed number of "
            f"output tokens for {model}"
        )
    return value


def _format(output_config: Any) -> object | None:
    if output_config is None:
        return None
    if not isinstance(output_config, dict):
        raise InvalidRequest("output_config: Input should be a valid dictionary")
    if unknown := output_config.keys() - {"format", "effort"}:
        raise InvalidRequest(f"output_config.{min(unknown)}: Extra inputs are not permitted")
    wanted = output_config.get("format")
    if wanted is None:
        return None
    if not isinstance(wanted, dict) or wanted.get("type") != "json_schema":
        raise InvalidRequest("output_config.format.type: Input should be 'json_schema'")
    if "schema" not in wanted:
        raise InvalidRequest("output_config.format.schema: Field required")
    schema_given: object = wanted["schema"]
    return schema_given


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidRequest("stream: Input should be a valid boolean")
    return value


def _stop_sequences(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise InvalidRequest("stop_sequences: each stop sequence must be non-empty text")
    return tuple(value)
