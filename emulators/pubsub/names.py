"""Owns the resource names of Pub/Sub and how its lists are paged."""

import re
from collections.abc import Sequence

from emulators.pubsub.errors import ArgumentInvalid

DELETED_TOPIC = "_deleted-topic_"
DEFAULT_PAGE = 100
MAX_PAGE = 1000

_ID = r"(?!goog)[A-Za-z][A-Za-z0-9._~%+-]{2,254}"
_PROJECT = re.compile(r"projects/[^/]+")
_NAMES = {kind: re.compile(rf"projects/[^/]+/{kind}/{_ID}") for kind in ("topics", "subscriptions")}
_HELP = "Refer to https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names"


def check_name(kind: str, name: str) -> str:
    """`name` if it is projects/P/<kind>/ID with a valid id (3 to 255 characters, not goog...)."""
    if not _NAMES[kind].fullmatch(name):
        raise ArgumentInvalid(
            f"Invalid resource name given (name={name}). {_HELP} for more information."
        )
    return name


def check_project(name: str) -> str:
    """`name` if it is projects/P."""
    if not _PROJECT.fullmatch(name):
        raise ArgumentInvalid(
            f"Invalid resource name given (name={name}). {_HELP} for more information."
        )
    return name


def page(names: Sequence[str], size: int, token: str) -> tuple[list[str], str]:
    """One page of `names` in order, and the token of the next one ("" at the end)."""
    if size < 0:
        raise ArgumentInvalid(
            "You have passed an invalid argument to the service (argument=page_size)."
        )
    size = min(size or DEFAULT_PAGE, MAX_PAGE)
    rest = sorted(name for name in names if name > token)
    return rest[:size], rest[size - 1] if len(rest) > size else ""
