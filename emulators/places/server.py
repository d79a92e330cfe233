"""Owns the HTTP face of Places API (New), and starts it."""

from typing import Any
from urllib.parse import quote_plus

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from emulators.places import fields, json_body, locale, mask, nearby_request, paging, regions
from emulators.places import search, shown, skus, text_request
from emulators.places.errors import PlacesError, not_an_id, place_gone, quota_exceeded, unsupported
from emulators.places.gate import Gate, body_of, mask_of
from emulators.places.world import World
from emulators.skeleton import admin
