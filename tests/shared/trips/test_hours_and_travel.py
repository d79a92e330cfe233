"""Hours are kept where known, and ways between stops are never shorter than the streets."""

from datetime import date, datetime

from shared.nodes.node import Position
from shared.trips.hours import is_open, open_on
from shared.trips.travel import Streets, travel_between
from tests.builders import PIKE


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute)  # noqa: DTZ001 - the city's local time


def test_a_stay_must_end_before_the_place_shuts() -> None:
    assert is_open("Mo-Fr 09:00-17:00", at(15), at(17))
    assert not is_open("Mo-Fr 09:00-17:00", at(16, 30), at(17, 30))


def test_a_place_open_past_midnight_is_open_late() -> None:
    assert is_open("Mo-Su 18:00-02:00", at(23), at(1, day=24))


def test_unknown_or_unreadable_hours_do_not_forbid_a_stop() -> None:
    assert is_open(None, at(3), at(4))
    assert is_open("whenever we feel like it", at(3), at(4))


def test_a_kilometre_north_is_a_walk_of_about_seventeen_minutes() -> None:
    north = Position(PIKE.lat + 1 / 111.195, PIKE.lon)
    way = travel_between(PIKE, north)
    assert way.mode == "walk"
    assert way.minutes == 18  # 1.3 km at 4.5 km/h is 17.3, and nobody arrives early
    assert 1.29 < way.km < 1.31


def test_a_long_way_is_taken_by_transit() -> None:
    assert travel_between(PIKE, Position(PIKE.lat + 0.05, PIKE.lon)).mode == "transit"


MONDAY = date(2026, 11, 23)


def test_a_day_holds_the_hours_of_its_date_in_minutes() -> None:
    assert open_on("Mo-Fr 09:00-12:30,14:00-18:00", MONDAY) == ((540, 750), (840, 1080))
    assert open_on("Tu-Su 09:00-17:00", MONDAY) == ()
    assert open_on("May-Oct Mo 15:00-19:00", MONDAY) == ()


def test_a_night_that_began_the_day_before_counts_until_it_ends() -> None:
    assert open_on("Mo-Su 18:00-02:00", MONDAY) == ((0, 120), (1080, 1440))


def test_unknown_hours_are_open_all_day() -> None:
    assert open_on(None, MONDAY) == open_on("ask inside", MONDAY) == ((0, 1440),)


def test_all_ways_at_once_are_the_ways_one_by_one() -> None:
    places = [
        Position(PIKE.lat + 0.004 * north, PIKE.lon + 0.03 * east)
        for north in range(-3, 9)
        for east in range(4)
    ]
    ways = Streets().ways(places)
    for start, here in enumerate(places):
        for end, there in enumerate(places):
            way = travel_between(here, there)
            assert abs(ways.metres[start][end] - way.km * 1000) < 0.01
            assert abs(ways.minutes[start][end] - way.minutes) <= (way.km > 0) * 1e-9
            assert ways.travel(start, end) == way
