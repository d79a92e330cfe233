"""Builders for the tests of the manifest, the runner and the gateway."""

from pathlib import Path

from workflows.manifest import load
from workflows.runner.addresses import Addresses
from workflows.wiring import Wiring

FIXTURES = Path(__file__).parent / "fixtures"


def fixture_wiring() -> Wiring:
    return load(FIXTURES / "workflows", FIXTURES)


def addresses(
    gateway: str = "http://127.0.0.1:1", ingress: str = "http://127.0.0.1:2"
) -> Addresses:
    """Addresses at which nothing listens: enough for functions that call nobody."""
    grpc, http = (
        {"grpc": "127.0.0.1:3", "admin": "http://127.0.0.1:4"},
        {"http": "http://127.0.0.1:5"},
    )
    return Addresses(
        root=str(FIXTURES),
        gateway=gateway,
        ingress=ingress,
        database_url="postgresql://overplanned:word@127.0.0.1:6/overplanned",
        redis_url="redis://:word@127.0.0.1:7/0",
        qdrant_url="http://127.0.0.1:8",
        emulators={
            "pubsub": grpc,
            "tasks": grpc,
            "scheduler": grpc,
            "jobs": http,
            "storage": http,
            "sources": http,
            "identity": http,
            "anthropic": http,
        },
        clock_file="/nowhere/clock",
    )
