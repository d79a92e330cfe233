"""A published signal becomes one row however often it comes; what is no signal is parked alone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson
import pytest

from functions.store_signal.operation import store
from shared.runtime.envelopes import open_envelope
from shared.signals.errors import SignalUnreadable
from shared.signals.fate import Fate
from shared.signals.message import decode_signals, encode_signal, encode_signals
from shared.signals.signal import Signal
from tests.builders import NOON, a_signal, an_id
from workflows.manifest import ROOT

EXAMPLE = (ROOT / "functions/store_signal/example.json").read_bytes()


class MemorySignals:
    """A table that never takes what is written by `refuses`, and nothing of `gone`."""

    def __init__(self, refuses: UUID | None = None, gone: str | None = None) -> None:
        self.rows: dict[UUID, Signal] = {}
        self.refuses = refuses
        self.gone = gone

    async def store(self, signals: Sequence[Signal]) -> Sequence[Fate]:
        return [self._store(signal) for signal in signals]

    def _store(self, signal: Signal) -> Fate:
        if signal.signal_id == self.refuses:
            return SignalUnreadable("The table refuses the signal (CheckViolationError).")
        if signal.user_id == self.gone:
            return "forgotten"
        if signal.signal_id in self.rows:
            return "known"
        self.rows[signal.signal_id] = signal
        return "new"


class MemoryParking:
    def __init__(self) -> None:
        self.parked: list[tuple[str, str, str, datetime]] = []

    async def park(self, function: str, body: str, reason: str, at: datetime) -> None:
        self.parked.append((function, body, reason, at))


@pytest.fixture
def signals() -> MemorySignals:
    return MemorySignals()


@pytest.fixture
def parking() -> MemoryParking:
    return MemoryParking()


async def test_what_was_written_is_what_is_stored(
    signals: MemorySignals, parking: MemoryParking
) -> None:
    written = [a_signal("a"), a_signal("b")]
    await store(encode_signals(written), signals, parking, NOON)
    assert list(signals.rows.values()) == written
    assert parking.parked == []


async def test_a_second_delivery_is_acknowledged_and_changes_nothing(
    signals: MemorySignals, parking: MemoryParking
) -> None:
    for _ in range(3):
        await store(encode_signals([a_signal()]), signals, parking, NOON)
    assert len(signals.rows) == 1
    assert parking.parked == []


async def test_of_a_mixed_message_the_good_are_stored_and_each_bad_one_parked_with_its_reason(
    signals: MemorySignals, parking: MemoryParking
) -> None:
    signals.refuses = an_id("bad row")
    broken = encode_signal(a_signal("broken")) | {"created_at": "yesterday"}
    items = [
        encode_signal(a_signal("a")),
        broken,
        encode_signal(a_signal("bad row")),
        encode_signal(a_signal("b")),
    ]
    await store({"signals": items}, signals, parking, NOON)
    assert set(signals.rows) == {an_id("a"), an_id("b")}
    (first, second) = parking.parked
    assert [(function, at) for function, _, _, at in parking.parked] == [("store_signal", NOON)] * 2
    assert orjson.loads(first[1]) == {"signals": [broken]}
    assert "yesterday" in first[2]
    assert decode_signals(orjson.loads(second[1])).signals == [a_signal("bad row")]
    assert "CheckViolation" in second[2]


async def test_a_message_without_one_readable_signal_asks_nothing_of_the_table(
    parking: MemoryParking,
) -> None:
    class Untouched(MemorySignals):
        async def store(self, signals: Sequence[Signal]) -> Sequence[Fate]:
            raise AssertionError

    await store({"signals": [1, {}]}, Untouched(), parking, NOON)
    assert len(parking.parked) == 2


async def test_a_message_of_another_form_is_refused_and_not_retried(
    signals: MemorySignals, parking: MemoryParking
) -> None:
    with pytest.raises(SignalUnreadable) as refused:
        await store(encode_signal(a_signal()), signals, parking, NOON)
    assert refused.value.status == 422  # the face parks it: nothing but a 503 is delivered again
    assert signals.rows == {}


async def test_signals_of_people_who_left_are_acknowledged_and_dropped_and_the_log_counts_them(
    signals: MemorySignals, parking: MemoryParking, capsys: pytest.CaptureFixture[str]
) -> None:
    signals.gone = "gone"
    late = [a_signal("late", user_id="gone"), a_signal("stays")]
    await store(encode_signals(late), signals, parking, NOON)
    assert set(signals.rows) == {an_id("stays")}
    assert parking.parked == []
    line = orjson.loads(capsys.readouterr().out)
    assert (line["message"], line["forgotten"], line["new"]) == ("signals.stored", 1, 1)
    assert "gone" not in str(line)


async def test_a_table_that_is_away_leaves_the_message_to_its_next_delivery(
    parking: MemoryParking,
) -> None:
    class Away(MemorySignals):
        async def store(self, signals: Sequence[Signal]) -> Sequence[Fate]:
            raise ConnectionError

    mixed = {"signals": [encode_signal(a_signal()), {}]}
    with pytest.raises(ConnectionError):
        await store(mixed, Away(), parking, NOON)
    assert parking.parked == []  # or each delivery would park it once more


async def test_the_shipped_example_is_a_message_as_pubsub_pushes_it(
    signals: MemorySignals, parking: MemoryParking
) -> None:
    await store(open_envelope({}, EXAMPLE).payload, signals, parking, NOON)
    assert len(signals.rows) == 1
    assert parking.parked == []
