"""A signal survives its journey on the topic unchanged, and nothing else passes for one."""

import json
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.signals.errors import SignalUnreadable
from shared.signals.message import (
    MOST_SIGNALS,
    decode_signal,
    decode_signals,
    encode_signal,
    encode_signals,
)
from shared.signals.signal import Signal
from shared.signals.types import CLIENT_SIGNALS, SERVER_SIGNALS
from tests.builders import a_signal

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
FACTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SIGNALS = st.builds(
    Signal,
    signal_id=st.uuids(),
    user_id=TEXTS.filter(bool),
    signal_type=st.sampled_from([*CLIENT_SIGNALS, *SERVER_SIGNALS]),
    origin=st.sampled_from(["app", "backfill", "system"]),
    activity_node_id=st.uuids(),
    trip_id=st.none() | st.uuids(),
    slot_id=st.none() | st.uuids(),
    ranking_id=st.none() | st.uuids(),
    model_version=st.none() | TEXTS,
    context=st.dictionaries(TEXTS, FACTS, max_size=4),
    occurred_at=MOMENTS,
    created_at=MOMENTS,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(SIGNALS, min_size=1, max_size=3))
def test_signals_arrive_as_they_left_and_in_their_order(signals: list[Signal]) -> None:
    opened = decode_signals(orjson.loads(orjson.dumps(encode_signals(signals))))
    assert opened.signals == signals
    assert opened.unreadable == []


def test_of_a_message_with_good_and_bad_signals_each_is_told_apart() -> None:
    good, other = a_signal("good"), a_signal("other")
    bad = encode_signal(a_signal("bad")) | {"signal_type": "slot_love"}
    items = [encode_signal(good), bad, 7, encode_signal(other), None]
    opened = decode_signals({"signals": items})
    assert opened.signals == [good, other]
    assert [each.item for each in opened.unreadable] == [bad, 7, None]
    assert "slot_love" in str(opened.unreadable[0].error)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        encode_signal(a_signal()),
        {"signals": None},
        {"signals": encode_signal(a_signal())},
        {"signals": []},
        {"signals": [encode_signal(a_signal())], "more": True},
        {"signals": [encode_signal(a_signal())] * (MOST_SIGNALS + 1)},
    ],
    ids=["empty", "bare signal", "null", "object", "none", "more", "101"],
)
def test_a_message_of_another_form_is_refused_whole(payload: dict[str, object]) -> None:
    with pytest.raises(SignalUnreadable):
        decode_signals(payload)


def test_a_signal_travels_as_plain_json() -> None:
    encoded = encode_signal(a_signal(slot_id=None))
    assert json.loads(json.dumps(encoded)) == encoded
    assert encoded["slot_id"] is None


@pytest.mark.parametrize("field", list(encode_signal(a_signal())))
def test_an_item_that_lacks_a_field_is_no_signal(field: str) -> None:
    message = encode_signal(a_signal())
    del message[field]
    with pytest.raises(SignalUnreadable):
        decode_signal(message)


@pytest.mark.parametrize(
    "change",
    [
        {"signal_id": "one"},
        {"signal_id": 7},
        {"signal_id": None},
        {"signal_type": "slot_love"},
        {"signal_type": ["slot_accept"]},
        {"origin": "elsewhere"},
        {"origin": {}},
        {"user_id": None},
        {"user_id": 7},
        {"activity_node_id": "Milstead"},
        {"trip_id": 1.5},
        {"model_version": 3},
        {"context": None},
        {"context": "time"},
        {"context": [["a", 1]]},
        {"created_at": "yesterday"},
        {"created_at": 1764000000},
        {"created_at": "2026-11-23T12:00:00"},
        {"occurred_at": None},
        {"occurred_at": "2026-11-23"},
    ],
    ids=repr,
)
def test_an_item_of_another_form_is_no_signal(change: dict[str, object]) -> None:
    with pytest.raises(SignalUnreadable):
        decode_signal({**encode_signal(a_signal()), **change})


def test_a_ranking_is_about_no_single_node() -> None:
    signal = a_signal(signal_type="candidate_set_logged", origin="system", activity_node_id=None)
    assert decode_signal(encode_signal(signal)) == signal
