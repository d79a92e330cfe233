"""Cloud Pub/Sub over gRPC, as the official clients speak by default."""

from emulators.pubsub.server import start

__all__ = ["start"]
