"""Owns the HTTP face of Places API (New): dispatch, key, mask, quota and bill; and starts it."""

import re
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from emulators.places import fields, mask, skus, wire
from emulators.places.bill import Bill
from emulators.places.cities import all_cities
from emulators.places.errors import PlacesError, quota_exceeded, unsupported
from emulators.places.kinds import all_kinds
from emulators.places.methods import Json, Methods
from emulators.places.quota import PER_MINUTE, Quota
from emulators.places.world import World
from emulators.skeleton import admin
from emulators.skeleton.calls import Calls
from emulators.skeleton.faults import Faults
from emulators.skeleton.house import House, Running
from emulators.skeleton.http_server import google_error, serve, with_faults
from emulators.skeleton.in_flight import InFlight

NAME = "places"
DEFAULT_SEED = "1"
_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_PLACE = re.compile(r"/v1/places/([^/:]+)")
_PHOTO = re.compile(r"/v1/places/[^/]+/photos/[^/]+/media")
_GET_PLACE_QUERY = ("languageCode", "regionCode", "sessionToken")


async def start(house: House) -> Running:
    """Starts the emulator on house.ports["places"].

    Options: places.key (the one API key that is taken; default: any), places.seed (of the invented
    world), places.per_minute (requests per minute and method, 600).
    """
    seed = house.options.get("places.seed", DEFAULT_SEED)
    quota = Quota(house.clock, int(house.options.get("places.per_minute", PER_MINUTE)))
    calls, faults, in_flight, bill = Calls(house.clock), Faults(), InFlight(), Bill(house.clock)
    api = Api(
        Methods(World(seed), house.clock), calls, quota, bill, house.options.get("places.key", "")
    )

    async def reset() -> None:
        bill.clear()
        quota.clear()

    def state() -> dict[str, Any]:
        return bill.state() | {"world": {"seed": seed, "cities": _census()}}

    async def answer(request: Request) -> Response:
        with in_flight.busy():
            return await api.serve(request)

    controls = admin.Controls(NAME, house.clock, faults, calls, state, reset, in_flight.until_idle)
    routes = [*admin.routes(controls), Route("/{path:path}", answer, methods=_VERBS)]
    app = with_faults(Starlette(routes=routes), faults, _fault_body)
    server = await serve(app, house.ports.get(NAME, 0))
    return Running(NAME, {"http": server.url}, server.stop)


class Api:
    """Serves the REST API: a key ("" takes any), then the quota, the mask, the call, the bill."""

    def __init__(self, methods: Methods, calls: Calls, quota: Quota, bill: Bill, key: str) -> None:
        self._methods = methods
        self._calls = calls
        self._quota = quota
        self._bill = bill
        self._key = key

    async def serve(self, request: Request) -> Response:
        """Answers one HTTP request."""
        try:
            return _answer(await self._call(request))
        except PlacesError as error:
            return _answer(error.body(), error.code)
        except ClientDisconnect:
            return Response(status_code=499)

    async def _call(self, request: Request) -> Json:
        wire.check_key(request, self._key)
        match request.method, request.scope["path"]:
            case "POST", "/v1/places:searchText":
                return await self._search_text(request)
            case "POST", "/v1/places:searchNearby":
                return await self._search_nearby(request)
            case "GET", path if found := _PLACE.fullmatch(path):
                return self._get_place(request, found[1])
            case "POST", "/v1/places:autocomplete":
                raise unsupported("AutocompletePlaces")
            case "GET", path if _PHOTO.fullmatch(path):
                raise unsupported("GetPhotoMedia")
            case verb, path:
                raise unsupported(f"{verb} {path}")

    async def _search_text(self, request: Request) -> Json:
        asked = self._admitted(request, skus.SEARCH_TEXT, fields.search_text(), "places.")
        wire.query_of(request)
        answer = self._methods.search_text(await wire.body_of(request))
        return self._billed(request, skus.SEARCH_TEXT, asked, answer)

    async def _search_nearby(self, request: Request) -> Json:
        asked = self._admitted(request, skus.SEARCH_NEARBY, fields.search_nearby(), "places.")
        wire.query_of(request)
        answer = self._methods.search_nearby(await wire.body_of(request))
        return self._billed(request, skus.SEARCH_NEARBY, asked, answer)

    def _get_place(self, request: Request, place_id: str) -> Json:
        asked = self._admitted(request, skus.GET_PLACE, fields.place())
        answer = self._methods.get_place(place_id, wire.query_of(request, _GET_PLACE_QUERY))
        return self._billed(request, skus.GET_PLACE, asked, answer)

    def _admitted(
        self, request: Request, method: str, known: fields.Fields, prefix: str = ""
    ) -> mask.Mask:
        """Counts the call against its quota and reads its mask."""
        text = wire.mask_text(request)
        self._calls.record(method, {"mask": text[:500]})
        self._quota.take(method)
        return mask.read(text, known, prefix)

    def _billed(self, request: Request, method: str, asked: mask.Mask, answer: Json) -> Json:
        """The part of the answer that was asked for, put on the bill."""
        self._bill.add(skus.billed_as(method, asked))
        kept = asked.apply(answer)
        if not wire.wants_numbers(request):
            return kept
        if "places" in kept:
            return kept | {"places": [wire.with_numbers(place) for place in kept["places"]]}
        return wire.with_numbers(kept)


def _census() -> dict[str, int]:
    """How many places each city has, without making them."""
    return {
        city.slug: sum(kind.count_in(city.slug) for kind in all_kinds()) for city in all_cities()
    }


def _fault_body(status: int, message: str) -> dict[str, Any]:
    # The wrapper in front does not know the method, so the metric has no method's name.
    return quota_exceeded("Requests").body() if status == 429 else google_error(status, message)


def _answer(body: Json, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json; charset=UTF-8")
