"""Session tokens as a frontend with NextAuth v4 makes them."""

import base64
import json
import os
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAX_AGE_S = 30 * 24 * 3600
_INFO = b"NextAuth.js Generated Encryption Key"
_TAG = 16


class Frontend:
    """Holds NEXTAUTH_SECRET and signs travellers in; of `new,old` secrets it takes the new one."""

    def __init__(self, secret: str) -> None:
        newest = secret.split(",", maxsplit=1)[0].strip()
        self._key = AESGCM(HKDF(SHA256(), 32, b"", _INFO).derive(newest.encode()))

    def session_token(self, user: str, now: float) -> str:
        """A compact JWE (`dir`, `A256GCM`) for the user, good for thirty days from `now`."""
        issued = int(now)
        claims = {"sub": user, "iat": issued, "exp": issued + MAX_AGE_S, "jti": str(uuid4())}
        header = _segment(b'{"alg":"dir","enc":"A256GCM"}')
        iv = os.urandom(12)
        sealed = self._key.encrypt(iv, json.dumps(claims).encode(), header.encode())
        parts = (iv, sealed[:-_TAG], sealed[-_TAG:])
        return ".".join([header, "", *(_segment(part) for part in parts)])


def _segment(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
