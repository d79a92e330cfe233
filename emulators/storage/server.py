"""Owns the Cloud Storage emulator's HTTP face: dispatch, call log, faults and start."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from emulators.skeleton import admin
from emulators.skeleton.calls import Calls
from emulators.skeleton.faults import Faults
from emulators.skeleton.house import House, Running
from emulators.skeleton.http_server import serve, with_faults
from emulators.skeleton.in_flight import InFlight
from emulators.storage import batch
from emulators.storage.call import Call, Incoming, answer, whole_body
from emulators.storage.errors import StorageError, unsupported
from emulators.storage.operations import find
from emulators.storage.storage import Storage

NAME = "storage"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
BATCH_PATHS = ("/batch/storage/v1", "/batch")


async def start(house: House) -> Running:
    """Starts the emulator on house.ports["storage"]; its data lie in house.data_dir / storage."""
    storage = Storage(house.data_dir / NAME, house.clock)
    await storage.store.commit()
    faults, calls, in_flight = Faults(), Calls(house.clock), InFlight()
    controls = admin.Controls(
        NAME,
        house.clock,
        faults,
        calls,
        state=lambda: _state(storage),
        reset=storage.clear,
        until_idle=in_flight.until_idle,
    )
    api = Api(storage, calls)

    async def endpoint(request: Request) -> Response:
        with in_flight.busy():
            return await api.serve(request)

    routes = [*admin.routes(controls), Route("/{path:path}", endpoint, methods=METHODS)]
    app = with_faults(Starlette(routes=routes), faults)
    server = await serve(app, house.ports.get(NAME, 0))

    async def stop() -> None:
        await server.stop()
        await storage.store.close()

    return Running(NAME, {"http": server.url}, stop)


class Api:
    """Serves the JSON API from one storage and logs its calls."""

    def __init__(self, storage: Storage, calls: Calls) -> None:
        self._storage = storage
        self._calls = calls

    async def serve(self, request: Request) -> Response:
        """Answers one HTTP request; links in the answer begin with the host it was sent to."""
        raw_path = request.scope["raw_path"].decode("latin-1")
        base_url = f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"
        incoming = Incoming(
            request.method, raw_path, request.url.query, request.headers, request.stream
        )
        try:
            if request.method == "POST" and raw_path in BATCH_PATHS:
                return await self._batch(incoming, base_url)
            return await self._call(incoming, base_url)
        except ClientDisconnect:
            return Response(status_code=499)

    async def _batch(self, incoming: Incoming, base_url: str) -> Response:
        try:
            body = await whole_body(incoming.stream())
            inner = batch.inner_requests(incoming.headers.get("content-type", ""), body)
        except StorageError as error:
            return answer(error.body(), error.status)
        return await batch.answered(inner, lambda request: self._call(request, base_url))

    async def _call(self, incoming: Incoming, base_url: str) -> Response:
        found = find(incoming.method, incoming.raw_path)
        if found is None:
            error = unsupported(f"{incoming.method} {incoming.raw_path}")
            return answer(error.body(), error.status)
        operation, path = found
        params = dict(parse_qsl(incoming.query, keep_blank_values=True))
        self._calls.record(operation.name, {"path": path, "params": params})
        call = Call(path, params, incoming.headers, base_url, incoming.stream)
        try:
            _refuse_keys(incoming.headers)
            return await operation.handler(self._storage, call)
        except StorageError as error:
            return _refused(error, call)


def _refuse_keys(headers: Mapping[str, str]) -> None:
    for name in ("x-goog-encryption-key", "x-goog-copy-source-encryption-key"):
        if name in headers:
            raise unsupported("encryption keys supplied by the caller")


def _refused(error: StorageError, call: Call) -> Response:
    if error.status == 304:
        return Response(status_code=304)
    if call.params.get("alt") == "media":
        return PlainTextResponse(error.message, error.status, error.headers)
    return answer(error.body(), error.status, error.headers)


def _state(storage: Storage) -> dict[str, Any]:
    totals = storage.objects.totals()
    return {
        "buckets": totals,
        "objects": sum(each["objects"] for each in totals.values()),
        "bytes": sum(each["bytes"] for each in totals.values()),
        "uploads": len(storage.uploads.open_ids()),
    }
