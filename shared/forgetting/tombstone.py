"""The mark that a person who left leaves behind: an HMAC, which names nobody."""

import hashlib
import hmac

from shared.runtime.errors import Refusal
from shared.runtime.settings import Settings


class PersonForgotten(Refusal):
    """The person left; nothing of theirs is taken any more."""

    status = 410
    title = "Person forgotten"

    def __init__(self) -> None:
        super().__init__("This account was deleted and cannot be used again; sign up anew.")


class Tombstones:
    """Makes marks with the key TOMBSTONE_KEY, which stands in Secret Manager and in no table."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings["TOMBSTONE_KEY"].encode()

    def mark(self, user_id: str) -> bytes:
        """Return the 32-byte HMAC-SHA256 of the id."""
        return hmac.digest(self._key, user_id.encode(), hashlib.sha256)
