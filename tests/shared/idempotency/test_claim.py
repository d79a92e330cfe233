"""What a repeated request gets, by what stands under its key."""

import pytest

from shared.idempotency.claim import (
    Claim,
    IdempotencyKeyMalformed,
    IdempotencyKeyReused,
    RequestInProgress,
    Standing,
    StoredAnswer,
    judge,
    make_claim,
    read_key,
)
from tests.builders import NOON, an_id

BODY = b'{"city": "seattle"}'
ANSWER = StoredAnswer(201, {"X-Model-Version": "m"}, {"id": "1"})


def claim(attempt: str = "mine", body: bytes = BODY) -> Claim:
    return make_claim("me", "/api/v1/trips", "key", body, an_id(attempt))


def standing(attempt: str, body: bytes = BODY, answer: StoredAnswer | None = None) -> Standing:
    held = claim(attempt, body)
    return Standing(held.request_sha256, held.attempt, NOON, answer)


def test_a_claim_that_was_just_taken_stands() -> None:
    assert judge(claim(), standing("mine")) is None


def test_a_request_that_was_answered_gets_the_same_answer() -> None:
    assert judge(claim(), standing("another", answer=ANSWER)) == ANSWER


def test_a_request_that_is_still_being_worked_on_is_told_so() -> None:
    with pytest.raises(RequestInProgress, match="still being worked on") as refused:
        judge(claim(), standing("another"))
    assert refused.value.status == 409


@pytest.mark.parametrize("answer", [None, ANSWER])
@pytest.mark.parametrize("attempt", ["mine", "another"])
def test_another_body_under_the_key_is_refused_whatever_stands(
    attempt: str, answer: StoredAnswer | None
) -> None:
    with pytest.raises(IdempotencyKeyReused, match="key was used with another body") as refused:
        judge(claim(), standing(attempt, b'{"city": "tokyo"}', answer))
    assert refused.value.status == 422


def test_a_body_counts_byte_by_byte() -> None:
    assert claim(body=BODY) == claim(body=BODY)
    assert claim(body=BODY + b" ") != claim(body=BODY)


def test_without_the_header_there_is_no_key() -> None:
    assert read_key({}) is None


@pytest.mark.parametrize("key", ["1", "5f0b4a77-9d0c-4a77", "~" * 255, 'a"b{c}'])
def test_a_printable_key_is_taken_as_it_is(key: str) -> None:
    assert read_key({"idempotency-key": key}) == key


@pytest.mark.parametrize("key", ["", " ", "a b", "a\n", "\na", "a\tb", "é", "\x7f", "a" * 256])
def test_a_key_that_is_empty_long_or_unprintable_is_malformed(key: str) -> None:
    with pytest.raises(IdempotencyKeyMalformed, match="1 to 255 printable") as refused:
        read_key({"idempotency-key": key})
    assert refused.value.status == 400
