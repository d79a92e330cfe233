"""What the gateway takes off a request's headers, and what it puts on."""

import re

import pytest
from multidict import CIMultiDict

from workflows.gateway.headers import end_to_end, passed_on

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_headers_of_one_connection_end_here() -> None:
    given = {"Connection": "close, X-Mine", "X-Mine": "1", "TE": "trailers", "Accept": "*/*"}
    assert dict(end_to_end(given)) == {"Accept": "*/*"}


def test_every_cookie_of_a_response_is_kept() -> None:
    given = CIMultiDict([("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    assert end_to_end(given).getall("Set-Cookie") == ["a=1", "b=2"]


def test_a_trace_that_came_along_goes_on() -> None:
    headers = passed_on({"traceparent": TRACE, "tracestate": "x=1"}, "9.9.9.9")
    assert (headers["traceparent"], headers["tracestate"]) == (TRACE, "x=1")


@pytest.mark.parametrize(
    "broken",
    ["", "nonsense", TRACE.upper(), TRACE.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0" * 32)],
)
def test_a_trace_is_begun_where_none_that_is_valid_came(broken: str) -> None:
    headers = passed_on({"traceparent": broken, "tracestate": "x=1"}, "9.9.9.9")
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", headers["traceparent"])
    assert headers["traceparent"] != broken
    assert "tracestate" not in headers


def test_a_request_id_is_kept_where_it_is_plain_and_made_where_it_is_not() -> None:
    assert passed_on({"X-Request-Id": "abc-1"}, None)["X-Request-Id"] == "abc-1"
    assert passed_on({"X-Request-Id": 'a"\\n'}, None)["X-Request-Id"] != 'a"\\n'


def test_the_caller_is_added_to_those_the_request_was_forwarded_for() -> None:
    assert passed_on({}, "9.9.9.9")["X-Forwarded-For"] == "9.9.9.9"
    assert passed_on({"X-Forwarded-For": "1.1.1.1"}, "9.9.9.9")["X-Forwarded-For"] == (
        "1.1.1.1, 9.9.9.9"
    )
