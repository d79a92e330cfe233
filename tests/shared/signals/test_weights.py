"""The seed's constraint 5: what is imported never weighs as much as what is done."""

from typing import get_args

import pytest

from shared.signals.types import CLIENT_SIGNALS, SERVER_SIGNALS, SignalOrigin
from shared.signals.weights import WEIGHT_TABLE_VERSION, weight_of
from tests.builders import a_signal


@pytest.mark.parametrize(("origin", "weight"), [("app", 1.0), ("backfill", 0.3), ("system", 1.0)])
def test_the_weight_of_each_origin(origin: SignalOrigin, weight: float) -> None:
    assert weight_of(origin) == weight


def test_every_origin_has_a_weight() -> None:
    for origin in get_args(SignalOrigin):
        assert weight_of(origin)


def test_weight_and_table_version_stand_on_the_row() -> None:
    columns = a_signal(origin="backfill").columns()
    assert columns[10:12] == (0.3, WEIGHT_TABLE_VERSION)


def test_no_type_is_both_a_clients_and_the_servers() -> None:
    assert not set(CLIENT_SIGNALS) & set(SERVER_SIGNALS)
    assert set(SERVER_SIGNALS) == {"slot_swap", "pivot_offered", "candidate_set_logged"}
