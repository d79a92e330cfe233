"""Batches: everything done is sent, some of it late, some of it twice."""

from datetime import UTC, datetime, timedelta
from random import Random

from emulators.travellers.post import OFFLINE, TWICE, Parcel, pack
from emulators.travellers.reading import read
from emulators.travellers.trip import read_trip
from tests.emulators.travellers.app import a_trip
from tests.emulators.travellers.builders import a_traveller

BEGAN = datetime(2027, 3, 2, 9, 10, tzinfo=UTC)


def posted(number: int) -> tuple[int, list[Parcel]]:
    trip = read_trip(a_trip(f"{number}", days=5))
    shown = list(read(a_traveller(number), trip, 0, 0, 0.0, frozenset()))
    done = sum(len(each.acts) for each in shown)
    return done, list(pack(trip, 0, shown, BEGAN, Random(number)))


def test_everything_done_is_sent_under_ids_of_its_own() -> None:
    for number in range(60):
        done, parcels = posted(number)
        ids = {signal["signal_id"] for parcel in parcels for signal in parcel.body["signals"]}
        assert len(ids) == done
        assert all(1 <= parcel.size <= 100 for parcel in parcels)


def test_what_is_sent_twice_is_the_same_body() -> None:
    twice = 0
    for number in range(200):
        seen: dict[str, object] = {}
        for parcel in posted(number)[1]:
            for signal in parcel.body["signals"]:
                twice += signal["signal_id"] in seen
                assert seen.setdefault(signal["signal_id"], signal) == signal
    assert twice > 0


def test_the_shares_of_late_and_doubled_batches_are_kept() -> None:
    parcels = [parcel for number in range(600) for parcel in posted(number)[1]]
    bodies = {id(parcel.body): parcel for parcel in reversed(parcels)}
    assert abs(sum(parcel.wait > 0 for parcel in bodies.values()) / len(bodies) - OFFLINE) < 0.04
    assert abs((len(parcels) - len(bodies)) / len(bodies) - TWICE) < 0.03


def test_signals_carry_when_they_happened() -> None:
    for number in range(40):
        for parcel in posted(number)[1]:
            times = [datetime.fromisoformat(s["occurred_at"]) for s in parcel.body["signals"]]
            assert times == sorted(times)
            assert times[0] >= BEGAN
            assert times[-1] < BEGAN + timedelta(minutes=30)
