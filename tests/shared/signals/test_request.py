"""What a client may say of a signal, and in which form."""

import pytest

from shared.runtime.errors import FieldsRefused
from shared.signals.request import SignalRequest, read_batch, read_signal
from tests.builders import NOON, an_id

SAID = {
    "signal_id": str(an_id("signal")),
    "signal_type": "slot_accept",
    "activity_node_id": str(an_id("node")),
    "trip_id": str(an_id("trip")),
}


def read(**changes: object) -> SignalRequest:
    return read_signal({**SAID, **changes})


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"user_id": "someone-else"}, "user_id"),
        ({"origin": "backfill"}, "origin"),
        ({"model_version": "mine"}, "model_version"),
        ({"ranking_id": str(an_id("x"))}, "ranking_id"),
        ({"weight": 100}, "weight"),
        ({"created_at": "2026-11-23T12:00:00Z"}, "created_at"),
        ({"context": {"day_of_trip": 0}}, "day_of_trip"),
        ({"context": {"day_of_trip": 31}}, "day_of_trip"),
        ({"context": {"day_of_trip": True}}, "day_of_trip"),
        ({"context": {"day_part": "night"}}, "day_part"),
        ({"context": {"group_size": 0}}, "group_size"),
        ({"context": {"weather": "rain"}}, "weather"),
        ({"context": {"time_to_action_ms": -1}}, "time_to_action_ms"),
        ({"context": {"time_to_action_ms": 86_400_001}}, "time_to_action_ms"),
        ({"context": {"time_to_action_ms": "2400"}}, "time_to_action_ms"),
        ({"context": []}, "context"),
        ({"signal_id": "one"}, "signal_id"),
        ({"signal_type": 7}, "signal_type"),
        ({"signal_type": None}, "signal_type"),
        ({"trip_id": None}, "trip_id"),
        ({"slot_id": "third"}, "slot_id"),
    ],
)
def test_what_a_client_may_not_say_is_refused_by_its_name(
    change: dict[str, object], names: str
) -> None:
    with pytest.raises(FieldsRefused, match=names):
        read(**change)


@pytest.mark.parametrize("field", list(SAID))
def test_a_signal_says_what_it_is_about(field: str) -> None:
    with pytest.raises(FieldsRefused, match=f"{field}: is required"):
        read_signal({name: value for name, value in SAID.items() if name != field})


@pytest.mark.parametrize("item", [None, 7, "slot_accept", [SAID]])
def test_what_is_no_object_is_no_signal(item: object) -> None:
    with pytest.raises(FieldsRefused):
        read_signal(item)


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-23T20:00:00Z",
        "2026-11-23t20:00:00.000000z",
        "2026-11-23T12:00:00-08:00",
        "2026-11-24T01:30:00.0+05:30",
    ],
)
def test_a_moment_is_written_as_rfc_3339_has_it(moment: str) -> None:
    assert read(occurred_at=moment).occurred_at == NOON


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-23T20:00:00",
        "2026-11-23 20:00:00Z",
        "2026-11-23",
        "20261123T200000Z",
        "2026-11-23T20:00Z",
        "2026-13-23T20:00:00Z",
        "1764000000",
        1764000000,
        True,
        "now",
    ],
)
def test_a_moment_in_another_form_or_without_its_zone_is_refused(moment: object) -> None:
    with pytest.raises(FieldsRefused, match="occurred_at"):
        read(occurred_at=moment)


def test_the_items_of_a_batch_are_not_looked_at_together() -> None:
    items = [SAID, 7, {}]
    assert read_batch({"signals": items}).signals == items
