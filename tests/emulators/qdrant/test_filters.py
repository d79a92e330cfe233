"""Filters select exactly the points that the same condition in Python selects."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from qdrant_client import QdrantClient
from qdrant_client.models import (
    DatetimeRange,
    FieldCondition,
    Filter,
    GeoBoundingBox,
    GeoLineString,
    GeoPoint,
    GeoPolygon,
    GeoRadius,
    HasIdCondition,
    IsEmptyCondition,
    IsNullCondition,
    MatchAny,
    MatchExcept,
    MatchPhrase,
    MatchText,
    MatchValue,
    MinShould,
    Nested,
    NestedCondition,
    PayloadField,
    PointStruct,
    Range,
    TextIndexParams,
    TextIndexType,
    ValuesCount,
)

Payload = dict[str, Any]

SEATTLE = FieldCondition(key="city", match=MatchValue(value="seattle"))
HIDDEN = FieldCondition(key="hidden", match=MatchValue(value=1))
CHEAP = FieldCondition(key="price", range=Range(gte=1, lt=5))
QUIET = FieldCondition(key="tags", match=MatchAny(any=["quiet", "never"]))

COMBINATIONS: list[tuple[Filter, Callable[[Payload], bool]]] = [
    (Filter(), lambda p: True),
    (Filter(must=[SEATTLE]), lambda p: p["city"] == "seattle"),
    (Filter(must=SEATTLE), lambda p: p["city"] == "seattle"),
    (Filter(must=[SEATTLE, CHEAP]), lambda p: p["city"] == "seattle" and 1 <= p["price"] < 5),
    (Filter(must_not=[HIDDEN]), lambda p: not p["hidden"]),
    (
        Filter(must=[SEATTLE], must_not=[HIDDEN, QUIET]),
        lambda p: p["city"] == "seattle" and not p["hidden"] and "quiet" not in p["tags"],
    ),
    (Filter(should=[HIDDEN, CHEAP]), lambda p: p["hidden"] == 1 or 1 <= p["price"] < 5),
    (
        Filter(min_should=MinShould(conditions=[SEATTLE, HIDDEN, CHEAP], min_count=2)),
        lambda p: (p["city"] == "seattle") + (p["hidden"] == 1) + (1 <= p["price"] < 5) >= 2,
    ),
    (
        Filter(must=[Filter(should=[HIDDEN, QUIET]), SEATTLE]),
        lambda p: (p["hidden"] == 1 or "quiet" in p["tags"]) and p["city"] == "seattle",
    ),
    (
        Filter(must=[FieldCondition(key="city", match=MatchExcept(**{"except": ["tokyo"]}))]),
        lambda p: p["city"] != "tokyo",
    ),
    (
        Filter(must=[FieldCondition(key="tags", values_count=ValuesCount(gt=1))]),
        lambda p: len(p["tags"]) > 1,
    ),
]


@pytest.mark.parametrize("fixture", ["nodes", "indexed_nodes"])
@pytest.mark.parametrize(("filter_", "selects"), COMBINATIONS)
def test_a_filter_selects_what_python_selects(
    client: QdrantClient,
    request: pytest.FixtureRequest,
    points: list[PointStruct],
    fixture: str,
    filter_: Filter,
    selects: Callable[[Payload], bool],
) -> None:
    nodes = request.getfixturevalue(fixture)
    found, _ = client.scroll(nodes, filter_, limit=400)
    expected = [point.id for point in points if selects(point.payload or {})]
    assert [point.id for point in found] == expected
    assert client.count(nodes, filter_).count == len(expected)


PLACES: dict[int, Payload] = {
    1: {
        "at": {"lat": 47.6097, "lon": -122.3422},
        "text": "a quiet tea house",
        "since": "2001-05-01",
    },
    2: {
        "at": {"lat": 47.6205, "lon": -122.3493},
        "text": "loud house music",
        "since": "2019-05-01",
    },
    3: {"at": {"lat": 35.6586, "lon": 139.7454}, "text": "tea, quiet", "note": None},
    4: {"note": "x", "menu": [{"dish": "soba", "cost": 9}, {"dish": "udon", "cost": 20}]},
    5: {"note": [], "menu": [{"dish": "soba", "cost": 20}]},
}
MARKET = GeoPoint(lat=47.61, lon=-122.34)


def field(key: str, **condition: Any) -> FieldCondition:
    return FieldCondition(key=key, **condition)


def corner(lat: float, lon: float) -> GeoPoint:
    return GeoPoint(lat=lat, lon=lon)


AROUND = ((47, -123), (48, -123), (48, -122), (47, -122), (47, -123))
AROUND_SEATTLE = GeoPolygon(
    exterior=GeoLineString(points=[corner(lat, lon) for lat, lon in AROUND])
)
CHEAP_SOBA = Filter(
    must=[field("dish", match=MatchValue(value="soba")), field("cost", range=Range(lt=10))]
)


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        (HasIdCondition(has_id=[2, 4, 99]), [2, 4]),
        (IsNullCondition(is_null=PayloadField(key="note")), [3]),
        (IsEmptyCondition(is_empty=PayloadField(key="note")), [1, 2, 3, 5]),
        (field("text", match=MatchText(text="house")), [1, 2]),
        (field("text", match=MatchPhrase(phrase="quiet tea")), [1]),
        (field("since", range=DatetimeRange(gt=date(2010, 1, 1))), [2]),
        (field("at", geo_radius=GeoRadius(center=MARKET, radius=500)), [1]),
        (
            field(
                "at",
                geo_bounding_box=GeoBoundingBox(
                    top_left=corner(47.7, -122.4), bottom_right=corner(47.6, -122.3)
                ),
            ),
            [1, 2],
        ),
        (field("at", geo_polygon=AROUND_SEATTLE), [1, 2]),
        (NestedCondition(nested=Nested(key="menu", filter=CHEAP_SOBA)), [4]),
        (field("menu[].cost", range=Range(gte=20)), [4, 5]),
    ],
)
def test_a_condition_selects_the_right_places(
    client: QdrantClient, empty: str, condition: Any, ids: list[int]
) -> None:
    client.create_payload_index(
        empty, "text", TextIndexParams(type=TextIndexType.TEXT, phrase_matching=True)
    )
    points = [PointStruct(id=n, vector=[1.0, 0, 0, 0], payload=p) for n, p in PLACES.items()]
    client.upsert(empty, points, wait=True)
    found, _ = client.scroll(empty, Filter(must=[condition]), limit=10)
    assert [point.id for point in found] == ids
