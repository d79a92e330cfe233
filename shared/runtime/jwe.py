"""JWE compact serialisation with a direct key, in the two encryptions that NextAuth writes."""

import base64
import binascii
import hmac
import json
import os
import re
from collections.abc import Mapping
from typing import Any, Final, Literal, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

ContentEncryption = Literal["A256GCM", "A256CBC-HS512"]

KEY_BYTES: Final[Mapping[ContentEncryption, int]] = {"A256GCM": 32, "A256CBC-HS512": 64}
_IV_BYTES: Final[Mapping[ContentEncryption, int]] = {"A256GCM": 12, "A256CBC-HS512": 16}
_TAG_BYTES: Final[Mapping[ContentEncryption, int]] = {
    "A256GCM": 16,
    "A256CBC-HS512": 32,
}
_HEADER_MEMBERS: Final = frozenset({"alg", "enc", "kid", "typ"})
_MAX_HEADER: Final = 512
_SEGMENT: Final = re.compile(r"[A-Za-z0-9_-]*")


class Malformed(Exception):
    """The text is not a JWE of the one shape read here."""


class Sealed:
    """One parsed, still encrypted JWE: `enc` is what its header says, nothing is trusted yet."""

    __slots__ = ("_aad", "_ciphertext", "_iv", "_tag", "enc")

    def __init__(self, token: str) -> None:
        """Take a compact JWE apart; raises Malformed.

        Members that would change the meaning (`zip`, `crit`, `cty`, ...) are refused: NextAuth
        writes none of them, and a compressed payload could grow without bound.
        """
        parts = token.split(".")
        if len(parts) != 5 or not all(_SEGMENT.fullmatch(part) for part in parts):
            raise Malformed("a compact JWE has five base64url parts")
        header = _header(parts[0])
        if parts[1]:
            raise Malformed("a direct key leaves the second part empty")
        self.enc: ContentEncryption = header
        self._aad = parts[0].encode()
        self._iv, self._ciphertext, self._tag = (_from_base64url(part) for part in parts[2:])
        if len(self._iv) != _IV_BYTES[header] or len(self._tag) != _TAG_BYTES[header]:
            raise Malformed("the initialisation vector or the tag has the wrong length")

    def open(self, key: bytes) -> bytes | None:
        """Plaintext, or None where `key` did not seal it. `key` has KEY_BYTES[enc] bytes."""
        if self.enc == "A256GCM":
            try:
                return AESGCM(key).decrypt(self._iv, self._ciphertext + self._tag, self._aad)
            except InvalidTag:
                return None
        tag = _cbc_tag(key, self._aad, self._iv, self._ciphertext)
        if not hmac.compare_digest(tag, self._tag):
            return None
        return _cbc_decrypt(key, self._iv, self._ciphertext)


def seal(plaintext: bytes, key: bytes, header: Mapping[str, str]) -> str:
    """Compact JWE of `plaintext` under a fresh random vector; `header` holds alg, enc and kid."""
    enc: ContentEncryption = "A256GCM" if header["enc"] == "A256GCM" else "A256CBC-HS512"
    protected = to_base64url(json.dumps(dict(header), separators=(",", ":")).encode())
    iv = os.urandom(_IV_BYTES[enc])
    if enc == "A256GCM":
        sealed = AESGCM(key).encrypt(iv, plaintext, protected.encode())
        ciphertext, tag = sealed[:-16], sealed[-16:]
    else:
        padder = PKCS7(128).padder()
        encryptor = Cipher(AES256(key[32:]), CBC(iv)).encryptor()
        padded = padder.update(plaintext) + padder.finalize()
        ciphertext = encryptor.update(padded) + encryptor.finalize()
        tag = _cbc_tag(key, protected.encode(), iv, ciphertext)
    return ".".join([protected, "", *(to_base64url(part) for part in (iv, ciphertext, tag))])


def strict_object(text: bytes) -> dict[str, Any]:
    """A JSON object without NaN, infinities or repeated members; raises Malformed."""
    try:
        value = json.loads(text, parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise Malformed("not a JSON object") from None
    if not isinstance(value, dict):
        raise Malformed("not a JSON object")
    return value


def to_base64url(raw: bytes) -> str:
    """base64url without padding, as RFC 7515 has it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _header(segment: str) -> ContentEncryption:
    if len(segment) > _MAX_HEADER:
        raise Malformed("the header is too long")
    header = strict_object(_from_base64url(segment))
    enc = header.get("enc")
    if header.get("alg") != "dir" or header.keys() - _HEADER_MEMBERS:
        raise Malformed("the header asks for something else than a direct key")
    if enc == "A256GCM":
        return "A256GCM"
    if enc == "A256CBC-HS512":
        return "A256CBC-HS512"
    raise Malformed("the content encryption is not one that NextAuth writes")


def _cbc_tag(key: bytes, aad: bytes, iv: bytes, ciphertext: bytes) -> bytes:
    """Tag of A256CBC-HS512 (RFC 7518, 5.2.2.1): the first half of an HMAC-SHA-512."""
    length = (len(aad) * 8).to_bytes(8, "big")
    return hmac.digest(key[:32], aad + iv + ciphertext + length, "sha512")[:32]


def _cbc_decrypt(key: bytes, iv: bytes, ciphertext: bytes) -> bytes | None:
    try:
        decryptor = Cipher(AES256(key[32:]), CBC(iv)).decryptor()
        unpadder = PKCS7(128).unpadder()
        padded = decryptor.update(ciphertext) + decryptor.finalize()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        # Sealed by a holder of the key, but not in whole padded blocks.
        return None


def _from_base64url(segment: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except binascii.Error:
        raise Malformed("a part is not base64url") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("repeated member")
    return members


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
