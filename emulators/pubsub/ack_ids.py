"""Owns ack ids: which delivery of which subscription a subscriber speaks of."""

import re
from collections.abc import Iterable

from emulators.pubsub.backlog import Delivery
from emulators.pubsub.errors import ArgumentInvalid
from emulators.pubsub.subscription import Subscription

_SHAPE = re.compile(r"(\d{1,18})-(\d{1,18})-(\d{1,9})")


def ack_id(subscription: Subscription, delivery: Delivery) -> str:
    """The id that the subscriber gets with this attempt."""
    return f"{subscription.id}-{delivery.id}-{delivery.failures}"


def to_acknowledge(subscription: Subscription, ids: Iterable[str]) -> list[Delivery]:
    """The deliveries named, late ones included. Those already gone are left out."""
    found = (subscription.backlog.by_id.get(message) for message, _ in _parsed(subscription, ids))
    return [delivery for delivery in found if delivery]


def still_leased(subscription: Subscription, ids: Iterable[str]) -> list[Delivery]:
    """The deliveries named that are out under exactly this id; a late id changes nothing."""
    parsed = _parsed(subscription, ids)
    found = ((subscription.backlog.by_id.get(message), attempt) for message, attempt in parsed)
    return [
        delivery
        for delivery, attempt in found
        if delivery and delivery.lease is not None and delivery.failures == attempt
    ]


def _parsed(subscription: Subscription, ids: Iterable[str]) -> list[tuple[int, int]]:
    parsed = []
    for id in ids:
        shape = _SHAPE.fullmatch(id)
        if shape is None:
            raise ArgumentInvalid(
                f"You have passed an invalid ack ID to the service (ack_id={id})."
            )
        if int(shape[1]) == subscription.id:
            parsed.append((int(shape[2]), int(shape[3])))
    return parsed
