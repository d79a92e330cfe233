"""A person is found in what somebody sent us, however it is wrapped, and nobody else is."""

import base64

import orjson
import pytest

from shared.forgetting.mentions import mentions, people_named

PAYLOAD = orjson.dumps({"signals": [{"user_id": "ana"}, {"user_id": "zoë"}]})
DATA = base64.b64encode(PAYLOAD).decode()
PUSH = orjson.dumps({"message": {"data": DATA, "messageId": "1"}}).decode()


@pytest.mark.parametrize(
    "text",
    [
        PAYLOAD.decode(),
        PUSH,
        orjson.dumps({"body": PUSH}).decode(),
        orjson.dumps({"message": {"data": base64.b64encode(PUSH.encode()).decode()}}).decode(),
        PUSH[: PUSH.index(DATA) + len(DATA) - 3],
        '{"user_id": "\\u0061na"}',
        'no json at all, but "ana" stands in it',
    ],
    ids=["plain", "push", "json in json", "push in push", "cut off", "escaped", "no json"],
)
def test_an_id_is_found(text: str) -> None:
    assert mentions(text, "ana")


@pytest.mark.parametrize(
    "text",
    ['{"user_id": "banana"}', '{"user_id": "ana2"}', '["an", "a"]', "ana", "", '{"data": "%%"}'],
)
def test_part_of_a_longer_word_is_nobody(text: str) -> None:
    assert not mentions(text, "ana")


@pytest.mark.parametrize("text", [PAYLOAD.decode(), PUSH, PUSH[: PUSH.index(DATA) + 40]])
def test_whoever_is_named_is_named(text: str) -> None:
    assert "ana" in people_named(text)
    assert people_named(text) <= {"ana", "zoë"}


def test_text_nested_without_end_ends() -> None:
    text = '{"user_id": "ana"}'
    for _ in range(12):
        text = orjson.dumps({"data": base64.b64encode(text.encode()).decode()}).decode()
    assert mentions(text, "ana")
