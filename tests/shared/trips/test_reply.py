"""A trip as the frontend gets it."""

from datetime import date

import orjson

from shared.trips.reply import show_trip
from tests.builders import a_city, a_node, a_slot, a_trip

ZONE = a_city().zone
# The fields of issue 2's contract, and those beside them that the explorer shows.
TRIP = {"id", "city", "status", "model_version", "ranker", "days"}
SLOT = {
    "id", "slot_order", "day_part", "starts_at", "ends_at", "activity_node", "narrative",
    "confidence", "travel_minutes_from_previous",
}  # fmt: skip
NODE = {
    "id", "name", "category", "lat", "lon", "vibe_tags", "cross_ref_confidence", "overrated_flag",
    "origin",
}  # fmt: skip


def test_every_field_of_the_contract_is_there() -> None:
    body = show_trip(a_trip(), ZONE)
    slot = body["days"][0]["slots"][0]
    assert set(body) >= TRIP
    assert set(body["days"][0]) == {"day_number", "date", "slots"}
    assert set(slot) >= SLOT
    assert set(slot["activity_node"]) >= NODE
    assert body["ranker"] == {"rung": "cache", "reason": "3 of 3 cells from the cache"}


def test_the_reply_is_json_as_it_stands() -> None:
    body = show_trip(a_trip(), ZONE)
    assert orjson.loads(orjson.dumps(body)) == body


def test_times_are_the_citys_with_its_offset() -> None:
    slot = show_trip(a_trip(), ZONE)["days"][0]["slots"][0]
    assert slot["starts_at"] == "2026-11-23T12:00:00-08:00"
    assert slot["ends_at"] == "2026-11-23T13:00:00-08:00"


def test_each_day_holds_its_own_slots_in_order_and_an_empty_day_is_still_a_day() -> None:
    slots = (a_slot("a"), a_slot("b", slot_order=2), a_slot("c", day_number=3))
    trip = a_trip(slots=slots, end_date=date(2026, 11, 25))
    days = show_trip(trip, ZONE)["days"]
    assert [day["date"] for day in days] == ["2026-11-23", "2026-11-24", "2026-11-25"]
    names = [[slot["activity_node"]["name"] for slot in day["slots"]] for day in days]
    assert names == [["a", "b"], [], ["c"]]


def test_unknown_things_are_null_not_absent() -> None:
    node = a_node("x", neighbourhood=None, cross_ref_confidence=None)
    slot = show_trip(a_trip(slots=(a_slot("x", node=node, confidence=None),)), ZONE)
    shown = slot["days"][0]["slots"][0]
    assert shown["confidence"] is None
    assert shown["activity_node"]["cross_ref_confidence"] is None


def test_the_report_says_what_the_hours_are_worth() -> None:
    body = show_trip(a_trip(), ZONE)
    assert body["hours_source"] == "typical"
    assert body["validation"] == {"violations": [], "hours_source": "typical"}
