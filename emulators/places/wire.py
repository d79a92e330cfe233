"""Owns what comes with any request beside its body: the key, the mask, the query, how to answer."""

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request

from emulators.places.errors import invalid, key_invalid, key_missing
from emulators.places.text_request import PRICE_LEVELS

LARGEST_BODY = 1_048_576
_SYSTEM = ("key", "$key", "fields", "$fields", "alt", "$alt", "prettyPrint", "$prettyPrint")
_BUSINESS_STATUSES = (
    *("BUSINESS_STATUS_UNSPECIFIED", "OPERATIONAL", "CLOSED_TEMPORARILY", "CLOSED_PERMANENTLY"),
    "FUTURE_OPENING",
)
_ENUMS = {"businessStatus": _BUSINESS_STATUSES, "priceLevel": PRICE_LEVELS}


def check_key(request: Request, wanted: str) -> None:
    """Raises PlacesError without an API key, or with another than `wanted` ("": any will do)."""
    query = request.query_params
    key = request.headers.get("x-goog-api-key") or query.get("key") or query.get("$key")
    if not key:
        raise key_missing()
    if wanted and key != wanted:
        raise key_invalid()


def mask_text(request: Request) -> str:
    """The field mask as it came: by header or by query; "" for none."""
    query = request.query_params
    given = request.headers.get("x-goog-fieldmask") or query.get("$fields") or query.get("fields")
    return given or ""


def query_of(request: Request, names: Iterable[str] = ()) -> dict[str, str]:
    """The query's values for `names`. Raises PlacesError 400 for a parameter that there is not."""
    for name in request.query_params:
        if name not in names and name not in _SYSTEM:
            raise invalid(
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query '
                f"parameter. Field '{name}' could not be found in request message.",
                name,
            )
    return {name: request.query_params.get(name, "") for name in names}


async def body_of(request: Request) -> bytes:
    """The request's body, at most 1 MiB. Raises PlacesError 400."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > LARGEST_BODY:
            raise invalid("Request payload size exceeds the limit: 1048576 bytes.")
    return bytes(read)


def wants_numbers(request: Request) -> bool:
    """Whether enums are to be shown as numbers, as the Python client asks."""
    return "enum-encoding=int" in request.query_params.get("$alt", "")


def with_numbers(place: dict[str, Any]) -> dict[str, Any]:
    """The place with its enums as numbers."""
    numbers = {name: values.index(place[name]) for name, values in _ENUMS.items() if name in place}
    return place | numbers
