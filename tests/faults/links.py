"""The links between functions and engines: which there are, and what reaches what through them."""

from urllib.parse import urlsplit

from workflows.runner.addresses import Addresses

LINKS = ("postgres", "redis", "qdrant", "anthropic", "pubsub", "tasks")

USED_BY = {
    "write_signal": ("postgres", "pubsub"),
    "store_signal": ("postgres",),
    "read_trip": ("postgres",),
    "generate_trip": LINKS,
}


def targets(addresses: Addresses) -> dict[str, str]:
    """{link: host:port} of the engines themselves."""
    urls = {
        "postgres": addresses.database_url,
        "redis": addresses.redis_url,
        "qdrant": addresses.qdrant_url,
        "anthropic": addresses.http("anthropic"),
        **{name: f"//{addresses.emulators[name]['grpc']}" for name in ("pubsub", "tasks")},
    }
    return {name: urlsplit(url).netloc.rpartition("@")[2] for name, url in urls.items()}
