"""Owns buckets and objects as the JSON API shows them."""

import base64
import datetime
from urllib.parse import quote

from emulators.storage.stored import Json, StoredBucket, StoredObject

PROJECT_NUMBER = "100000000001"


def object_resource(stored: StoredObject, base_url: str) -> Json:
    """The resource storage#object; links begin with `base_url` (the host the caller used)."""
    path = f"b/{stored.bucket}/o/{quote(stored.name, safe='')}"
    generation = str(stored.generation)
    shown: Json = {
        "kind": "storage#object",
        "id": f"{stored.bucket}/{stored.name}/{generation}",
        "selfLink": f"{base_url}/storage/v1/{path}",
        "mediaLink": f"{base_url}/download/storage/v1/{path}?generation={generation}&alt=media",
        "name": stored.name,
        "bucket": stored.bucket,
        "generation": generation,
        "metageneration": str(stored.metageneration),
        "storageClass": "STANDARD",
        "size": str(stored.size),
        "crc32c": stored.crc32c,
        "etag": object_etag(stored),
        "timeCreated": timestamp(stored.created),
        "updated": timestamp(stored.updated),
        "timeStorageClassUpdated": timestamp(stored.created),
    }
    if stored.md5 is not None:
        shown["md5Hash"] = stored.md5
    if stored.components is not None:
        shown["componentCount"] = stored.components
    if stored.deleted is not None:
        shown["timeDeleted"] = timestamp(stored.deleted)
    return shown | stored.metadata


def bucket_resource(bucket: StoredBucket, base_url: str) -> Json:
    """The resource storage#bucket."""
    own = {
        "kind": "storage#bucket",
        "id": bucket.name,
        "selfLink": f"{base_url}/storage/v1/b/{bucket.name}",
        "name": bucket.name,
        "projectNumber": PROJECT_NUMBER,
        "metageneration": str(bucket.metageneration),
        "etag": _etag(bucket.metageneration),
        "timeCreated": timestamp(bucket.created),
        "updated": timestamp(bucket.updated),
    }
    defaults = {"location": "US", "locationType": "multi-region", "storageClass": "STANDARD"}
    return defaults | bucket.settings | own


def object_etag(stored: StoredObject) -> str:
    """Changes with every write and every patch."""
    return _etag(stored.generation, stored.metageneration)


def timestamp(at: float) -> str:
    """Unix seconds as RFC 3339 with milliseconds."""
    instant = datetime.datetime.fromtimestamp(at, datetime.UTC)
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _etag(*numbers: int) -> str:
    return base64.b64encode("/".join(map(str, numbers)).encode()).decode()
