"""Owns all topics and subscriptions of the emulator and the path of a message between them."""

from collections.abc import Iterable
from itertools import count
from typing import Any

from emulators.pubsub import subscription_options, topic_options
from emulators.pubsub.backlog import Delivery
from emulators.pubsub.dead_letter import dead_lettered
from emulators.pubsub.errors import ResourceExists, ResourceMissing
from emulators.pubsub.ledger import Ledger
from emulators.pubsub.names import DELETED_TOPIC, check_name
from emulators.pubsub.subscription import MakeDeliverer, Subscription, Wiring
from emulators.skeleton.clock import Clock
from emulators.skeleton.faults import Faults
from emulators.skeleton.in_flight import InFlight


class Broker:
    """Changes are written to the ledger first; callers await `ledger.commit` before they answer."""

    def __init__(
        self, ledger: Ledger, clock: Clock, faults: Faults, deliverer: MakeDeliverer
    ) -> None:
        self.ledger = ledger
        self.topics: dict[str, Any] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.in_flight = InFlight()
        self._clock = clock
        self._wiring = Wiring(clock, faults, ledger, self.in_flight, self._dead_letter, deliverer)
        self._by_topic: dict[str, list[Subscription]] = {}
        self._ids = count(ledger.first_id())

    def load(self) -> None:
        """Takes up where the last process stopped."""
        self.topics = {topic.name: topic for topic in self.ledger.topics()}
        for id, options in self.ledger.subscriptions():
            subscription = self._opened(id, options)
            for message_id, message in self.ledger.backlog(id):
                subscription.add(message_id, message)
            subscription.wake()

    def topic(self, name: str) -> Any:
        """The topic. Raises ResourceMissing."""
        topic = self.topics.get(check_name("topics", name))
        if topic is None:
            raise ResourceMissing(name)
        return topic

    def subscription(self, name: str) -> Subscription:
        """The subscription. Raises ResourceMissing."""
        subscription = self.subscriptions.get(check_name("subscriptions", name))
        if subscription is None:
            raise ResourceMissing(name)
        return subscription

    def of_topic(self, name: str) -> list[Subscription]:
        """The subscriptions of an existing topic."""
        return self._by_topic.get(name, [])

    def create_topic(self, topic: Any) -> Any:
        """The new topic. Raises ResourceExists."""
        topic = topic_options.checked(topic)
        if topic.name in self.topics:
            raise ResourceExists(topic.name)
        self.save_topic(topic)
        return topic

    def save_topic(self, topic: Any) -> None:
        """Stores a checked topic."""
        self.topics[topic.name] = topic
        self.ledger.save_topic(topic)

    def delete_topic(self, name: str) -> None:
        """Its subscriptions keep their backlog and belong to no topic from now on."""
        self.topic(name)
        del self.topics[name]
        self.ledger.remove_topic(name)
        for subscription in self._by_topic.pop(name, []):
            subscription.options.topic = DELETED_TOPIC
            self.ledger.save_subscription(subscription.id, subscription.options)

    def create_subscription(self, options: Any) -> Subscription:
        """The new subscription; it gets what is published from now on."""
        options = subscription_options.completed(options)
        if options.name in self.subscriptions:
            raise ResourceExists(options.name)
        self.topic(options.topic)
        self._check_dead_letter_topic(options)
        return self._opened(self.ledger.add_subscription(options), options)

    def change_subscription(self, subscription: Subscription, options: Any) -> None:
        """Replaces the options. Raises ResourceMissing for an unknown dead-letter topic."""
        self._check_dead_letter_topic(options)
        self.ledger.save_subscription(subscription.id, options)
        subscription.change(options)

    def delete_subscription(self, name: str) -> None:
        """With its backlog."""
        subscription = self.subscription(name)
        subscription.drop()
        del self.subscriptions[name]
        if subscription in self.of_topic(subscription.options.topic):
            self._by_topic[subscription.options.topic].remove(subscription)
        self.ledger.remove_subscription(subscription.id)

    def publish(self, topic: str, messages: Iterable[Any]) -> list[str]:
        """Gives each message its id and time and adds it to the topic's subscriptions.

        Their delivery starts with `wake`, which belongs after the commit.
        """
        now_ms = int(self._clock.now() * 1000)
        ids = []
        for message in messages:
            id = next(self._ids)
            message.message_id = str(id)
            message.publish_time.FromMilliseconds(now_ms)
            self._hand_over(topic, id, message)
            ids.append(message.message_id)
        return ids

    def wake(self, topic: str) -> None:
        """Starts delivering what was published to `topic`."""
        for subscription in self.of_topic(topic):
            subscription.wake()

    def clear(self) -> None:
        """Forgets everything."""
        for subscription in self.subscriptions.values():
            subscription.drop()
        self.topics.clear()
        self.subscriptions.clear()
        self._by_topic.clear()
        self.ledger.clear()

    def stop(self) -> None:
        """Delivers no more."""
        for subscription in self.subscriptions.values():
            subscription.stop()

    def _check_dead_letter_topic(self, options: Any) -> None:
        if options.HasField("dead_letter_policy"):
            self.topic(options.dead_letter_policy.dead_letter_topic)

    def _hand_over(self, topic: str, id: int, message: Any) -> None:
        stored: bytes | None = None
        for subscription in self.of_topic(topic):
            if subscription.wants(message.attributes):
                stored = stored or message.SerializeToString()
                self.ledger.add_message(subscription.id, id, stored)
                subscription.add(id, message)

    def _dead_letter(self, subscription: Subscription, delivery: Delivery) -> bool:
        topic = subscription.options.dead_letter_policy.dead_letter_topic
        if topic not in self.topics:
            return False
        copy = dead_lettered(delivery.message, subscription.name, delivery.failures)
        self.publish(topic, [copy])
        self.ledger.commit_soon()
        self.wake(topic)
        return True

    def _opened(self, id: int, options: Any) -> Subscription:
        subscription = Subscription(id, options, self._wiring)
        self.subscriptions[options.name] = subscription
        self._by_topic.setdefault(options.topic, []).append(subscription)
        return subscription
