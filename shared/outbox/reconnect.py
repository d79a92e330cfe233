"""How soon a connection to a cloud service is tried again."""

from typing import Final

BACK_SOON: Final = [
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
]
"""Options of a gRPC channel: by itself it waits up to two minutes where a call found nobody."""
