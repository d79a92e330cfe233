"""Owns the resource names of Pub/Sub."""

import re

from emulators.pubsub.errors import ArgumentInvalid

DELETED_TOPIC = "_deleted-topic_"
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
