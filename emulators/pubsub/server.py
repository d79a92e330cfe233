"""Starts the Pub/Sub emulator: its state, its gRPC face and its admin face."""

from typing import Any

from starlette.applications import Starlette

from emulators.pubsub.broker import Broker
from emulators.pubsub.ledger import Ledger
from emulators.pubsub.publisher import Publisher
from emulators.pubsub.puller import Puller
from emulators.pubsub.pulling import Pulling
from emulators.pubsub.push import DUPLICATE, Pusher, push_client
from emulators.pubsub.streaming import Streaming
from emulators.pubsub.subscriber import Subscriber
from emulators.pubsub.subscription import REORDER, Deliverer, Subscription
from emulators.skeleton import admin, grpc_server, http_server
from emulators.skeleton.calls import Calls
from emulators.skeleton.faults import Faults
from emulators.skeleton.house import House, Running

LEDGER_FILE = "pubsub.sqlite3"


async def start(house: House) -> Running:
    """Starts on house.ports["pubsub"] (gRPC) and house.ports["pubsub-admin"] (HTTP)."""
    faults, calls = Faults(extra=(DUPLICATE, REORDER)), Calls(house.clock)
    client = push_client()

    def deliverer(subscription: Subscription) -> Deliverer:
        if subscription.pushes:
            return Pusher(subscription, client, house.identity, faults)
        return Puller(subscription)

    broker = Broker(Ledger(house.data_dir / LEDGER_FILE), house.clock, faults, deliverer)
    broker.load()
    await broker.ledger.commit()
    services = (Publisher(broker), Subscriber(broker), Pulling(broker), Streaming(broker))
    methods = {path: call for service in services for path, call in service.methods().items()}
    rpc = await grpc_server.serve(
        methods, faults=faults, calls=calls, port=house.ports.get("pubsub", 0)
    )
    controls = _controls(house, broker, faults, calls)
    http = await http_server.serve(
        Starlette(routes=admin.routes(controls)), house.ports.get("pubsub-admin", 0)
    )

    async def stop() -> None:
        await rpc.stop()
        broker.stop()
        await client.close()
        await http.stop()
        await broker.ledger.close()

    return Running("pubsub", {"grpc": rpc.address, "admin": http.url}, stop)


def _controls(house: House, broker: Broker, faults: Faults, calls: Calls) -> admin.Controls:
    async def reset() -> None:
        broker.clear()
        await broker.ledger.commit()

    return admin.Controls(
        "pubsub",
        house.clock,
        faults,
        calls,
        state=lambda: _state(broker),
        reset=reset,
        until_idle=broker.in_flight.until_idle,
    )


def _state(broker: Broker) -> dict[str, Any]:
    """All topics, and of each subscription how many messages are left and how many are out."""
    subscriptions = {
        name: {
            "topic": subscription.options.topic,
            "push_endpoint": subscription.options.push_config.push_endpoint,
            "undelivered": len(subscription.backlog),
            "outstanding": subscription.deliverer.outstanding,
        }
        for name, subscription in broker.subscriptions.items()
    }
    return {"topics": sorted(broker.topics), "subscriptions": subscriptions}
