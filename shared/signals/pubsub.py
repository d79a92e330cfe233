"""The `signals` topic: what one process publishes at the same time leaves in one call."""

import asyncio
from collections.abc import Sequence
from typing import Any

import grpc
import orjson
from google.pubsub_v1.services.publisher.transports import PublisherGrpcAsyncIOTransport
from google.pubsub_v1.types import PublishRequest

from shared.runtime.batches import Batches
from shared.runtime.settings import Settings
from shared.signals.durable import NotConfirmed
from shared.signals.message import encode_signals
from shared.signals.signal import Signal

# Pub/Sub takes 10 MB in one call, and a request's body is at most 64 KB.
_MOST_MESSAGES = 100
_SECONDS = 3.0
_CHECK_SECONDS = 1.0
# By itself gRPC waits up to two minutes before it calls again where a call found nobody.
_BACK_SOON = [
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
]

_Request = PublishRequest.pb()


class SignalsTopic:
    """Publishes on the event loop itself, through the official client's transport.

    The official client's batching starts two threads a batch and waits for more: here that was
    three times the CPU of the call, and 2 ms of every request.
    """

    def __init__(self, settings: Settings) -> None:
        self._transport = PublisherGrpcAsyncIOTransport(channel=_channel(settings))
        self._publish: Any = self._transport.publish
        self._topic = f"projects/{settings.project}/topics/signals"
        self._group: Batches[bytes, str] = Batches(self._call, _MOST_MESSAGES, _SECONDS)

    async def publish(self, signals: Sequence[Signal]) -> str:
        """Publish one message of these signals; return the id that Pub/Sub confirmed it with.

        Raises NotConfirmed where it is not confirmed within three seconds.
        """
        message = orjson.dumps(encode_signals(signals))
        try:
            async with asyncio.timeout(_SECONDS):
                (confirmed,) = await self._group.commit([message])
        except (grpc.RpcError, TimeoutError) as error:
            raise NotConfirmed(repr(error)) from error
        return confirmed

    async def check(self) -> None:
        """Raise where Pub/Sub cannot be reached; a publisher's role allows no call to ask more."""
        async with asyncio.timeout(_CHECK_SECONDS):
            await self._transport.grpc_channel.channel_ready()

    async def _call(self, messages: Sequence[bytes]) -> Sequence[str]:
        # The protobuf class itself: proto-plus costs as much as the call.
        request = _Request(topic=self._topic)
        for message in messages:
            request.messages.add(data=message)
        answer = await self._publish(PublishRequest.wrap(request), timeout=_SECONDS)
        return list(answer.message_ids)


def _channel(settings: Settings) -> grpc.aio.Channel:
    emulator = settings.get("PUBSUB_EMULATOR_HOST")
    if emulator:
        return grpc.aio.insecure_channel(emulator, options=_BACK_SOON)
    host = PublisherGrpcAsyncIOTransport.DEFAULT_HOST
    return PublisherGrpcAsyncIOTransport.create_channel(host, options=_BACK_SOON)
