"""Owns which names a collection may have."""

from emulators.qdrant.errors import QdrantError

LONGEST = 255
_FORBIDDEN = '<>:"/\\|?*\0\x1f'


def valid_name(name: str) -> str:
    """`name`, where Qdrant allows it for a collection. Raises QdrantError 422."""
    for character in _FORBIDDEN:
        if character in name:
            raise _invalid(f'collection name cannot contain "{character}" char')
    if not 1 <= len(name.encode()) <= LONGEST:
        raise _invalid(f"value {name[:40]!r} invalid, must be from 1 to {LONGEST} characters")
    return name


def _invalid(rule: str) -> QdrantError:
    return QdrantError(422, f"Validation error in path parameters: [name: {rule}]")
