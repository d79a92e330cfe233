"""Owns the raw protobuf classes of google.cloud.run.v2 and their JSON form."""

import re
from pathlib import Path
from typing import Any

from google.protobuf import json_format

from emulators.jobs.errors import invalid
from emulators.skeleton.protos import Protos

Json = dict[str, Any]

PROTOS = Protos(Path(__file__).with_name("jobs.binpb"))
PACKAGE = "google.cloud.run.v2"

Job = PROTOS.message(f"{PACKAGE}.Job")
Execution = PROTOS.message(f"{PACKAGE}.Execution")
Task = PROTOS.message(f"{PACKAGE}.Task")
Condition = PROTOS.message(f"{PACKAGE}.Condition")
Duration = PROTOS.message("google.protobuf.Duration")
Overrides = PROTOS.message(f"{PACKAGE}.RunJobRequest.Overrides")

_UNKNOWN = re.compile(r'has no field named "([^"]*)"(?: at "([^"]*)")?')


def parsed(kind: Any, value: object, at: str) -> Any:
    """The message of class `kind` that the JSON `value` says; `at` names it in errors.

    Raises RunError 400 for a field that there is not and for a value of another type.
    """
    if not isinstance(value, dict):
        raise invalid(f"Invalid value at '{at}': a JSON object is needed.", at)
    try:
        return json_format.ParseDict(value, kind())
    except json_format.ParseError as error:
        raise _unreadable(str(error), at) from error


def seconds_said(value: object, at: str) -> float:
    """The seconds of a Duration in JSON ("30s"); 0 for none. Raises RunError 400."""
    duration = Duration()
    try:
        duration.FromJsonString(value or "0s")
    except (ValueError, TypeError, AttributeError) as error:
        raise invalid(f"Invalid value at '{at}': {value!r} is no duration.", at) from error
    return float(duration.ToMicroseconds() / 1e6)


def shown(message: Any, *, numbers: bool) -> Json:
    """The message as JSON; `numbers`: enums as their numbers, as `$alt=json;enum-encoding=int`."""
    body: Json = json_format.MessageToDict(message, use_integers_for_enums=numbers)
    return body


def any_of(message: Any, *, numbers: bool) -> Json:
    """The message as the JSON of a google.protobuf.Any."""
    kind = {"@type": f"type.googleapis.com/{message.DESCRIPTOR.full_name}"}
    return kind | shown(message, numbers=numbers)


def _unreadable(text: str, at: str) -> Exception:
    if not (unknown := _UNKNOWN.search(text)):
        return invalid(f"Invalid JSON payload received. {text.splitlines()[0]}", at)
    name, inside = unknown.groups()
    _, _, inner = (inside or "").partition(".")
    place = f"{at}.{inner}" if inner else at
    return invalid(
        f"Invalid JSON payload received. Unknown name \"{name}\" at '{place}': Cannot find field.",
        f"{place}.{name}",
    )
