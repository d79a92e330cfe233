"""A dead letter: a message that Pub/Sub gave up delivering, and where a replay sends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from shared.runtime.envelopes import Delivery
from shared.runtime.errors import Refusal

# What Pub/Sub adds to a message that it hands to a dead-letter topic (docs: handle failures).
_ADDED: Final = "CloudPubSubDeadLetterSource"
_LETTERS: Final = UUID("0f6d0d52-9f0a-4a8e-8a4b-2a8f5a1f7c31")


class NoDeadLetter(Refusal):
    """A message on the dead-letter topic that no subscription of ours gave up."""

    status = 422
    title = "No dead letter"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message as it was published, who could not take it, and after how many deliveries."""

    id: UUID
    topic: str
    function: str
    payload: Mapping[str, Any]
    attributes: Mapping[str, str]
    reason: str
    parked_at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that can never be taken, and why."""

    id: UUID
    function: str
    reason: str
    parked_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many letters wait for a replay, and how many messages were refused for good."""

    waiting: int
    refused: int


def read_dead_letter(delivery: Delivery, at: datetime) -> DeadLetter:
    """Return the letter in a delivery of a dead-letter topic; raise NoDeadLetter.

    Its id follows from the message's, so that one delivered twice is one letter. Our subscriptions
    are named `<topic>-to-<service>`.
    """
    subscription = delivery.attributes.get(f"{_ADDED}Subscription", "")
    topic, joint, service = subscription.partition("-to-")
    if not (topic and joint and service):
        raise NoDeadLetter(f"The message names no subscription of ours ({subscription!r}).")
    count = delivery.attributes.get(f"{_ADDED}DeliveryCount", "?")
    return DeadLetter(
        id=uuid5(_LETTERS, delivery.id),
        topic=topic,
        function=service.replace("-", "_"),
        payload=delivery.payload,
        attributes={
            name: value
            for name, value in delivery.attributes.items()
            if not name.startswith(_ADDED)
        },
        reason=f"{service} did not take it in {count} deliveries.",
        parked_at=at,
    )
