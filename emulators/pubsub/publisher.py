"""Owns the service google.pubsub.v1.Publisher."""

from collections.abc import Mapping
from typing import Any

from emulators.pubsub import messages, topic_options
from emulators.pubsub.broker import Broker
from emulators.pubsub.names import MAX_PAGE, check_project
from emulators.pubsub.publish_limits import check_publish
from emulators.skeleton.grpc_server import Stream, Unary
from emulators.skeleton.paging import page

SERVICE = "/google.pubsub.v1.Publisher"


class Publisher:
    """Handlers of the Publisher service; each answers once its change is durable."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def methods(self) -> Mapping[str, Unary | Stream]:
        """Path -> handler, for the gRPC server."""
        return {
            f"{SERVICE}/CreateTopic": Unary(messages.Topic, self._create),
            f"{SERVICE}/GetTopic": Unary(messages.GetTopicRequest, self._get),
            f"{SERVICE}/UpdateTopic": Unary(messages.UpdateTopicRequest, self._update),
            f"{SERVICE}/ListTopics": Unary(messages.ListTopicsRequest, self._list),
            f"{SERVICE}/DeleteTopic": Unary(messages.DeleteTopicRequest, self._delete),
            f"{SERVICE}/ListTopicSubscriptions": Unary(
                messages.ListTopicSubscriptionsRequest, self._list_subscriptions
            ),
            f"{SERVICE}/Publish": Unary(messages.PublishRequest, self._publish),
        }

    async def _publish(self, request: Any) -> Any:
        self._broker.topic(request.topic)
        check_publish(request)
        ids = self._broker.publish(request.topic, request.messages)
        await self._broker.ledger.commit()
        self._broker.wake(request.topic)
        return messages.PublishResponse(message_ids=ids)

    async def _create(self, topic: Any) -> Any:
        created = self._broker.create_topic(topic)
        await self._broker.ledger.commit()
        return created

    async def _get(self, request: Any) -> Any:
        return self._broker.topic(request.topic)

    async def _update(self, request: Any) -> Any:
        current = self._broker.topic(request.topic.name)
        changed = topic_options.updated(current, request.topic, request.update_mask)
        self._broker.save_topic(changed)
        await self._broker.ledger.commit()
        return changed

    async def _list(self, request: Any) -> Any:
        prefix = f"{check_project(request.project)}/topics/"
        names = [name for name in self._broker.topics if name.startswith(prefix)]
        shown, token = page(names, request.page_size, request.page_token, MAX_PAGE)
        topics = [self._broker.topics[name] for name in shown]
        return messages.ListTopicsResponse(topics=topics, next_page_token=token)

    async def _list_subscriptions(self, request: Any) -> Any:
        self._broker.topic(request.topic)
        names = [subscription.name for subscription in self._broker.of_topic(request.topic)]
        shown, token = page(names, request.page_size, request.page_token, MAX_PAGE)
        return messages.ListTopicSubscriptionsResponse(subscriptions=shown, next_page_token=token)

    async def _delete(self, request: Any) -> Any:
        self._broker.delete_topic(request.topic)
        await self._broker.ledger.commit()
        return messages.Empty()
