"""The bearer token of a request's Authorization header."""

from collections.abc import Mapping


def find_bearer(headers: Mapping[str, str]) -> str | None:
    """The token after `Bearer`, or None; header names and the scheme may be in any case."""
    for name, value in headers.items():
        scheme, _, token = value.strip().partition(" ")
        if name.lower() == "authorization" and scheme.lower() == "bearer" and token:
            return token.strip()
    return None
