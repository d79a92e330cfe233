"""Owns gRPC serving over raw protobuf classes, with faults and a call log on each call."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import grpc
import grpc.aio
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from emulators.skeleton import interface
from emulators.skeleton.calls import Calls, Detail
from emulators.skeleton.faults import Fault, Faults

MAX_MESSAGE_BYTES = 32 * 1024 * 1024
LOGGED_REQUEST_BYTES = 4096

log = logging.getLogger(__name__)

_OPTIONS = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.so_reuseport", 0),
    # Google's clients ping an idle stream every 30 s; by default a server hangs up on that.
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.http2.max_ping_strikes", 0),
]

_Context = Any  # grpc.aio.ServicerContext; grpc has no types

_CODES = {
    400: grpc.StatusCode.INVALID_ARGUMENT,
    401: grpc.StatusCode.UNAUTHENTICATED,
    403: grpc.StatusCode.PERMISSION_DENIED,
    404: grpc.StatusCode.NOT_FOUND,
    409: grpc.StatusCode.ABORTED,
    429: grpc.StatusCode.RESOURCE_EXHAUSTED,
    500: grpc.StatusCode.INTERNAL,
    504: grpc.StatusCode.DEADLINE_EXCEEDED,
}


class RpcError(Exception):
    """The error status that a handler answers with: RpcError(grpc.StatusCode.NOT_FOUND, text)."""

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Unary:
    """One request of class `request` in, one message out."""

    request: type[Message]
    handle: Callable[[Any], Awaitable[Message]]


@dataclass(frozen=True, slots=True)
class Stream:
    """A bidirectional stream: an iterator of requests in, messages out as they are yielded."""

    request: type[Message]
    handle: Callable[[AsyncIterator[Any]], AsyncIterator[Message]]


@dataclass(frozen=True, slots=True)
class GrpcServer:
    """A listening server. `address` is host:port."""

    address: str
    stop: Callable[[], Awaitable[None]]


async def serve(
    methods: Mapping[str, Unary | Stream],
    *,
    faults: Faults,
    calls: Calls,
    port: int = 0,
) -> GrpcServer:
    """Serves `methods` ("/google.pubsub.v1.Publisher/Publish" -> handler) on a port.

    A method that is not among them answers UNIMPLEMENTED with its name. Calls are named by their
    last part ("Publish"), in faults and in the call log alike.
    """
    server = grpc.aio.server(options=_OPTIONS)
    server.add_generic_rpc_handlers((_Router(methods, faults, calls),))
    bound = server.add_insecure_port(f"{interface.host.get()}:{port}")
    await server.start()

    async def stop() -> None:
        await server.stop(grace=0.2)

    return GrpcServer(f"{interface.reachable_host()}:{bound}", stop)


class _Router(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpc has no types
    def __init__(self, methods: Mapping[str, Unary | Stream], faults: Faults, calls: Calls) -> None:
        self._handlers = {
            path: _handler(path.rpartition("/")[2], method, faults, calls)
            for path, method in methods.items()
        }
        self._calls = calls

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        handler = self._handlers.get(details.method)
        return handler or _unimplemented(details.method, self._calls)


def _handler(
    name: str, method: Unary | Stream, faults: Faults, calls: Calls
) -> grpc.RpcMethodHandler:
    parse = method.request.FromString
    if isinstance(method, Unary):
        serve_one = _unary(name, method, faults, calls)
        return grpc.unary_unary_rpc_method_handler(serve_one, parse, _serialized)
    serve_stream = _stream(name, method, faults, calls)
    return grpc.stream_stream_rpc_method_handler(serve_stream, parse, _serialized)


def _unary(name: str, method: Unary, faults: Faults, calls: Calls) -> Callable[..., Any]:
    async def unary(request: Message, context: _Context) -> Message:
        calls.record(name, _detail(request))
        if fault := await faults.meet(name):
            await _fail(fault, context)
        try:
            return await method.handle(request)
        except Exception as error:  # every failure must become a gRPC status
            await _abort(name, error, context)
            raise

    return unary


def _stream(name: str, method: Stream, faults: Faults, calls: Calls) -> Callable[..., Any]:
    async def stream(requests: AsyncIterator[Message], context: _Context) -> AsyncIterator[Message]:
        calls.record(name)
        if fault := await faults.meet(name):
            await _fail(fault, context)
        try:
            async for message in method.handle(requests):
                yield message
        except Exception as error:  # noqa: BLE001  # every failure must become a gRPC status
            await _abort(name, error, context)

    return stream


async def _abort(name: str, error: Exception, context: _Context) -> None:
    if isinstance(error, RpcError):
        await context.abort(error.code, error.message)
    log.error("%s failed", name, exc_info=error)
    await context.abort(grpc.StatusCode.INTERNAL, f"{name} failed in the emulator.")


def _unimplemented(path: str, calls: Calls) -> grpc.RpcMethodHandler:
    async def refuse(requests: AsyncIterator[bytes], context: _Context) -> None:
        calls.record(path.rpartition("/")[2])
        message = f"Method {path.removeprefix('/')} is unimplemented"
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, message)

    return grpc.stream_stream_rpc_method_handler(refuse)


async def _fail(fault: Fault, context: _Context) -> None:
    # What a client sees of a lost connection is UNAVAILABLE with this text.
    if fault.disconnect:
        await context.abort(grpc.StatusCode.UNAVAILABLE, "Socket closed")
    code = _CODES.get(fault.status, grpc.StatusCode.UNAVAILABLE)
    await context.abort(code, f"Injected fault: {fault.status}.")


def _serialized(message: Message) -> bytes:
    serialized: bytes = message.SerializeToString()
    return serialized


def _detail(request: Message) -> Detail:
    # Asked for when the state is read; a large request is not kept alive for that.
    size = request.ByteSize()
    if size > LOGGED_REQUEST_BYTES:
        return {"bytes": size}
    return lambda: MessageToDict(request, preserving_proto_field_name=True)
