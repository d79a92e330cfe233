"""Lets a person leave: every store forgets them, the answers they gave stay as nobody's."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from shared.outbox.message import Message
from shared.runtime import log

KEPT: Final = (
    "What was planned and answered stays for training, each trip under a random name of its own "
    "that is stored nowhere else, with the day as its only time."
)
# The next night writes the affected files anew, and the old ones are deleted seven days later.
_REWRITTEN: Final = timedelta(days=8)
_SEND_SECONDS = 0.3


class Ledger(Protocol):
    """The one transaction that a leaving is."""

    async def erase(self, user_id: str, farewell: Message, at: datetime) -> Mapping[str, int]:
        """Erase the person and promise the farewell, or nothing; return counts by store.

        Raises PersonForgotten where the person has left already.
        """

    async def send(self, messages: Sequence[Message], cap_seconds: float, at: datetime) -> None:
        """Send what the transaction promised; what does not leave in time is relayed later."""


async def forget(
    user_id: str, at: datetime, receipt_id: UUID, farewell_id: UUID, ledger: Ledger
) -> dict[str, Any]:
    """Return the receipt; the reply is its only copy, and a log line holds its id and no other.

    Raises PersonForgotten: of two requests at once, one gets the receipt.
    """
    left_on = at.astimezone(UTC).date()
    # Other repositories heard the person's id with `trip-generated` and have to forget it too.
    farewell = Message(
        id=farewell_id,
        kind="topic",
        target="traveller-left",
        payload={"user_id": user_id},
        deleted_once_sent=True,
    )
    erased = await ledger.erase(user_id, farewell, at)
    await ledger.send([farewell], _SEND_SECONDS, at)
    log.event("traveller.left", receipt_id=str(receipt_id))
    return {
        "receipt_id": str(receipt_id),
        "left_on": left_on.isoformat(),
        "erased": dict(erased),
        "kept": KEPT,
        "training_files_rewritten_by": (left_on + _REWRITTEN).isoformat(),
    }
