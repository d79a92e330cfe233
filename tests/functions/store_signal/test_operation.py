"""A published signal becomes one row however often it comes; what is no signal is never stored."""

from uuid import UUID

import pytest

from functions.store_signal.operation import store
from shared.runtime.envelopes import open_envelope
from shared.signals.errors import SignalUnreadable
from shared.signals.message import encode_signal
from shared.signals.signal import Signal
from tests.builders import a_signal
from workflows.manifest import ROOT

EXAMPLE = (ROOT / "functions/store_signal/example.json").read_bytes()


class MemorySignals:
    def __init__(self) -> None:
        self.rows: dict[UUID, Signal] = {}

    async def insert(self, signal: Signal) -> bool:
        new = signal.signal_id not in self.rows
        self.rows.setdefault(signal.signal_id, signal)
        return new


async def test_what_was_written_is_what_is_stored() -> None:
    signals = MemorySignals()
    await store(encode_signal(a_signal()), signals)
    assert list(signals.rows.values()) == [a_signal()]


async def test_a_second_delivery_is_acknowledged_and_changes_nothing() -> None:
    signals = MemorySignals()
    for _ in range(3):
        await store(encode_signal(a_signal()), signals)
    assert len(signals.rows) == 1


async def test_a_message_that_is_no_signal_is_refused_and_not_retried() -> None:
    signals = MemorySignals()
    with pytest.raises(SignalUnreadable) as refused:
        await store({"hello": "world"}, signals)
    assert refused.value.status == 422  # the face parks it: nothing but a 503 is delivered again
    assert signals.rows == {}


async def test_the_shipped_example_is_a_signal_as_pubsub_pushes_it() -> None:
    signals = MemorySignals()
    await store(open_envelope({}, EXAMPLE).payload, signals)
    assert len(signals.rows) == 1
