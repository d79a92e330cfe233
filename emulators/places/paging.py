"""Owns page tokens: where the next page starts, and of which search."""

import base64
import binascii
import hashlib

from emulators.places.errors import invalid

_DIGEST = 16
_OFFSET_BYTES = 2


def token(same: str, offset: int) -> str:
    """The token of the page that starts at `offset` of the search with the parameters `same`."""
    raw = _digest(same) + offset.to_bytes(_OFFSET_BYTES)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def offset(page_token: str, same: str) -> int:
    """Where the page starts; 0 without a token.

    Raises PlacesError 400 for a token that is none, or of a search with other parameters.
    """
    if not page_token:
        return 0
    try:
        raw = base64.urlsafe_b64decode(page_token + "=" * (-len(page_token) % 4))
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _DIGEST + _OFFSET_BYTES:
        raise invalid("Invalid page_token.", "page_token")
    if raw[:_DIGEST] != _digest(same):
        raise invalid(
            "Request parameters for paging requests must match the initial SearchText request."
        )
    return int.from_bytes(raw[_DIGEST:])


def _digest(same: str) -> bytes:
    return hashlib.sha256(same.encode()).digest()[:_DIGEST]
