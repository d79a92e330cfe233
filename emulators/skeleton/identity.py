"""Owns the key that stands in for Google's: signs OIDC tokens and publishes its certificate."""

import datetime
import hashlib
import json
import os
from base64 import urlsafe_b64encode
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from emulators.skeleton.clock import Clock

ISSUER = "https://accounts.google.com"
LIFETIME_S = 3600
RENEW_BEFORE_S = 300
KEY_FILE = "identity.pem"


class Identity:
    """An RS256 key kept as PEM in the data folder, made on first use."""

    def __init__(self, data_dir: Path, clock: Clock) -> None:
        self._clock = clock
        self._key = _load_or_make(data_dir / KEY_FILE)
        self._issued: dict[tuple[str, str, str], tuple[int, str]] = {}

    def sign_id_token(self, email: str, audience: str, subject: str | None = None) -> str:
        """A JWT with the claims of Google's ID tokens for a service account, valid for one hour.

        Tokens are reused while more than five minutes are left, as Google's own senders do.
        `subject` is the account's numeric id; by default one derived from the e-mail.
        """
        subject = subject or subject_of(email)
        now = int(self._clock.now())
        issued_at, token = self._issued.get((email, audience, subject), (0, ""))
        if not 0 <= now - issued_at < LIFETIME_S - RENEW_BEFORE_S:
            token = self._sign(_claims(email, audience, subject, now))
            self._issued[email, audience, subject] = (now, token)
        return token

    def certificates(self) -> dict[str, str]:
        """Key id -> X.509 certificate in PEM, as Google's /oauth2/v1/certs answers."""
        return {self.key_id: self._certificate}

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public key as a JSON Web Key Set, as Google's /oauth2/v3/certs answers."""
        numbers = self._key.public_key().public_numbers()
        key = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": self.key_id}
        return {"keys": [key | {"n": _base64_int(numbers.n), "e": _base64_int(numbers.e)}]}

    @cached_property
    def key_id(self) -> str:
        """Forty hex digits that name the key: the hash of its public half."""
        public = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return hashlib.sha256(public).hexdigest()[:40]

    @cached_property
    def _certificate(self) -> str:
        # Wide validity: the stack's clock may be set to any day.
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "emulated.accounts")])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._key.public_key())
            .serial_number(int(self.key_id[:16], 16) + 1)
            .not_valid_before(datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC))
            .not_valid_after(datetime.datetime(2049, 12, 31, tzinfo=datetime.UTC))
            .sign(self._key, hashes.SHA256())
        )
        return certificate.public_bytes(serialization.Encoding.PEM).decode()

    def _sign(self, claims: dict[str, Any]) -> str:
        header = {"alg": "RS256", "kid": self.key_id, "typ": "JWT"}
        signed = f"{_base64_json(header)}.{_base64_json(claims)}"
        signature = self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_base64(signature)}"


def subject_of(email: str) -> str:
    """The 21-digit id that stands in for the account's unique id."""
    return f"1{int(hashlib.sha256(email.encode()).hexdigest(), 16) % 10**20:020d}"


def _claims(email: str, audience: str, subject: str, now: int) -> dict[str, Any]:
    return {
        "aud": audience,
        "azp": subject,
        "email": email,
        "email_verified": True,
        "exp": now + LIFETIME_S,
        "iat": now,
        "iss": ISSUER,
        "sub": subject,
    }


def _load_or_make(path: Path) -> rsa.RSAPrivateKey:
    if path.exists():
        # Our own file: checking its primes would take longer than all the rest of a start.
        key = serialization.load_pem_private_key(
            path.read_bytes(), password=None, unsafe_skip_rsa_key_validation=True
        )
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError(f"{path.name} holds no RSA key; remove it and start again.")
        return key
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
    part.replace(path)
    return key


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _base64_json(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64_int(value: int) -> str:
    return _base64(value.to_bytes((value.bit_length() + 7) // 8, "big"))
