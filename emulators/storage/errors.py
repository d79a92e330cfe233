"""Owns the refusals of the Cloud Storage emulator, in the shape and words of the JSON API."""

from typing import Any


class StorageError(Exception):
    """One refused request: HTTP status, Google's reason and the sentence shown."""

    def __init__(
        self, status: int, reason: str, message: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.headers = headers or {}
        self.status = status
        self.reason = reason
        self.message = message

    def body(self) -> dict[str, Any]:
        """The JSON API's error body."""
        detail = {"message": self.message, "domain": "global", "reason": self.reason}
        return {"error": {"code": self.status, "message": self.message, "errors": [detail]}}


def no_bucket() -> StorageError:
    """The bucket named does not exist."""
    return StorageError(404, "notFound", "The specified bucket does not exist.")


def no_object(bucket: str, name: str) -> StorageError:
    """The object, or that generation of it, does not exist."""
    return StorageError(404, "notFound", f"No such object: {bucket}/{name}")


def no_upload() -> StorageError:
    """There is no resumable upload of that id."""
    return StorageError(404, "notFound", "The resumable upload session does not exist.")


def bucket_exists() -> StorageError:
    """The bucket name is taken; here every bucket has one owner."""
    message = "Your previous request to create the named bucket succeeded and you already own it."
    return StorageError(409, "conflict", message)


def bucket_not_empty() -> StorageError:
    """Only an empty bucket can be deleted."""
    return StorageError(409, "conflict", "The bucket you tried to delete is not empty.")


def condition_not_met() -> StorageError:
    """A precondition does not hold."""
    message = "At least one of the pre-conditions you specified did not hold."
    return StorageError(412, "conditionNotMet", message)


def not_modified() -> StorageError:
    """A read asked for anything but what there is."""
    return StorageError(304, "notModified", "Not Modified")


def invalid(message: str) -> StorageError:
    """A value cannot be used."""
    return StorageError(400, "invalid", message)


def required(message: str) -> StorageError:
    """Something needed is missing."""
    return StorageError(400, "required", message)


def wrong_checksum(kind: str, provided: str, calculated: str) -> StorageError:
    """The bytes that arrived are not those that were sent."""
    return invalid(f'Provided {kind} "{provided}" doesn\'t match calculated {kind} "{calculated}".')


def range_not_satisfiable(size: int) -> StorageError:
    """No byte of the object lies in the range asked for."""
    message, headers = "Request range not satisfiable", {"content-range": f"bytes */{size}"}
    return StorageError(416, "requestedRangeNotSatisfiable", message, headers)


def unsupported(what: str) -> StorageError:
    """Cloud Storage can do this and the emulator cannot."""
    return StorageError(501, "notImplemented", f"Not supported by this emulator: {what}")
