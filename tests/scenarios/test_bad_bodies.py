"""A body that no route can read is refused with what to change, and nothing is written."""

from collections.abc import AsyncIterator

import pytest

from tests.scenarios.problems import refused
from tests.scenarios.routes import TAKE_A_BODY
from tests.scenarios.traveller import Traveller

pytestmark = pytest.mark.usefixtures("nothing_is_written")

TOO_LARGE = b'{"city": "' + b"x" * (64 * 1024) + b'"}'


@pytest.mark.parametrize(("method", "path"), TAKE_A_BODY)
@pytest.mark.parametrize("body", [b"", b"{", b"days=3", b'{"days": 01}', b"\xff\xfe", b'{"a":NaN}'])
async def test_a_body_that_is_no_json_is_refused_with_400(
    person: Traveller, method: str, path: str, body: bytes
) -> None:
    refused(await person.send(method, path, content=body), 400, "JSON", "send")


@pytest.mark.parametrize(("method", "path"), TAKE_A_BODY)
@pytest.mark.parametrize("body", [b"[]", b"3", b"null", b'"seattle"', b"[" * 5000])
async def test_json_that_is_no_object_is_refused_with_400(
    person: Traveller, method: str, path: str, body: bytes
) -> None:
    refused(await person.send(method, path, content=body), 400, "JSON")


@pytest.mark.parametrize(("method", "path"), TAKE_A_BODY)
async def test_a_body_over_64_kb_is_refused_with_413(
    person: Traveller, method: str, path: str
) -> None:
    refused(await person.send(method, path, content=TOO_LARGE), 413, "64 KB", "smaller")


@pytest.mark.parametrize(("method", "path"), TAKE_A_BODY)
async def test_a_chunked_body_over_64_kb_that_names_no_length_is_refused_with_413(
    person: Traveller, method: str, path: str
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(TOO_LARGE), 4096):
            yield TOO_LARGE[start : start + 4096]

    refused(await person.send(method, path, content=chunks()), 413, "64 KB")


@pytest.mark.parametrize(("method", "path"), TAKE_A_BODY)
async def test_an_unknown_field_is_refused_by_its_name(
    person: Traveller, method: str, path: str
) -> None:
    answer = await person.send(method, path, json={"colour": "blue"})
    refused(answer, 422, "colour: is not a field of this route")
