"""A multipart body is cut at the same places however its bytes arrive."""

from collections.abc import AsyncIterator

import pytest

from emulators.storage.multipart import related

MEDIA = b"\r\n--bound but not the delimiter\r\n--\r\r\n" * 3
BODY = (
    b'--boundary\r\nContent-Type: application/json\r\n\r\n{"name": "a"}\r\n'
    b"--boundary\r\nContent-Type: text/x-test\r\n\r\n" + MEDIA + b"\r\n--boundary--\r\n"
)


async def pieces(size: int) -> AsyncIterator[bytes]:
    for at in range(0, len(BODY), size):
        yield BODY[at : at + size]


@pytest.mark.parametrize("size", [*range(1, 40), len(BODY)])
async def test_the_parts_are_the_same_for_pieces_of_any_size(size: int) -> None:
    parts = await related("multipart/related; boundary=boundary", pieces(size))
    assert (parts.metadata, parts.content_type) == ({"name": "a"}, "text/x-test")
    assert b"".join([piece async for piece in parts.media]) == MEDIA
