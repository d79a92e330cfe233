"""NextAuth v4 and Auth.js v5 session tokens: made, and checked for who holds them."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha512
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.runtime.jwe import KEY_BYTES, Malformed, Sealed, seal, strict_object, to_base64url
from shared.runtime.session_cookies import V5_COOKIES, V5Cookie, find_token
from shared.runtime.session_errors import (
    TokenExpired,
    TokenForged,
    TokenMissing,
    TokenRefused,
    TokenUnreadable,
    TokenWithoutSubject,
)

__all__ = [
    "Claims",
    "SecretUnusable",
    "TokenExpired",
    "TokenForged",
    "TokenMissing",
    "TokenRefused",
    "TokenUnreadable",
    "TokenWithoutSubject",
    "decode",
    "encode_v4",
    "encode_v5",
    "find_token",
    "secrets_of",
]

MAX_TOKEN: Final = 16_384
_CLOCK_TOLERANCE_S: Final = 15
_MIN_SECRET: Final = 16
_SUBJECT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@|+-]{0,127}")


class SecretUnusable(ValueError):
    """NEXTAUTH_SECRET cannot be used: a fault of the deployment, not of the caller."""

    def __init__(self) -> None:
        super().__init__(
            f"NEXTAUTH_SECRET needs at least {_MIN_SECRET} characters, "
            "and a comma only between a new and an old secret."
        )


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token proves: the user's id, and until when in unix seconds.

    A role claim is ignored on purpose: the role is a column of `users`.
    """

    sub: str
    exp: float


def encode_v4(claims: Mapping[str, Any], secret: str) -> str:
    """NextAuth v4 token (`dir`, `A256GCM`); `decode` takes it where `claims` have sub and exp."""
    key = _v4_key(secrets_of(secret)[0])
    return seal(_json(claims), key, {"alg": "dir", "enc": "A256GCM"})


def encode_v5(claims: Mapping[str, Any], secret: str, cookie_name: V5Cookie) -> str:
    """Auth.js v5 token (`dir`, `A256CBC-HS512`) for one cookie, with the kid that v5 looks up."""
    key = _v5_key(secrets_of(secret)[0], cookie_name)
    header = {"alg": "dir", "enc": "A256CBC-HS512", "kid": _thumbprint(key)}
    return seal(_json(claims), key, header)


def decode(token: str, secret: str, now: float) -> Claims:
    """Claims of a v4 or v5 token at `now` (unix seconds); raises a TokenRefused.

    `secret` is NEXTAUTH_SECRET: each of its secrets is tried, newest first, and for v5 both cookie
    names as salt, because a bearer token does not tell which cookie it was made for.
    """
    if len(token) > MAX_TOKEN:
        raise TokenUnreadable
    try:
        sealed = Sealed(token)
    except Malformed:
        raise TokenUnreadable from None
    for key in _keys(sealed, secret):
        if (plaintext := sealed.open(key)) is not None:
            return _claims(plaintext, now)
    raise TokenForged


def secrets_of(setting: str) -> Sequence[str]:
    """The secrets in NEXTAUTH_SECRET, newest first: `new,old` while one replaces the other.

    Raises SecretUnusable where one is shorter than 16 characters.
    """
    secrets = [secret.strip() for secret in setting.split(",")]
    if any(len(secret) < _MIN_SECRET for secret in secrets):
        raise SecretUnusable
    return secrets


def _keys(sealed: Sealed, setting: str) -> Iterator[bytes]:
    # The whole setting too: where the frontend has one secret with a comma in it, that is the key.
    for secret in dict.fromkeys((setting, *secrets_of(setting))):
        if sealed.enc == "A256GCM":
            yield _v4_key(secret)
        else:
            yield from (_v5_key(secret, name) for name in V5_COOKIES)


def _v4_key(secret: str) -> bytes:
    return _derived(secret, "", "NextAuth.js Generated Encryption Key", KEY_BYTES["A256GCM"])


def _v5_key(secret: str, cookie_name: V5Cookie) -> bytes:
    info = f"Auth.js Generated Encryption Key ({cookie_name})"
    return _derived(secret, cookie_name, info, KEY_BYTES["A256CBC-HS512"])


@lru_cache(maxsize=16)
def _derived(secret: str, salt: str, info: str, length: int) -> bytes:
    return HKDF(SHA256(), length, salt.encode(), info.encode()).derive(secret.encode())


def _thumbprint(key: bytes) -> str:
    """SHA-512 thumbprint (RFC 7638) of a symmetric key: how v5 picks among several secrets."""
    jwk = json.dumps({"k": to_base64url(key), "kty": "oct"}, separators=(",", ":"))
    return to_base64url(sha512(jwk.encode()).digest())


def _claims(plaintext: bytes, now: float) -> Claims:
    try:
        payload = strict_object(plaintext)
    except Malformed:
        raise TokenUnreadable from None
    begin, end = _instant(payload.get("nbf", 0)), _instant(payload.get("exp"))
    if begin is None or end is None:
        raise TokenExpired
    if not begin - _CLOCK_TOLERANCE_S <= now < end + _CLOCK_TOLERANCE_S:
        raise TokenExpired
    subject = payload.get("sub")
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise TokenWithoutSubject
    return Claims(subject, end)


def _instant(value: object) -> float | None:
    """A claim in unix seconds; None where it is no finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def _json(claims: Mapping[str, Any]) -> bytes:
    return json.dumps(dict(claims), separators=(",", ":")).encode()
