"""Errors that a caller can act on, and their form on the wire.

Refusal                    the caller must change something (4xx) or come back later (503)
├── BodyRefused            400 413 422: the body is malformed, too large or breaks a rule
├── AdminOnly              403
└── … each domain adds its own: CityUnknown, TripUnknown, IdempotencyKeyReused
"""

from collections.abc import Mapping
from typing import Any, ClassVar

MEDIA_TYPE = "application/problem+json"


class Refusal(Exception):
    """A request that was not carried out; its message is one sentence that says what to change."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = "Bad request"

    def members(self) -> Mapping[str, Any]:
        """Return the extra members of the problem document."""
        return {}


class BodyMalformed(Refusal):
    """The body is not the JSON object that the route takes."""

    title = "Malformed body"


class BodyTooLarge(Refusal):
    """The body is over the limit of every route."""

    status = 413
    title = "Body too large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body is over {limit // 1024} KB; send a smaller one.")


class FieldsRefused(Refusal):
    """One or more fields break the route's contract."""

    status = 422
    title = "Fields refused"

    def __init__(self, sentence: str, fields: list[dict[str, str]]) -> None:
        super().__init__(sentence)
        self._fields = fields

    def members(self) -> Mapping[str, Any]:
        """Return the refused fields, each with its reason."""
        return {"fields": self._fields}


class AdminOnly(Refusal):
    """The route is for administrators."""

    status = 403
    title = "Administrators only"

    def __init__(self) -> None:
        super().__init__("Sign in as an administrator to call this route.")


class TryAgain(Refusal):
    """Nothing was done, and the same call may succeed later."""

    status = 503
    title = "Try again"


def problem(status: int, title: str, detail: str, **members: Any) -> dict[str, Any]:
    """Return a problem document (RFC 9457)."""
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        **members,
    }
