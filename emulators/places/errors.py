"""Owns the refusals of the Places emulator, in the service's words where those are on record."""

from typing import Any

_DETAIL = "type.googleapis.com/google.rpc"
SERVICE = "places.googleapis.com"


class PlacesError(Exception):
    """One refused request: HTTP status, google.rpc status, the sentence shown, and its details."""

    def __init__(self, code: int, status: str, message: str, *details: dict[str, Any]) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.details = details

    def body(self) -> dict[str, Any]:
        """Google's error body."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = list(self.details)
        return {"error": error}


def invalid(message: str, field: str = "") -> PlacesError:
    """A value that cannot be used; with `field` it stands in a BadRequest detail as well."""
    if not field:
        return PlacesError(400, "INVALID_ARGUMENT", message)
    violation = {"field": field, "description": message}
    detail = {"@type": f"{_DETAIL}.BadRequest", "fieldViolations": [violation]}
    return PlacesError(400, "INVALID_ARGUMENT", message, detail)


def unknown_name(name: str, at: str) -> PlacesError:
    """The JSON body has a name that the request message has not."""
    place = f" at '{at}'" if at else ""
    message = f'Invalid JSON payload received. Unknown name "{name}"{place}: Cannot find field.'
    return invalid(message, at or name)


def wrong_value(at: str, kind: str, shown: str) -> PlacesError:
    """A value of another type than the field `at` has, e.g. TYPE_INT32."""
    return invalid(f"Invalid value at '{at}' ({kind}), {shown}", at)


def unsupported(name: str) -> PlacesError:
    """The service knows `name`; this emulator does not and says so instead of ignoring it."""
    return PlacesError(501, "UNIMPLEMENTED", f"{name} is not supported by this emulator.")


def key_missing() -> PlacesError:
    """No API key came with the request."""
    return PlacesError(
        403,
        "PERMISSION_DENIED",
        "Method doesn't allow unregistered callers (callers without established identity). "
        "Please use API Key or other form of API consumer identity to call this API.",
    )


def key_invalid() -> PlacesError:
    """There is no such API key."""
    return PlacesError(
        400,
        "INVALID_ARGUMENT",
        "API key not valid. Please pass a valid API key.",
        _error_info("API_KEY_INVALID", {"service": SERVICE}),
    )


def quota_exceeded(metric: str, per_minute: int | None = None) -> PlacesError:
    """The quota `metric` of this minute is used up."""
    limit = f"{metric} per minute"
    facts = {"service": SERVICE, "quota_metric": metric, "quota_limit": limit}
    if per_minute is not None:
        facts["quota_limit_value"] = str(per_minute)
    return PlacesError(
        429,
        "RESOURCE_EXHAUSTED",
        f"Quota exceeded for quota metric '{metric}' and limit '{limit}' of service "
        f"'{SERVICE}' for consumer 'project_number:0'.",
        _error_info("RATE_LIMIT_EXCEEDED", facts),
    )


def not_an_id(place_id: str) -> PlacesError:
    """A text that is no place id at all."""
    return invalid(f"Not a valid Place ID: {place_id}")


def place_gone() -> PlacesError:
    """A well-formed place id that names no place."""
    return PlacesError(
        404,
        "NOT_FOUND",
        "The provided Place ID is no longer valid. Please refresh cached Place IDs as per "
        "https://developers.google.com/maps/documentation/places/web-service/place-id#save-id",
    )


def _error_info(reason: str, metadata: dict[str, str]) -> dict[str, Any]:
    return {
        "@type": f"{_DETAIL}.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": metadata,
    }
