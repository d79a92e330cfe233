"""Owns handing out messages to those who pull: open Pull calls and streams, in turn."""

import asyncio
from collections import deque

from emulators.pubsub.backlog import Delivery
from emulators.pubsub.subscription import Subscription

UNLIMITED = 1000


class Reader:
    """One open Pull or StreamingPull: what it may still hold, and what waits to be sent to it.

    A limit of 0 means the service's own. `lease_s` None means the subscription's ack deadline.
    """

    def __init__(
        self, max_messages: int = 0, max_bytes: int = 0, lease_s: int | None = None
    ) -> None:
        self.lease_s = lease_s
        self.closed = False
        self._max_messages = max_messages if max_messages > 0 else UNLIMITED
        self._max_bytes = max_bytes
        self._held: dict[Delivery, int] = {}
        self._bytes = 0
        self._unsent: list[Delivery] = []
        self._news = asyncio.Event()

    @property
    def held(self) -> int:
        """How many messages it was given and has not acknowledged or lost."""
        return len(self._held)

    @property
    def room(self) -> bool:
        """Whether one more message may be given."""
        fits = self._max_bytes <= 0 or self._bytes < self._max_bytes
        return fits and len(self._held) < self._max_messages

    def give(self, delivery: Delivery) -> None:
        """Adds a leased message to what is sent next."""
        size = delivery.message.ByteSize()
        self._held[delivery] = size
        self._bytes += size
        delivery.let_go = self._forget
        self._unsent.append(delivery)
        self._news.set()

    async def news(self) -> None:
        """Returns once something waits to be sent, or the reader is closed."""
        while not self._unsent and not self.closed:
            self._news.clear()
            await self._news.wait()

    def unsent(self) -> list[Delivery]:
        """What was given and not yet sent, which counts as sent from now on."""
        batch = [delivery for delivery in self._unsent if delivery in self._held]
        self._unsent.clear()
        return batch

    def close(self) -> None:
        """Wakes `news` for the last time."""
        self.closed = True
        self._news.set()

    def _forget(self, delivery: Delivery) -> None:
        self._bytes -= self._held.pop(delivery)


class Puller:
    """Gives a subscription's messages to its readers, one each in turn, while they have room."""

    def __init__(self, subscription: Subscription) -> None:
        self._subscription = subscription
        self._readers: deque[Reader] = deque()

    @property
    def outstanding(self) -> int:
        """How many messages open readers hold."""
        return sum(reader.held for reader in self._readers)

    def open(self, reader: Reader) -> None:
        """Lets a reader take part."""
        self._readers.append(reader)
        self.wake()

    def leave(self, reader: Reader) -> None:
        """Ends a reader's part; what it was sent stays leased, what it was not goes back."""
        if reader in self._readers:
            self._readers.remove(reader)
        for delivery in reversed(reader.unsent()):
            self._subscription.give_back(delivery)
        self.wake()

    def wake(self) -> None:
        """Hands out what is ready."""
        while reader := self._next_with_room():
            delivery = self._subscription.take()
            if delivery is None:
                return
            lease_s = reader.lease_s or self._subscription.options.ack_deadline_seconds
            self._subscription.lease(delivery, lease_s)
            reader.give(delivery)

    def stop(self) -> None:
        """Closes all readers."""
        for reader in self._readers:
            reader.close()

    def _next_with_room(self) -> Reader | None:
        for _ in range(len(self._readers)):
            self._readers.rotate(-1)
            if self._readers[-1].room and not self._readers[-1].closed:
                return self._readers[-1]
        return None
