"""Google's OIDC ID tokens: read, and checked against a key, an audience and a time.

google.auth.jwt checks the same but takes its time from the machine; the local stack's clock can be
set, so here the time comes in.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

ISSUERS: Final = frozenset({"https://accounts.google.com", "accounts.google.com"})
_MAX_TOKEN: Final = 8_192
_CLOCK_SKEW_S: Final = 10
# Cloud Run's own IAM check puts this where the signature was.
_REMOVED: Final = "SIGNATURE_REMOVED_BY_GOOGLE"


class IdTokenInvalid(Exception):
    """Why a token proves nothing, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class IdToken:
    """A token taken apart: nothing in it is proven before both checks."""

    kid: str
    claims: Mapping[str, Any]
    signed: bytes
    signature: bytes

    def check_signature(self, key: RSAPublicKey) -> None:
        """Raise IdTokenInvalid unless `key` signed it."""
        try:
            key.verify(self.signature, self.signed, PKCS1v15(), SHA256())
        except InvalidSignature:
            raise IdTokenInvalid("its signature is not Google's") from None

    def check_claims(self, audience: str, now: float) -> None:
        """Raise IdTokenInvalid unless Google made it for `audience`, valid at `now` (unix s)."""
        if self.claims.get("iss") not in ISSUERS:
            raise IdTokenInvalid("its issuer is not accounts.google.com")
        if self.claims.get("aud") != audience:
            raise IdTokenInvalid(f"its audience is not {audience}")
        issued, expires = self.claims.get("iat"), self.claims.get("exp")
        if not (isinstance(issued, (int, float)) and isinstance(expires, (int, float))):
            raise IdTokenInvalid("it does not say from when to when it is valid")
        if not issued - _CLOCK_SKEW_S <= now <= expires + _CLOCK_SKEW_S:
            raise IdTokenInvalid("it is outside its time")


def read_id_token(text: str) -> IdToken:
    """Take a compact RS256 token apart; raises IdTokenInvalid."""
    parts = text.split(".") if len(text) <= _MAX_TOKEN else []
    if len(parts) != 3:
        raise IdTokenInvalid("it is not a signed token of three parts")
    if parts[2] == _REMOVED:
        raise IdTokenInvalid(
            "Cloud Run removed its signature: deploy the service with --no-invoker-iam-check"
        )
    header, claims = _object(parts[0]), _object(parts[1])
    kid = header.get("kid")
    # The algorithm is ours to choose: a token may not ask for HS256 or none.
    if header.get("alg") != "RS256" or not isinstance(kid, str):
        raise IdTokenInvalid("it is not signed with RS256 under a key id")
    return IdToken(kid, claims, f"{parts[0]}.{parts[1]}".encode(), _bytes(parts[2]))


def _object(part: str) -> dict[str, Any]:
    try:
        value = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        raise IdTokenInvalid("its parts are not JSON") from None
    if not isinstance(value, dict):
        raise IdTokenInvalid("its parts are not JSON objects")
    return value


def _bytes(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        raise IdTokenInvalid("its parts are not base64url") from None
