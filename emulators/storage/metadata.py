"""Owns what a caller may set on an object and on a bucket, and how a patch changes it."""

from collections.abc import Mapping
from typing import Any

from emulators.storage.errors import invalid, unsupported
from emulators.storage.stored import Json

_TEXT = (
    "cacheControl",
    "contentDisposition",
    "contentEncoding",
    "contentLanguage",
    "contentType",
    "customTime",
    "storageClass",
)
_HOLDS = ("eventBasedHold", "temporaryHold")
_NOT_HERE = ("acl", "contexts", "retention")
_BUCKET_RULES = ("retentionPolicy", "defaultEventBasedHold")
_BUCKET_OWN = (  # what the service alone decides
    "kind",
    "id",
    "selfLink",
    "name",
    "etag",
    "metageneration",
    "timeCreated",
    "updated",
    "projectNumber",
    "owner",
    "acl",
    "defaultObjectAcl",
)


def object_metadata(sent: Mapping[str, Any]) -> Json:
    """The settable fields in an object resource; others are ignored, as the service does.

    Raises StorageError 400 for a value of the wrong type, 501 for holds, ACLs and the like.
    """
    return patched({}, {key: value for key, value in sent.items() if value is not None})


def patched(metadata: Json, changes: Mapping[str, Any]) -> Json:
    """`metadata` after a JSON merge patch: null deletes, custom metadata merges key by key."""
    after = dict(metadata)
    for key in _TEXT:
        if key in changes:
            _set(after, key, changes[key], str)
    for key in (*_HOLDS, *_NOT_HERE):
        if changes.get(key):
            raise unsupported(f"the field {key}")
    if "metadata" in changes:
        merged = _custom(after.get("metadata") or {}, changes["metadata"])
        _set(after, "metadata", merged or None, dict)
    return after


def bucket_settings(before: Json, changes: Mapping[str, Any]) -> Json:
    """A bucket's settings after a JSON merge patch; labels merge key by key.

    Raises StorageError 501 for settings that would have to forbid something.
    """
    for key in _BUCKET_RULES:
        if changes.get(key):
            raise unsupported(f"the field {key}")
    after = dict(before)
    for key, value in changes.items():
        if key in _BUCKET_OWN:
            continue
        _set(after, key, _custom(after.get(key) or {}, value) if key == "labels" else value)
    return after


def _custom(before: Json, changes: Any) -> Json | None:
    if changes is None:
        return None
    if not isinstance(changes, dict):
        raise invalid("Invalid value for metadata or labels: they map text to text.")
    if any(not isinstance(value, str | None) for value in changes.values()):
        raise invalid("Invalid value for metadata or labels: values are text.")
    return {key: value for key, value in (before | changes).items() if value is not None}


def _set(target: Json, key: str, value: Any, kind: type = object) -> None:
    if value is None:
        target.pop(key, None)
    elif isinstance(value, kind):
        target[key] = value
    else:
        raise invalid(f"Invalid value for {key}.")
