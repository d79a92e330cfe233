"""gRPC serving over raw protobuf classes."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
import grpc.aio
import pytest
from google.protobuf.duration_pb2 import Duration
from grpc import StatusCode

from emulators.skeleton.calls import Calls
from emulators.skeleton.clock import Clock
from emulators.skeleton.faults import Faults
from emulators.skeleton.grpc_server import RpcError, Stream, Unary, serve


class Served:
    """A served method that doubles a duration, or fails as its value says."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.calls = Calls(Clock())

    async def double(self, request: Any) -> Any:
        if request.seconds == 404:
            raise RpcError(StatusCode.NOT_FOUND, "No such thing.")
        if request.seconds == 500:
            raise KeyError("a secret detail")
        return Duration(seconds=2 * request.seconds)

    async def double_all(self, requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for request in requests:
            yield await self.double(request)


@pytest.fixture
def served() -> Served:
    """The handlers."""
    return Served()


@pytest.fixture
async def channel(served: Served) -> AsyncIterator[grpc.aio.Channel]:
    """A channel to them."""
    methods: dict[str, Unary | Stream] = {
        "/small.Math/Double": Unary(Duration, served.double),
        "/small.Math/DoubleAll": Stream(Duration, served.double_all),
    }
    server = await serve(methods, faults=served.faults, calls=served.calls)
    async with grpc.aio.insecure_channel(server.address) as opened:
        yield opened
    await server.stop()


async def double(channel: grpc.aio.Channel, seconds: int, method: str = "Double") -> int:
    call = channel.unary_unary(
        f"/small.Math/{method}", Duration.SerializeToString, Duration.FromString
    )
    return int((await call(Duration(seconds=seconds))).seconds)


async def failure(channel: grpc.aio.Channel, seconds: int, method: str = "Double") -> Any:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await double(channel, seconds, method)
    return caught.value


async def test_a_call_is_answered_and_logged(channel: grpc.aio.Channel, served: Served) -> None:
    assert await double(channel, 21) == 42
    assert served.calls.counts == {"Double": 1}


async def test_a_stream_is_answered_as_it_comes(channel: grpc.aio.Channel) -> None:
    call = channel.stream_stream(
        "/small.Math/DoubleAll", Duration.SerializeToString, Duration.FromString
    )()
    for seconds in (1, 2):
        await call.write(Duration(seconds=seconds))
        assert (await call.read()).seconds == 2 * seconds
    await call.write(Duration(seconds=404))
    with pytest.raises(grpc.aio.AioRpcError, match=r"No such thing\."):
        await call.read()


async def test_a_refusal_keeps_its_code_and_text(channel: grpc.aio.Channel) -> None:
    error = await failure(channel, 404)
    assert (error.code(), error.details()) == (StatusCode.NOT_FOUND, "No such thing.")


async def test_a_fault_in_the_emulator_says_so_and_tells_no_detail(
    channel: grpc.aio.Channel, caplog: pytest.LogCaptureFixture
) -> None:
    error = await failure(channel, 500)
    assert (error.code(), error.details()) == (
        StatusCode.INTERNAL,
        "Double failed in the emulator.",
    )
    assert "a secret detail" in caplog.text


async def test_an_unknown_method_is_unimplemented_by_name(channel: grpc.aio.Channel) -> None:
    error = await failure(channel, 1, "Halve")
    assert error.code() == StatusCode.UNIMPLEMENTED
    assert error.details() == "Method small.Math/Halve is unimplemented"


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        ({"fail_next": 1, "status": 503}, StatusCode.UNAVAILABLE),
        ({"fail_next": 1, "status": 429}, StatusCode.RESOURCE_EXHAUSTED),
        ({"disconnect_next": 1}, StatusCode.UNAVAILABLE),
    ],
)
async def test_an_injected_fault_hits_one_call(
    channel: grpc.aio.Channel, served: Served, faults: dict[str, Any], code: StatusCode
) -> None:
    served.faults.set(faults)
    assert (await failure(channel, 1)).code() == code
    assert await double(channel, 1) == 2
