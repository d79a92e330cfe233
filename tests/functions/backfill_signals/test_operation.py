"""A history becomes signals of weight 0.3; what cannot is named with its reason."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from functions.backfill_signals.operation import TravellerUnknown, backfill
from shared.signals.durable import NotConfirmed
from shared.signals.errors import SignalBatchRefused, SignalNotTaken
from shared.signals.history import HistoryRequest
from shared.signals.signal import Signal
from shared.signals.weights import weight_of
from tests.builders import NOON, an_id

MARKET, FIRST, SECOND = an_id("market"), an_id("first branch"), an_id("second branch")


class Travellers:
    async def knows(self, user_id: str) -> bool:
        return user_id == "ada"


class Places:
    async def known(self, ids: Collection[UUID]) -> set[UUID]:
        return {MARKET} & set(ids)

    async def named(self, names: Collection[tuple[str, str]]) -> dict[tuple[str, str], list[UUID]]:
        held = {("seattle", "the market"): [MARKET], ("seattle", "chain"): [FIRST, SECOND]}
        return {name: held[name] for name in names if name in held}


class Way:
    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.taken: list[Signal] = []

    async def __call__(self, signals: Sequence[Signal]) -> None:
        if not self.works:
            raise NotConfirmed
        self.taken += signals


def an_item(number: int = 1, **changes: Any) -> dict[str, Any]:
    item = {
        "signal_id": str(an_id(number)),
        "signal_type": "slot_accept",
        "city": "seattle",
        "place": "The Market",
        "occurred_at": "2019-05-04T10:00:00-07:00",
        **changes,
    }
    return {key: value for key, value in item.items() if value is not None}


def a_request(*items: Any, user_id: str = "ada") -> HistoryRequest:
    return HistoryRequest(user_id=user_id, signals=list(items))


async def run(*items: Any) -> tuple[dict[str, Any], list[Signal]]:
    way = Way()
    said = await backfill(a_request(*items), NOON, Travellers(), Places(), [way])
    return said, way.taken


async def test_an_item_becomes_a_signal_of_weight_three_tenths_with_its_own_time() -> None:
    said, (signal,) = await run(an_item())
    assert said == {"accepted": [str(an_id(1))], "refused": []}
    assert (signal.user_id, signal.origin, weight_of(signal)) == ("ada", "backfill", 0.3)
    assert signal.activity_node_id == MARKET
    assert signal.occurred_at.isoformat() == "2019-05-04T10:00:00-07:00"
    assert signal.created_at == NOON


async def test_a_fast_skip_of_the_past_weighs_no_more_than_any_history() -> None:
    _, (signal,) = await run(an_item(signal_type="slot_skip", context={"time_to_action_ms": 300}))
    assert weight_of(signal) == 0.3


async def test_a_place_may_be_named_by_its_id_or_by_city_and_name_in_any_case() -> None:
    by_id = an_item(2, city=None, place=None, activity_node_id=str(MARKET))
    _, signals = await run(an_item(1, place="  THE market "), by_id)
    assert [signal.activity_node_id for signal in signals] == [MARKET, MARKET]


@pytest.mark.parametrize(
    ("item", "title"),
    [
        (an_item(9, place="Nowhere"), "Place unknown"),
        (an_item(9, city="tokyo"), "Place unknown"),
        (an_item(9, city=None, place=None, activity_node_id=str(FIRST)), "Place unknown"),
        (an_item(9, place="Chain"), "Place ambiguous"),
        (an_item(9, place=None), "Place not named"),
        (an_item(9, signal_type="pivot_accept"), "No pivot outside a trip"),
        (an_item(9, signal_type="slot_swap"), "Signal type reserved"),
        (an_item(9, signal_type="like"), "Signal type unknown"),
        (an_item(9, occurred_at=(NOON + timedelta(hours=1)).isoformat()), "Signal from the future"),
        (an_item(9, occurred_at="1999-12-31T23:59:59Z"), "Signal too old"),
        (an_item(9, occurred_at=None), "Fields refused"),
        (an_item(9, weight=1.0), "Fields refused"),
        ("no object", "Fields refused"),
    ],
)
async def test_what_cannot_be_taken_is_named_and_spoils_no_other(item: Any, title: str) -> None:
    said, signals = await run(an_item(1), item, an_item(2))
    assert said["accepted"] == [str(an_id(1)), str(an_id(2))]
    (refused,) = said["refused"]
    assert (refused["index"], refused["title"]) == (1, title)
    assert refused["detail"]
    assert len(signals) == 2


async def test_a_batch_without_one_good_item_is_refused_whole() -> None:
    with pytest.raises(SignalBatchRefused):
        await run(an_item(place="Nowhere"))


async def test_nobody_s_history_is_imported_for_somebody_unknown() -> None:
    way = Way()
    request = a_request(an_item(), user_id="bob")
    with pytest.raises(TravellerUnknown):
        await backfill(request, NOON, Travellers(), Places(), [way])
    assert way.taken == []


async def test_the_table_takes_what_the_topic_does_not_and_neither_is_no_acknowledgement() -> None:
    topic, table = Way(works=False), Way()
    await backfill(a_request(an_item()), NOON, Travellers(), Places(), [topic, table])
    assert len(table.taken) == 1
    with pytest.raises(SignalNotTaken):
        await backfill(a_request(an_item()), NOON, Travellers(), Places(), [topic, topic])
