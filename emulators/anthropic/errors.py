"""Owns the errors of the Messages API: their types, statuses and the body they travel in.

ApiError
├── InvalidRequest   400 invalid_request_error
├── Unsupported      501 api_error: the real API takes it, this emulator does not
└── (others are made with ApiError itself)
"""

from typing import Any

# https://docs.claude.com/en/api/errors
TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    501: "api_error",
    529: "overloaded_error",
}


class ApiError(Exception):
    """An answer that is an error: its HTTP status, its message and headers of its own."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}


class InvalidRequest(ApiError):
    """The request is not one that the API takes."""

    def __init__(self, message: str) -> None:
        super().__init__(400, message)


class Unsupported(ApiError):
    """The real API knows `name`; this emulator does not and says so instead of guessing."""

    def __init__(self, name: str) -> None:
        super().__init__(
            501,
            f"{name} is not supported by this emulator.",
            {"x-should-retry": "false"},
        )


def body(error: ApiError, request_id: str) -> dict[str, Any]:
    """The JSON body of `error`."""
    kind = TYPES.get(error.status, "api_error")
    return {
        "type": "error",
        "error": {"type": kind, "message": error.message},
        "request_id": request_id,
    }
