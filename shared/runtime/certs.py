"""The public keys that Google signs ID tokens with, fetched when needed and kept while fresh."""

import asyncio
import json
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate

from shared.runtime import log
from shared.runtime.errors import TryAgain

_TIMEOUT_S: Final = 5.0
_MAX_BYTES: Final = 65_536
_DEFAULT_AGE_S: Final = 3_600.0
_MAX_AGE_S: Final = 86_400.0
_BETWEEN_FETCHES_S: Final = 10.0
_REMEMBERED: Final = 64
_MAX_AGE: Final = re.compile(r"max-age=(\d{1,9})")


Signed = tuple[bytes, bytes]
"""What was signed, and the signature."""


class CertsUnreachable(TryAgain):
    """The signing keys could not be fetched, so that no caller can be checked now."""

    title = "Signing keys unreachable"

    def __init__(self) -> None:
        super().__init__("The keys to check the caller with cannot be fetched; try again later.")


class Certs:
    """Google's signing keys by key id.

    At most one fetch is under way, in a thread; a new key id causes one fetch, and no two fetches
    begin within ten seconds. While the keys cannot be fetched, those already held still count.
    """

    def __init__(self, url: str, seconds: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._seconds = seconds
        self._keys: Mapping[str, RSAPublicKey] = {}
        self._fresh_until = self._next_fetch = float("-inf")
        self._fetching: asyncio.Task[None] | None = None
        self._proven: OrderedDict[Signed, RSAPublicKey] = OrderedDict()

    def has_proven(self, token: Signed, key: RSAPublicKey) -> bool:
        """Whether the signature was found to be this key's before."""
        return self._proven.get(token) is key

    def remember(self, token: Signed, key: RSAPublicKey) -> None:
        """Keep that the signature is the key's: senders use one token for up to an hour."""
        self._proven[token] = key
        if len(self._proven) > _REMEMBERED:
            self._proven.popitem(last=False)

    async def find(self, kid: str) -> RSAPublicKey | None:
        """The key with this id, None where Google names no such key; raises CertsUnreachable."""
        if kid not in self._keys or self._seconds() >= self._fresh_until:
            await self._refresh()
        if not self._keys:
            raise CertsUnreachable
        return self._keys.get(kid)

    async def _refresh(self) -> None:
        if self._fetching is None or self._fetching.done():
            if self._seconds() < self._next_fetch:
                return
            self._next_fetch = self._seconds() + _BETWEEN_FETCHES_S
            self._fetching = asyncio.create_task(self._fetch())
        # Shielded: one caller that goes away must not end the fetch for the others.
        await asyncio.shield(self._fetching)

    async def _fetch(self) -> None:
        try:
            body, age = await asyncio.to_thread(_download, self._url)
            self._keys = _read_keys(body)
            self._fresh_until = self._seconds() + age
        except (OSError, HTTPException, TypeError, ValueError, UnsupportedAlgorithm) as error:
            log.event("certs.unreachable", url=self._url, error=repr(error))


@cache
def certs_at(url: str) -> Certs:
    """Keys of one address, kept for the life of the process."""
    return Certs(url)


def _download(url: str) -> tuple[bytes, float]:
    """Body and seconds of freshness.

    By http.client, which the framework has loaded already, and which follows neither a redirect
    nor a proxy variable: neither may decide whose keys are believed.
    """
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    with closing(kind(parts.netloc, timeout=_TIMEOUT_S)) as connection:
        connection.request("GET", parts.path or "/", headers={"Accept": "application/json"})
        response = connection.getresponse()
        # More than this is cut, and then no JSON.
        body = response.read(_MAX_BYTES)
        if response.status != 200:
            raise ValueError(f"status {response.status}")
        return body, _freshness(response.headers.get("Cache-Control", ""))


def _freshness(cache_control: str) -> float:
    found = _MAX_AGE.search(cache_control)
    return min(float(found[1]), _MAX_AGE_S) if found else _DEFAULT_AGE_S


def _read_keys(body: bytes) -> dict[str, RSAPublicKey]:
    certificates = json.loads(body)
    if not isinstance(certificates, dict) or not certificates:
        raise TypeError("the signing keys are not a JSON object of certificates")
    return {kid: _public_key(pem) for kid, pem in certificates.items()}


def _public_key(pem: object) -> RSAPublicKey:
    if not isinstance(pem, str):
        raise TypeError("a certificate is not PEM text")
    key = load_pem_x509_certificate(pem.encode()).public_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < 2048:
        raise ValueError("a signing key is not RSA of at least 2048 bits")
    return key
