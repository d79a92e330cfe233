"""The gateway finds the function of a method and path, and says which methods a path takes."""

import pytest

from workflows.gateway.route_table import NoSuchPath, RouteTable, WrongMethod
from workflows.triggers import Route
from workflows.wiring import Function


def a_table(*routes: str) -> RouteTable:
    return RouteTable([(_named(text), Route(*text.split(" "))) for text in routes])


def _named(name: str) -> Function:
    trigger = Route("GET", "/")
    return Function(name, "a.toml", trigger, (), (), 512, 5.0, 1, "public", 0, 80)


TABLE = a_table("GET /trips", "POST /trips", "GET /trips/{id}", "GET /trips/mine")


@pytest.mark.parametrize(
    ("method", "path", "found"),
    [
        ("GET", "/trips", "GET /trips"),
        ("POST", "/trips", "POST /trips"),
        ("GET", "/trips/7", "GET /trips/{id}"),
        ("GET", "/trips/a%2Fb", "GET /trips/{id}"),
        ("GET", "/trips/mine", "GET /trips/mine"),
    ],
)
def test_a_path_finds_its_function(method: str, path: str, found: str) -> None:
    assert TABLE.find(method, path).name == found


@pytest.mark.parametrize("path", ["/", "/trip", "/trips/", "/trips/7/", "/trips/7/slots", "/Trips"])
def test_a_path_that_is_not_wired_finds_nothing(path: str) -> None:
    with pytest.raises(NoSuchPath):
        TABLE.find("GET", path)


def test_a_dot_in_a_template_is_a_dot() -> None:
    with pytest.raises(NoSuchPath):
        a_table("GET /v1.0/{id}").find("GET", "/v1x0/7")


def test_another_method_is_told_with_those_that_the_path_takes() -> None:
    with pytest.raises(WrongMethod) as wrong:
        TABLE.find("DELETE", "/trips")
    assert wrong.value.allowed == ["GET", "POST"]
