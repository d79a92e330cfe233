"""Owns point ids: an unsigned 64-bit number or a UUID."""

from typing import Any
from uuid import UUID

from emulators.qdrant.errors import bad_format, wrong_input

PointId = int | UUID

_LARGEST = 2**64 - 1


def point_id(value: Any) -> PointId:
    """The id in a JSON body. Raises QdrantError 400."""
    if type(value) is int and 0 <= value <= _LARGEST:
        return value
    if type(value) is str:
        try:
            return UUID(value)
        except ValueError:
            pass
    raise bad_format(
        f"value {value} is not a valid point ID, "
        "valid values are either an unsigned integer or a UUID"
    )


def point_ids(values: list[Any]) -> list[PointId]:
    """The ids in a JSON list."""
    return [point_id(value) for value in values]


def point_id_in_path(text: str) -> PointId:
    """The id in a URL. Raises QdrantError 400."""
    if text.isascii() and text.isdigit() and int(text) <= _LARGEST:
        return int(text)
    try:
        return UUID(text)
    except ValueError:
        raise wrong_input(f'Can not recognize "{text}" as point id') from None
