"""An example becomes a request that the running system can answer well."""

import json
from base64 import b64decode

import pytest

from tests.workflows.builders import FIXTURES, fixture_wiring
from workflows.bench.examples import Facts, read_example, request
from workflows.manifest import ROOT, load

FACTS = Facts(
    "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222", "D", "U"
)
SHIPPED = load().functions


def test_the_trip_of_an_example_is_a_real_one() -> None:
    example = read_example(SHIPPED["read_trip"], ROOT, FACTS)
    assert example["path"] == f"/api/v1/trips/{FACTS.trip}"


def test_the_place_of_an_example_stands_in_that_trip() -> None:
    body = read_example(SHIPPED["write_signal"], ROOT, FACTS)["body"]
    assert (body["trip_id"], body["activity_node_id"]) == (FACTS.trip, FACTS.node)


def test_the_date_of_an_example_is_still_to_come() -> None:
    assert read_example(SHIPPED["generate_trip"], ROOT, FACTS)["body"]["start_date"] == "D"


def test_a_published_example_is_replaced_inside_its_message() -> None:
    example = read_example(SHIPPED["store_signal"], ROOT, FACTS)
    (signal,) = json.loads(b64decode(example["message"]["data"]))["signals"]
    assert signal["trip_id"] == FACTS.trip


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_example_becomes_a_request(name: str) -> None:
    example = read_example(SHIPPED[name], ROOT, FACTS)
    made = request(SHIPPED[name], example, "http://127.0.0.1:1", {})
    assert made.url.startswith("http://127.0.0.1:1/")
    assert made.method == ("POST" if SHIPPED[name].background else example["method"])


def test_a_background_example_is_the_body_itself() -> None:
    function = fixture_wiring().functions["take_task"]
    made = request(function, read_example(function, FIXTURES, FACTS), "http://h", {"A": "b"})
    assert (made.url, made.body, made.headers) == ("http://h/", {"day": 2}, {"A": "b"})
