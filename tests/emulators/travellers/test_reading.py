"""One session: what is looked at, answered and passed over."""

from collections import Counter

from emulators.travellers.reading import LONGEST_S, Impression, read
from emulators.travellers.traveller import Traveller
from emulators.travellers.trip import Trip, read_trip
from tests.emulators.travellers.app import a_trip
from tests.emulators.travellers.builders import a_traveller


def session(
    who: Traveller, trip: Trip, settled: frozenset[tuple[int, int]] = frozenset()
) -> list[Impression]:
    return list(read(who, trip, 0, 0, 0.0, settled))


def gist(shown: list[Impression]) -> list[object]:
    return [(each.slot.position, each.utility, each.acts) for each in shown]


def test_the_same_places_under_other_ids_are_read_alike() -> None:
    first, second = read_trip(a_trip("x")), read_trip(a_trip("x"))
    assert first.id != second.id
    for number in range(20):
        who = a_traveller(number)
        assert gist(session(who, first)) == gist(session(who, second))


def test_an_answer_comes_after_its_view_and_all_in_time() -> None:
    for number in range(50):
        shown = session(a_traveller(number), read_trip(a_trip(f"{number}", days=7)))
        times = [act.offset_s for each in shown for act in each.acts]
        assert times == sorted(times)
        assert all(time < LONGEST_S + 130 for time in times)
        for each in shown:
            kinds = [act.signal_type for act in each.acts]
            assert kinds[:1] in ([], ["slot_view"])
            assert each.answer == (kinds[1] if len(kinds) > 1 else None)


def test_what_is_settled_is_passed_over() -> None:
    trip = read_trip(a_trip("x"))
    left = session(a_traveller(), trip, frozenset({(1, 1), (2, 3)}))
    assert {each.slot.position for each in left} == {slot.position for slot in trip.slots} - {
        (1, 1),
        (2, 3),
    }


def test_a_silent_reader_looks_and_says_nothing() -> None:
    kinds = Counter(
        act.signal_type
        for number in range(40)
        for each in session(a_traveller(number, read_only=1.0), read_trip(a_trip("x")))
        for act in each.acts
    )
    assert set(kinds) == {"slot_view"}


def test_the_top_of_a_trip_is_accepted_more_than_its_end() -> None:
    shown: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    for number in range(400):
        for each in session(a_traveller(number), read_trip(a_trip(f"{number}", days=4))):
            where = "top" if each.slot.rank <= 5 else "end" if each.slot.rank > 15 else "middle"
            shown[where] += 1
            accepted[where] += each.answer == "slot_accept"
    rates = {where: accepted[where] / shown[where] for where in shown}
    assert rates["top"] > 1.3 * rates["middle"] > 1.3 * 1.3 * rates["end"]


def test_what_is_liked_is_accepted_and_what_is_not_is_skipped() -> None:
    answered = [
        each
        for number in range(200)
        for each in session(a_traveller(number), read_trip(a_trip(f"{number}")))
        if each.answer
    ]
    liked = [each.answer for each in answered if each.utility > 0.8]
    disliked = [each.answer for each in answered if each.utility < -0.8]
    assert liked.count("slot_accept") / len(liked) > 0.8
    assert disliked.count("slot_skip") / len(disliked) > 0.8


def test_strong_dislikes_are_often_skipped_within_two_seconds() -> None:
    times = [
        each.acts[1].time_to_action_ms or 0
        for number in range(300)
        for each in session(a_traveller(number), read_trip(a_trip(f"{number}")))
        if each.answer == "slot_skip" and each.p_accept < 0.05
    ]
    assert sum(time < 2_000 for time in times) / len(times) > 0.5


def test_thumbs_are_rare_and_agree_with_the_answer() -> None:
    answers = thumbs = 0
    for number in range(400):
        for each in session(a_traveller(number), read_trip(a_trip(f"{number}"))):
            kinds = [act.signal_type for act in each.acts]
            answers += len(kinds) > 1
            thumbs += len(kinds) > 2
            assert kinds[1:] not in (["slot_accept", "thumbs_down"], ["slot_skip", "thumbs_up"])
    assert 0 < thumbs / answers < 0.1
