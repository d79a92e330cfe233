"""Publishes on Pub/Sub topics and confirms each message."""

import asyncio
from typing import Any

import grpc
import orjson
from google.api_core.exceptions import InvalidArgument, NotFound
from google.cloud import pubsub_v1  # type: ignore[attr-defined]

from shared.outbox.message import Message
from shared.outbox.send import SendRefused
from shared.runtime.settings import Settings

_RPC_SECONDS = 5.0


class Topics:
    """The project's topics, through the official client, which batches what comes together."""

    def __init__(self, settings: Settings) -> None:
        # 2 ms is enough to gather a burst into one RPC and too little to be felt by one request.
        batching = pubsub_v1.types.BatchSettings(max_latency=0.002, max_messages=200)
        self._client = pubsub_v1.PublisherClient(batch_settings=batching)
        self._prefix = f"projects/{settings.project}/topics/"

    async def send(self, message: Message) -> None:
        """Publish on the message's topic; returns once Pub/Sub confirmed it.

        Raises SendRefused for a topic that does not exist or a message it refuses, and
        google.api_core's errors for what may pass.
        """
        await self.publish(message.target, orjson.dumps(message.payload), dict(message.attributes))

    async def publish(self, topic: str, data: bytes, attributes: dict[str, str]) -> str:
        """Publish and return the message id that Pub/Sub confirmed; errors as in `send`."""
        future = self._client.publish(
            self._prefix + topic, data, timeout=_RPC_SECONDS, retry=None, **attributes
        )
        try:
            confirmed: Any = await asyncio.wrap_future(future)
        except (NotFound, InvalidArgument) as error:
            raise SendRefused(str(error)) from error
        return str(confirmed)

    async def check(self) -> None:
        """Raise where Pub/Sub cannot be reached; a publisher's role allows no call to ask more."""
        ready = grpc.channel_ready_future(self._client.transport.grpc_channel)
        try:
            await asyncio.to_thread(ready.result, 1.0)
        except grpc.FutureTimeoutError as error:
            raise ConnectionError("no connection within 1 s") from error
