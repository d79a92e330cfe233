"""Owns google.pubsub.v1.Subscriber/StreamingPull."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from grpc import StatusCode

from emulators.pubsub import messages
from emulators.pubsub.broker import Broker
from emulators.pubsub.errors import ArgumentInvalid
from emulators.pubsub.puller import Reader
from emulators.pubsub.pulling import acknowledge, modify, puller_of, received_message
from emulators.pubsub.subscription import Subscription
from emulators.skeleton.grpc_server import RpcError, Stream, Unary


class Streaming:
    """The streaming pull: messages as they come, acknowledgements on the same stream or not."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def methods(self) -> Mapping[str, Unary | Stream]:
        """Path -> handler, for the gRPC server."""
        path = "/google.pubsub.v1.Subscriber/StreamingPull"
        return {path: Stream(messages.StreamingPullRequest, self._stream)}

    async def _stream(self, requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
        first = await anext(requests, None)
        if first is None:
            return
        subscription = self._broker.subscription(first.subscription)
        puller = puller_of(subscription)
        reader = Reader(
            first.max_outstanding_messages,
            first.max_outstanding_bytes,
            _checked_deadline(first.stream_ack_deadline_seconds),
        )
        listening = asyncio.create_task(_listen(subscription, requests, reader))
        listening.add_done_callback(lambda _: reader.close())
        puller.open(reader)
        try:
            yield _response(subscription, [])
            while not reader.closed:
                await reader.news()
                if batch := reader.unsent():
                    yield _response(subscription, batch)
        finally:
            puller.leave(reader)
            listening.cancel()
            await asyncio.wait((listening,))
        if listening.cancelled():  # it is the subscription that ended: the client asks again
            text = "The service was unable to fulfill your request. Please try again."
            raise RpcError(StatusCode.UNAVAILABLE, text)
        listening.result()


async def _listen(subscription: Subscription, requests: AsyncIterator[Any], reader: Reader) -> None:
    """Carries out what the client says on the stream until it closes its side."""
    async for request in requests:
        if request.stream_ack_deadline_seconds:
            reader.lease_s = _checked_deadline(request.stream_ack_deadline_seconds)
        acknowledge(subscription, request.ack_ids)
        deadlines = zip(
            request.modify_deadline_ack_ids, request.modify_deadline_seconds, strict=False
        )
        for id, deadline_s in deadlines:
            modify(subscription, [id], deadline_s)


def _response(subscription: Subscription, batch: Any) -> Any:
    response = messages.StreamingPullResponse(
        received_messages=[received_message(subscription, delivery) for delivery in batch]
    )
    ordered = subscription.options.enable_message_ordering
    response.subscription_properties.message_ordering_enabled = ordered
    return response


def _checked_deadline(deadline_s: int) -> int:
    if not 10 <= deadline_s <= 600:
        raise ArgumentInvalid("stream_ack_deadline_seconds must be between 10 and 600 seconds")
    return deadline_s
