"""Owns batches: many calls in one multipart/mixed request, each answered in its part."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import uuid4

from starlette.responses import Response

from emulators.storage.call import Incoming
from emulators.storage.errors import invalid

MOST_CALLS = 1000


@dataclass(frozen=True, slots=True)
class InnerRequest:
    """One call of a batch, and the id that its answer carries back."""

    incoming: Incoming
    content_id: str


def inner_requests(content_type: str, body: bytes) -> list[InnerRequest]:
    """The calls of a batch. Raises StorageError 400."""
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser().parsebytes(head + body)
    if not message.is_multipart():
        raise invalid("Missing or malformed multipart/mixed Content-Type.")
    parts = message.get_payload()
    assert isinstance(parts, list)
    if len(parts) > MOST_CALLS:
        raise invalid(f"The batch has {len(parts)} calls, more than {MOST_CALLS}.")
    return [_inner(part) for part in parts if isinstance(part, Message)]


async def answered(
    requests: list[InnerRequest], serve: Callable[[Incoming], Awaitable[Response]]
) -> Response:
    """Serves the calls in their order and packs the answers."""
    boundary = f"batch_{uuid4().hex}"
    packed = bytearray()
    for request in requests:
        packed += f"--{boundary}\r\n".encode() + _part(
            request.content_id, await serve(request.incoming)
        )
    packed += f"--{boundary}--".encode()
    return Response(bytes(packed), media_type=f"multipart/mixed; boundary={boundary}")


def _inner(part: Message) -> InnerRequest:
    payload = part.get_payload(decode=True)
    first, _, rest = (payload if isinstance(payload, bytes) else b"").partition(b"\n")
    words = first.decode("latin-1").split()
    if len(words) < 2:
        raise invalid("Failed to parse batch request.")
    url = urlsplit(words[1])
    request = BytesParser().parsebytes(rest.lstrip(b"\r\n") if rest[:1] == b"\n" else rest)
    body = request.get_payload(decode=True)
    content = body.strip() if isinstance(body, bytes) else b""

    async def stream() -> AsyncIterator[bytes]:
        yield content

    headers = {name.lower(): str(value) for name, value in request.items()}
    incoming = Incoming(words[0].upper(), url.path, url.query, headers, stream)
    return InnerRequest(incoming, str(part.get("Content-ID", "")).strip("<>"))


def _part(content_id: str, response: Response) -> bytes:
    phrase = HTTPStatus(response.status_code).phrase
    headers = "".join(
        f"{name.decode('latin-1').title()}: {value.decode('latin-1')}\r\n"
        for name, value in response.raw_headers
    )
    head = (
        "Content-Type: application/http\r\n"
        f"Content-ID: <response-{content_id}>\r\n\r\n"
        f"HTTP/1.1 {response.status_code} {phrase}\r\n{headers}\r\n"
    )
    return head.encode("latin-1") + bytes(response.body) + b"\r\n"
