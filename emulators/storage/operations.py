"""Owns which requests there are: method and path to the call that answers it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.responses import Response

from emulators.storage import buckets_api, copies_api, objects_api, resumable_api, uploads_api
from emulators.storage.call import Call
from emulators.storage.storage import Storage

Handler = Callable[[Storage, Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One call, under the name that Google's discovery document gives it."""

    name: str
    method: str
    path: str
    handler: Handler

    def match(self, method: str, segments: list[str]) -> dict[str, str] | None:
        """The variable parts of the path; None where it is another call."""
        pattern = self.path.split("/")
        if method != self.method or len(pattern) != len(segments):
            return None
        pairs = list(zip(pattern, segments, strict=True))
        if any(part != segment for part, segment in pairs if not part.startswith("{")):
            return None
        return {part[1:-1]: unquote(value) for part, value in pairs if part.startswith("{")}


def find(method: str, raw_path: str) -> tuple[Operation, dict[str, str]] | None:
    """The call for a path still percent-encoded: a slash in an object's name is %2F there."""
    segments = raw_path.strip("/").split("/")
    for operation in OPERATIONS:
        path = operation.match(method, segments)
        if path is not None:
            return operation, path
    return None


_B = "storage/v1/b"
_O = f"{_B}/{{bucket}}/o"
_TO = "b/{to_bucket}/o/{to_object}"
_UPLOAD = f"upload/{_O}"

OPERATIONS = (
    Operation("storage.objects.get", "GET", f"{_O}/{{object}}", objects_api.get),
    Operation("storage.objects.get", "GET", f"download/{_O}/{{object}}", objects_api.get),
    Operation("storage.objects.list", "GET", _O, objects_api.list_all),
    Operation("storage.objects.insert", "POST", _UPLOAD, uploads_api.insert),
    Operation("storage.resumable.upload", "PUT", _UPLOAD, resumable_api.receive),
    Operation("storage.resumable.cancel", "DELETE", _UPLOAD, resumable_api.cancel),
    Operation("storage.objects.patch", "PATCH", f"{_O}/{{object}}", objects_api.patch),
    Operation("storage.objects.update", "PUT", f"{_O}/{{object}}", objects_api.update),
    Operation("storage.objects.delete", "DELETE", f"{_O}/{{object}}", objects_api.delete),
    Operation("storage.objects.compose", "POST", f"{_O}/{{object}}/compose", copies_api.compose),
    Operation(
        "storage.objects.rewrite", "POST", f"{_O}/{{object}}/rewriteTo/{_TO}", copies_api.rewrite
    ),
    Operation(
        "storage.objects.move", "POST", f"{_O}/{{object}}/moveTo/o/{{to_object}}", copies_api.move
    ),
    Operation("storage.objects.copy", "POST", f"{_O}/{{object}}/copyTo/{_TO}", copies_api.copy),
    Operation("storage.buckets.insert", "POST", _B, buckets_api.insert),
    Operation("storage.buckets.list", "GET", _B, buckets_api.list_all),
    Operation("storage.buckets.get", "GET", f"{_B}/{{bucket}}", buckets_api.get),
    Operation("storage.buckets.patch", "PATCH", f"{_B}/{{bucket}}", buckets_api.patch),
    Operation("storage.buckets.update", "PUT", f"{_B}/{{bucket}}", buckets_api.update),
    Operation("storage.buckets.delete", "DELETE", f"{_B}/{{bucket}}", buckets_api.delete),
)
