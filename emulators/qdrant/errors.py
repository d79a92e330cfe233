"""Owns the refusals of the Qdrant emulator, with the codes and texts of Qdrant's own server."""

import re
from collections.abc import Iterator
from contextlib import contextmanager


class QdrantError(Exception):
    """One refused request: the HTTP status and the text of `status.error`."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


def bad_format(text: str) -> QdrantError:
    """The body is not of the documented shape."""
    return QdrantError(400, f"Format error in JSON body: {text}")


def wrong_input(text: str) -> QdrantError:
    """The request contradicts the collection."""
    return QdrantError(400, f"Wrong input: {text}")


def bad_request(text: str) -> QdrantError:
    """The request asks for nothing that can be done."""
    return QdrantError(400, f"Bad request: {text}")


def invalid(field: str, rule: str) -> QdrantError:
    """A value lies outside of its documented range."""
    return QdrantError(422, f"Validation error in JSON body: [{field}: {rule}]")


def not_found(text: str) -> QdrantError:
    """What the request names does not exist."""
    return QdrantError(404, f"Not found: {text}")


def no_collection(name: str) -> QdrantError:
    """There is no collection or alias of that name."""
    return not_found(f"Collection `{name}` doesn't exist!")


def collection_exists(name: str) -> QdrantError:
    """The name is taken by a collection."""
    return QdrantError(409, f"Wrong input: Collection `{name}` already exists!")


def unsupported(what: str) -> QdrantError:
    """Qdrant can do this and the emulator cannot."""
    return QdrantError(501, f"Not supported by this emulator: {what}")


# Every other error of the engine is a contradiction between the request and the collection.
_OWN_FAULT = re.compile(r"Service runtime error: |Inconsistent storage: |Out of ")


@contextmanager
def engine_errors() -> Iterator[None]:
    """Turns what the engine raises into what Qdrant's server answers for it."""
    try:
        yield
    except Exception as error:
        if type(error) is not Exception:  # the engine raises bare Exceptions, Python never does
            raise
        text = str(error)
        if _OWN_FAULT.match(text):
            raise QdrantError(500, f"Service internal error: {text}") from error
        raise wrong_input(text) from error
