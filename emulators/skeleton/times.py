"""Owns protobuf times as plain seconds: Timestamp and Duration messages in and out."""

from typing import Any

from grpc import StatusCode

from emulators.skeleton.grpc_server import RpcError


def set_time(timestamp: Any, at: float) -> None:
    """Writes unix seconds into a Timestamp, to the microsecond, as the APIs keep them."""
    timestamp.FromMicroseconds(round(at * 1e6))


def time_of(timestamp: Any) -> float:
    """Unix seconds of a Timestamp. Raises INVALID_ARGUMENT for one outside the years 1 to 9999."""
    return _seconds(timestamp)


def seconds_of(duration: Any) -> float:
    """Seconds of a Duration. Raises INVALID_ARGUMENT for one that is not well formed."""
    return _seconds(duration)


def _seconds(message: Any) -> float:
    try:
        return float(message.ToMicroseconds() / 1e6)
    except ValueError as error:
        raise RpcError(StatusCode.INVALID_ARGUMENT, str(error)) from error
