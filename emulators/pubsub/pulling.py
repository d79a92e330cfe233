"""Owns the unary pull calls of google.pubsub.v1.Subscriber."""

import asyncio
from collections.abc import Mapping
from typing import Any

from emulators.pubsub import messages
from emulators.pubsub.ack_ids import ack_id, still_leased, to_acknowledge
from emulators.pubsub.backlog import Delivery
from emulators.pubsub.broker import Broker
from emulators.pubsub.errors import ArgumentInvalid, WrongKind
from emulators.pubsub.puller import Puller, Reader
from emulators.pubsub.subscription import Subscription
from emulators.skeleton.grpc_server import Stream, Unary

SERVICE = "/google.pubsub.v1.Subscriber"
WAIT_S = 20.0
MAX_DEADLINE_S = 600


class Pulling:
    """Pull, Acknowledge and ModifyAckDeadline."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def methods(self) -> Mapping[str, Unary | Stream]:
        """Path -> handler, for the gRPC server."""
        return {
            f"{SERVICE}/Pull": Unary(messages.PullRequest, self._pull),
            f"{SERVICE}/Acknowledge": Unary(messages.AcknowledgeRequest, self._acknowledge),
            f"{SERVICE}/ModifyAckDeadline": Unary(
                messages.ModifyAckDeadlineRequest, self._modify_ack_deadline
            ),
        }

    async def _pull(self, request: Any) -> Any:
        subscription = self._broker.subscription(request.subscription)
        puller = puller_of(subscription)
        if request.max_messages <= 0:
            raise ArgumentInvalid(
                "You have passed an invalid argument to the service (argument=max_messages)."
            )
        reader = Reader(request.max_messages)
        puller.open(reader)
        try:
            if not request.return_immediately:
                await _wait(reader)
            batch = reader.unsent()
        finally:
            puller.leave(reader)
        received = [received_message(subscription, delivery) for delivery in batch]
        return messages.PullResponse(received_messages=received)

    async def _acknowledge(self, request: Any) -> Any:
        subscription = self._broker.subscription(request.subscription)
        puller_of(subscription)
        check_ack_ids(request.ack_ids)
        acknowledge(subscription, request.ack_ids)
        await self._broker.ledger.commit()
        return messages.Empty()

    async def _modify_ack_deadline(self, request: Any) -> Any:
        subscription = self._broker.subscription(request.subscription)
        puller_of(subscription)
        check_ack_ids(request.ack_ids)
        modify(subscription, request.ack_ids, request.ack_deadline_seconds)
        return messages.Empty()


def puller_of(subscription: Subscription) -> Puller:
    """What readers of the subscription join. Raises WrongKind for one that pushes."""
    if not isinstance(subscription.deliverer, Puller):
        raise WrongKind
    return subscription.deliverer


def received_message(subscription: Subscription, delivery: Delivery) -> Any:
    """The ReceivedMessage for one delivery."""
    return messages.ReceivedMessage(
        ack_id=ack_id(subscription, delivery),
        message=delivery.message,
        delivery_attempt=subscription.attempt(delivery) or 0,
    )


def acknowledge(subscription: Subscription, ids: Any) -> None:
    """Acknowledges what `ids` name and lets waiting readers have the room."""
    for delivery in to_acknowledge(subscription, ids):
        subscription.ack(delivery)
    subscription.wake()


def modify(subscription: Subscription, ids: Any, deadline_s: int) -> None:
    """Extends leases to `deadline_s` from now; 0 gives the messages back as failed."""
    if not 0 <= deadline_s <= MAX_DEADLINE_S:
        raise ArgumentInvalid(
            f"Invalid ack deadline given (ack_deadline={deadline_s}). "
            f"The ack deadline must be between 0 and {MAX_DEADLINE_S} seconds."
        )
    for delivery in still_leased(subscription, ids):
        if deadline_s:
            subscription.lease(delivery, deadline_s)
        else:
            subscription.nack(delivery)
    subscription.wake()


def check_ack_ids(ids: Any) -> None:
    """Refuses a request that names none."""
    if not ids:
        raise ArgumentInvalid("You have not specified an ack ID in the request.")


async def _wait(reader: Reader) -> None:
    try:
        await asyncio.wait_for(reader.news(), WAIT_S)
    except TimeoutError:
        return
