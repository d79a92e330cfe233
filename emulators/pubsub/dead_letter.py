"""Owns what a message carries when it is sent to a dead-letter topic.

https://cloud.google.com/pubsub/docs/handling-failures#attributes
"""

from typing import Any

from emulators.pubsub.envelope import publish_time
from emulators.pubsub.messages import PubsubMessage

PREFIX = "CloudPubSubDeadLetterSource"


def dead_lettered(message: Any, subscription: str, attempts: int) -> Any:
    """A copy to publish: same data, attributes and key, and where it came from."""
    _, project, _, leaf = subscription.split("/")
    copy = PubsubMessage(data=message.data, ordering_key=message.ordering_key)
    copy.attributes.update(message.attributes)
    copy.attributes[f"{PREFIX}DeliveryCount"] = str(attempts)
    copy.attributes[f"{PREFIX}Subscription"] = leaf
    copy.attributes[f"{PREFIX}SubscriptionProject"] = project
    copy.attributes[f"{PREFIX}TopicPublishTime"] = publish_time(message)
    return copy
