"""What a face hands to its function, and what it takes back."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from shared.runtime.errors import BodyMalformed, FieldsRefused

NO_MODEL = "none"

_Body = TypeVar("_Body", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request, as far as a function needs it."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    deadline: float
    """Event-loop time by which the reply must be on its way."""

    def last_segment(self) -> str:
        """Return the last part of the path: the id in `/api/v1/trips/{trip_id}`."""
        return self.path.rstrip("/").rsplit("/", 1)[-1]

    def parse(self, model: type[_Body]) -> _Body:
        """Return the body as `model`; raise BodyMalformed or FieldsRefused."""
        try:
            value = orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise BodyMalformed(
                f"The body is not JSON ({error.msg} at character {error.pos}); send a JSON object."
            ) from error
        if not isinstance(value, dict):
            raise BodyMalformed("The body is JSON but not an object; send one JSON object.")
        try:
            return model.model_validate_json(self.body)
        except ValidationError as error:
            raise refuse_fields(error) from error


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: status, JSON body and the models that took part.

    A body too large to be held comes as a `stream` of its JSON text instead.
    """

    status: int
    body: Mapping[str, Any] | None = None
    model_version: str = NO_MODEL
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: AsyncIterator[bytes] | None = None


def refuse_fields(error: ValidationError) -> FieldsRefused:
    """Return the refusal that names each field which broke a rule, and how."""
    fields = [_explain(item) for item in error.errors(include_url=False, include_input=False)]
    sentence = "; ".join(f"{field['name']}: {field['reason']}" for field in fields[:5])
    return FieldsRefused(f"Change these fields and send again: {sentence}.", fields)


def _explain(item: Any) -> dict[str, str]:
    name = ".".join(str(part) for part in item["loc"]) or "body"
    if item["type"] == "extra_forbidden":
        return {"name": name, "reason": "is not a field of this route"}
    if item["type"] == "missing":
        return {"name": name, "reason": "is required"}
    reason = item["msg"].removeprefix("Value error, ").rstrip(".")
    return {"name": name, "reason": reason[:1].lower() + reason[1:]}
