"""Decides what a repeated request gets: the stored answer, a refusal, or a try of its own.

The header is `Idempotency-Key`, as in the IETF draft draft-ietf-httpapi-idempotency-key-header.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.runtime.errors import Refusal

HEADER = "idempotency-key"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class IdempotencyKeyMalformed(Refusal):
    """The header is empty, too long or not printable."""

    title = "Idempotency-Key malformed"

    def __init__(self) -> None:
        super().__init__(
            "Send an Idempotency-Key of 1 to 255 printable characters, such as a UUID."
        )


class IdempotencyKeyReused(Refusal):
    """The key came before with another body."""

    status = 422
    title = "Idempotency-Key reused"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The Idempotency-Key {key} was used with another body; "
            "send a new key with a new request."
        )


class RequestInProgress(Refusal):
    """The first request with this key has not been answered yet."""

    status = 409
    title = "Request in progress"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The request with Idempotency-Key {key} is still being worked on; "
            "send it again in a few seconds."
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry out a request once: whose, under which route and key, which attempt."""

    user_id: str
    route: str
    key: str
    request_sha256: bytes
    attempt: UUID


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The answer that the first request got."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is stored under a key: whose attempt holds it, and the answer once there is one."""

    request_sha256: bytes
    attempt: UUID
    locked_until: datetime
    answer: StoredAnswer | None


def read_key(headers: Mapping[str, str]) -> str | None:
    """Return the request's key, or None without one; raise IdempotencyKeyMalformed."""
    key = headers.get(HEADER)
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyMalformed
    return key


def make_claim(user_id: str, route: str, key: str, body: bytes, attempt: UUID) -> Claim:
    """Return the claim of this request; the body counts by its sha256."""
    return Claim(user_id, route, key, hashlib.sha256(body).digest(), attempt)


def judge(claim: Claim, standing: Standing) -> StoredAnswer | None:
    """Return the stored answer to replay, or None where the claim itself stands.

    Raises IdempotencyKeyReused for another body and RequestInProgress while another attempt runs.
    """
    if standing.request_sha256 != claim.request_sha256:
        raise IdempotencyKeyReused(claim.key)
    if standing.answer is not None:
        return standing.answer
    if standing.attempt != claim.attempt:
        raise RequestInProgress(claim.key)
    return None
