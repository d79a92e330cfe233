"""Owns the routes of the Messages API and of the Models API, and starts them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from emulators.anthropic import models, pace, reply, request, stream, wire
from emulators.anthropic.errors import ApiError, InvalidRequest, Unsupported
from emulators.anthropic.faults import AnswerFaults
from emulators.anthropic.log import PromptLog
from emulators.anthropic.pace import Pace, PaceRejected, Timer
from emulators.anthropic.reply import Reply
from emulators.skeleton import admin
from emulators.skeleton.calls import Calls
from emulators.skeleton.house import House, Running
from emulators.skeleton.http_server import serve, with_faults
from emulators.skeleton.in_flight import InFlight

NAME = "anthropic"
PAGE = 20
LONGEST_PAGE = 1_000
CLIENT_GONE = 499


async def start(house: House) -> Running:
    """Serves the API on the house's `anthropic` port; its options are those of pace.py."""
    api = _Api(pace.from_house(house.options), Calls(house.clock))
    faults = with_faults(api.app(house), api.faults, wire.injected_error)
    server = await serve(faults, house.ports.get(NAME, 0))
    return Running(NAME, {"http": server.url}, server.stop)


@dataclass(slots=True)
class _Api:
    pace: Pace
    calls: Calls
    faults: AnswerFaults = field(default_factory=AnswerFaults)
    log: PromptLog = field(default_factory=PromptLog)
    in_flight: InFlight = field(default_factory=InFlight)

    def app(self, house: House) -> Starlette:
        controls = admin.Controls(
            NAME, house.clock, self.faults, self.calls, self._state, self._reset,
            self.in_flight.until_idle,
        )  # fmt: skip
        endpoints = {
            ("POST", "/v1/messages"): self.messages,
            ("POST", "/v1/messages/count_tokens"): self.count_tokens,
            ("GET", "/v1/models"): self.list_models,
            ("GET", "/v1/models/{id}"): self.read_model,
        }
        routes = [
            Route(path, wire.guarded(endpoint, house.clock), methods=[method])
            for (method, path), endpoint in endpoints.items()
        ]
        every = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        other = Route("/{path:path}", wire.guarded(self.other, house.clock), methods=every)
        options = Route("/_emulator/options", self.options, methods=["GET", "POST"])
        return Starlette(routes=[*admin.routes(controls), options, *routes, other])

    async def messages(self, http: Request) -> Response:
        detail: dict[str, object] = {}
        self.calls.record("POST /v1/messages", detail)
        timer = self.pace.timer()
        asked = request.read(await http.body())
        detail |= {"model": asked.model, "stream": asked.stream}
        entry = self.log.asked(asked)
        mode = self.faults.meet_prompt(f"{asked.system}\n{asked.user}")
        if mode == "silence":
            return await self._silence(http)
        made = reply.compose(asked, mode)
        self.log.answered(entry, made)
        if asked.stream:
            return StreamingResponse(self._events(made, timer), media_type="text/event-stream")
        with self.in_flight.busy():
            await timer.tokens_due(len(made.pieces))
        return wire.json(reply.message(made))

    async def count_tokens(self, http: Request) -> Response:
        self.calls.record("POST /v1/messages/count_tokens")
        asked = request.read(await http.body(), counting=True)
        return wire.json({"input_tokens": asked.input_tokens})

    async def list_models(self, http: Request) -> Response:
        self.calls.record("GET /v1/models")
        given = http.query_params
        limit = given.get("limit", str(PAGE))
        if not limit.isdecimal() or not 1 <= int(limit) <= LONGEST_PAGE:
            raise InvalidRequest(f"limit: Input should be between 1 and {LONGEST_PAGE}")
        return wire.json(models.listing(int(limit), given.get("after_id"), given.get("before_id")))

    async def read_model(self, http: Request) -> Response:
        self.calls.record("GET /v1/models/{id}")
        name = http.path_params["id"]
        if (id := models.resolve(name)) is None:
            raise ApiError(404, f"model: {name}")
        return wire.json(models.described(id))

    async def other(self, http: Request) -> Response:
        self.calls.record("unsupported", {"method": http.method, "path": http.url.path})
        raise Unsupported(f"{http.method} {http.url.path}")

    async def options(self, http: Request) -> Response:
        if http.method == "POST":
            try:
                self.pace.set(_object(await http.body()))
            except PaceRejected as error:
                return wire.json({"error": {"message": str(error)}}, 400)
        return wire.json(self.pace.state())

    async def _events(self, made: Reply, timer: Timer) -> AsyncIterator[bytes]:
        with self.in_flight.busy():
            async for event in stream.events(made, timer):
                yield event

    async def _silence(self, http: Request) -> Response:
        """Never answers: waits until the client has gone."""
        with self.in_flight.busy():
            while (await http.receive())["type"] != "http.disconnect":
                pass
        return Response(status_code=CLIENT_GONE)

    def _state(self) -> dict[str, object]:
        return {**self.log.state(), "options": self.pace.state()}

    async def _reset(self) -> None:
        self.log.clear()


def _object(body: bytes) -> dict[str, object]:
    try:
        given = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise PaceRejected(f"The body is no JSON: {error}.") from error
    if not isinstance(given, dict):
        raise PaceRejected("The body must be a JSON object.")
    return given
