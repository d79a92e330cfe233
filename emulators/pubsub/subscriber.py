"""Owns the service google.pubsub.v1.Subscriber, less its pull calls."""

from collections.abc import Mapping
from typing import Any

from emulators.pubsub import messages, subscription_options
from emulators.pubsub.broker import Broker
from emulators.pubsub.names import MAX_PAGE, check_project
from emulators.skeleton.grpc_server import Stream, Unary
from emulators.skeleton.paging import page

SERVICE = "/google.pubsub.v1.Subscriber"


class Subscriber:
    """Handlers for the subscriptions themselves; each answers once its change is durable."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def methods(self) -> Mapping[str, Unary | Stream]:
        """Path -> handler, for the gRPC server."""
        return {
            f"{SERVICE}/CreateSubscription": Unary(messages.Subscription, self._create),
            f"{SERVICE}/GetSubscription": Unary(messages.GetSubscriptionRequest, self._get),
            f"{SERVICE}/UpdateSubscription": Unary(
                messages.UpdateSubscriptionRequest, self._update
            ),
            f"{SERVICE}/ListSubscriptions": Unary(messages.ListSubscriptionsRequest, self._list),
            f"{SERVICE}/DeleteSubscription": Unary(
                messages.DeleteSubscriptionRequest, self._delete
            ),
            f"{SERVICE}/ModifyPushConfig": Unary(
                messages.ModifyPushConfigRequest, self._modify_push_config
            ),
        }

    async def _create(self, options: Any) -> Any:
        subscription = self._broker.create_subscription(options)
        await self._broker.ledger.commit()
        return subscription.options

    async def _get(self, request: Any) -> Any:
        return self._broker.subscription(request.subscription).options

    async def _update(self, request: Any) -> Any:
        subscription = self._broker.subscription(request.subscription.name)
        changed = subscription_options.updated(
            subscription.options, request.subscription, request.update_mask
        )
        self._broker.change_subscription(subscription, changed)
        await self._broker.ledger.commit()
        return changed

    async def _modify_push_config(self, request: Any) -> Any:
        subscription = self._broker.subscription(request.subscription)
        changed = subscription_options.with_push_config(subscription.options, request.push_config)
        self._broker.change_subscription(subscription, changed)
        await self._broker.ledger.commit()
        return messages.Empty()

    async def _list(self, request: Any) -> Any:
        prefix = f"{check_project(request.project)}/subscriptions/"
        names = [name for name in self._broker.subscriptions if name.startswith(prefix)]
        shown, token = page(names, request.page_size, request.page_token, MAX_PAGE)
        subscriptions = [self._broker.subscriptions[name].options for name in shown]
        return messages.ListSubscriptionsResponse(
            subscriptions=subscriptions, next_page_token=token
        )

    async def _delete(self, request: Any) -> Any:
        self._broker.delete_subscription(request.subscription)
        await self._broker.ledger.commit()
        return messages.Empty()
