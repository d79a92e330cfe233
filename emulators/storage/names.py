"""Owns which names buckets and objects may have. Names never become paths of files."""

import re

from emulators.storage.errors import StorageError, invalid, required

LONGEST_OBJECT_NAME = 1024  # bytes of UTF-8

_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_LONGEST_LABEL = 63


def bucket_name(name: object) -> str:
    """`name`, where Cloud Storage allows it for a bucket. Raises StorageError 400."""
    if name is None or name == "":
        raise required("Required parameter: name")
    if not isinstance(name, str) or not _BUCKET.fullmatch(name):
        raise invalid(f"Invalid bucket name: '{name}'")
    labels = name.split(".")
    if "" in labels or max(map(len, labels)) > _LONGEST_LABEL or _ADDRESS.fullmatch(name):
        raise invalid(f"Invalid bucket name: '{name}'")
    if name.startswith("goog") or "google" in name:
        raise invalid(f"Invalid bucket name: '{name}'")
    return name


def object_name(name: object) -> str:
    """`name`, where Cloud Storage allows it for an object. Raises StorageError 400."""
    if name is None or name == "":
        raise required("Required")
    if not isinstance(name, str) or name in {".", ".."} or set(name) & {"\r", "\n"}:
        raise _not_allowed()
    if len(_utf8(name)) > LONGEST_OBJECT_NAME or name.startswith(".well-known/acme-challenge/"):
        raise _not_allowed()
    return name


def _utf8(name: str) -> bytes:
    try:
        return name.encode()
    except UnicodeEncodeError as error:
        raise _not_allowed() from error


def _not_allowed() -> StorageError:
    return invalid("The specified object name is not valid.")
