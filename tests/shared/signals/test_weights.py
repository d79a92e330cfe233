"""The seed's constraint 5: what is imported never weighs as much as what is done."""

from typing import get_args

import pytest

from shared.signals.row import row_of
from shared.signals.types import CLIENT_SIGNALS, SERVER_SIGNALS, SignalOrigin
from shared.signals.weights import WEIGHT_TABLE_VERSION, weight_of
from tests.builders import a_signal


@pytest.mark.parametrize(("origin", "weight"), [("app", 1.0), ("backfill", 0.3), ("system", 1.0)])
def test_the_weight_of_each_origin(origin: SignalOrigin, weight: float) -> None:
    assert weight_of(a_signal(origin=origin)) == weight


def test_every_origin_has_a_weight() -> None:
    for origin in get_args(SignalOrigin):
        assert weight_of(a_signal(origin=origin))


def a_skip(took: object, **changes: object) -> float:
    context = {"time_to_action_ms": took}
    return weight_of(a_signal(**{"signal_type": "slot_skip", "context": context, **changes}))


@pytest.mark.parametrize(("took", "weight"), [(0, 1.5), (1999, 1.5), (2000, 1.0), (60_000, 1.0)])
def test_a_skip_decided_in_less_than_two_seconds_is_a_stronger_no(took: int, weight: float) -> None:
    assert a_skip(took) == weight


@pytest.mark.parametrize("took", [None, "900", True, 900.0, -1, [900]])
def test_a_time_that_is_no_number_of_milliseconds_makes_no_skip_fast(took: object) -> None:
    assert a_skip(took) == 1.0


def test_a_skip_of_unknown_time_is_not_fast() -> None:
    assert weight_of(a_signal(signal_type="slot_skip", context={})) == 1.0


@pytest.mark.parametrize("signal_type", sorted({*CLIENT_SIGNALS, *SERVER_SIGNALS} - {"slot_skip"}))
def test_nothing_but_a_skip_weighs_more_for_being_fast(signal_type: str) -> None:
    assert a_skip(100, signal_type=signal_type) == 1.0


def test_an_imported_skip_stays_light_however_fast() -> None:
    assert a_skip(100, origin="backfill") == 0.3


def test_weight_and_table_version_stand_on_the_row() -> None:
    assert row_of(a_signal(origin="backfill"))[10:12] == (0.3, WEIGHT_TABLE_VERSION)


def test_no_type_is_both_a_clients_and_the_servers() -> None:
    assert not set(CLIENT_SIGNALS) & set(SERVER_SIGNALS)
    assert set(SERVER_SIGNALS) == {"slot_swap", "pivot_offered", "candidate_set_logged"}
