"""Where a session token may stand in a request."""

import pytest
from starlette.datastructures import Headers

from shared.runtime.session_cookies import find_token
from shared.runtime.session_errors import TokenMissing, TokenUnreadable


@pytest.mark.parametrize("value", ["Bearer abc", "bearer abc", "Bearer   abc  "])
def test_a_bearer_token_is_found(value: str) -> None:
    assert find_token({"Authorization": value}) == "abc"


@pytest.mark.parametrize(
    "name",
    [
        "next-auth.session-token",
        "__Secure-next-auth.session-token",
        "authjs.session-token",
        "__Secure-authjs.session-token",
    ],
)
def test_each_session_cookie_is_found_among_others(name: str) -> None:
    assert find_token({"cookie": f"theme=dark; {name}=abc; csrf=1"}) == "abc"
    assert find_token({"cookie": f'{name}="abc"'}) == "abc"


def test_chunks_are_joined_in_the_order_of_their_numbers() -> None:
    numbers = [10, *range(10)]
    cookie = "; ".join(f"authjs.session-token.{number}=<{number}>" for number in numbers)
    assert find_token({"cookie": cookie}) == "".join(f"<{number}>" for number in range(11))


def test_chunks_with_a_gap_end_at_the_gap() -> None:
    assert find_token({"cookie": "authjs.session-token.0=a; authjs.session-token.2=c"}) == "a"


def test_chunks_without_a_first_are_no_token() -> None:
    with pytest.raises(TokenMissing):
        find_token({"cookie": "authjs.session-token.1=b"})


def test_a_bearer_token_wins_over_a_cookie() -> None:
    headers = {"Cookie": "authjs.session-token=cookie", "Authorization": "Bearer bearer"}
    assert find_token(headers) == "bearer"


def test_a_secure_cookie_wins_over_a_planted_plain_one() -> None:
    cookie = "authjs.session-token=planted; __Secure-authjs.session-token=real"
    assert find_token({"cookie": cookie}) == "real"


def test_a_v5_cookie_wins_over_one_left_from_v4() -> None:
    cookie = "__Secure-next-auth.session-token=old; authjs.session-token=new"
    assert find_token({"cookie": cookie}) == "new"


def test_cookies_split_over_several_headers_are_read_together() -> None:
    raw = [(b"cookie", b"authjs.session-token.0=a"), (b"cookie", b"authjs.session-token.1=b")]
    assert find_token(Headers(raw=raw)) == "ab"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Basic dTpw"},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"cookie": ""},
        {"cookie": ";;=;session-token=x"},
        {"cookie": "xauthjs.session-token=x"},
        {"cookie": "authjs.session-token="},
    ],
)
def test_without_a_token_the_caller_is_told_how_to_send_one(headers: dict[str, str]) -> None:
    with pytest.raises(TokenMissing, match="Authorization: Bearer"):
        find_token(headers)


def test_a_flood_of_cookies_is_refused_unread() -> None:
    with pytest.raises(TokenUnreadable):
        find_token({"cookie": "a=b;" * 10_000})
