"""Hidden tastes: a person's own, the same in every stack, turning without growing."""

import math
from statistics import fmean

from emulators.travellers.kinds import KINDS, LABELS
from emulators.travellers.onboarding import onboarding_of
from emulators.travellers.tastes import Tastes
from tests.emulators.travellers.builders import a_chance, a_place


def test_a_place_is_worth_the_same_under_any_id() -> None:
    tastes = Tastes(a_chance())
    first, second = a_place("Zeitgeist", "quiet", id="1"), a_place("Zeitgeist", "quiet", id="2")
    assert tastes.utility(first, 0) == tastes.utility(second, 0)


def test_two_travellers_differ_about_a_place() -> None:
    place = a_place("Zeitgeist", "quiet", "bookish")
    assert len({Tastes(a_chance(n)).utility(place, 0) for n in range(20)}) == 20


def test_people_of_a_kind_like_what_the_kind_likes() -> None:
    fans = [
        tastes.weight("late-night", 0)
        for tastes in (Tastes(a_chance(n)) for n in range(400))
        if tastes.now.first == "night_listener"
    ]
    assert fmean(fans) > 0.5


def test_tastes_stand_still_without_drift() -> None:
    tastes = Tastes(a_chance())
    assert tastes.weight("quiet", 0) == tastes.weight("quiet", 40)


def test_tastes_turn_into_others_of_the_same_size() -> None:
    quarter = math.pi / 2
    drifting = [Tastes(a_chance(n), drift=quarter) for n in range(600)]
    before = [tastes.weight("quiet", 0) for tastes in drifting]
    after = [tastes.weight("quiet", 1) for tastes in drifting]
    assert before != after
    spread_before, spread_after = (fmean(w * w for w in some) for some in (before, after))
    assert abs(spread_after / spread_before - 1) < 0.25


def test_a_vibe_that_no_kind_names_is_liked_by_chance() -> None:
    weights = [Tastes(a_chance(n)).weight("brutalist", 0) for n in range(400)]
    assert abs(fmean(weights)) < 0.05
    assert len(set(weights)) == 400


def test_what_is_told_is_true_on_average_and_only_a_part() -> None:
    told_weights, all_weights, best_told = [], [], 0
    labels = {label: feature for feature, (_, label) in LABELS.items()}
    for number in range(300):
        tastes = Tastes(a_chance(number))
        told = onboarding_of(a_chance(number), tastes, skipping=0)
        assert told is not None
        features = [labels[label] for picked in told.tags.values() for label in picked]
        assert 3 <= len(features) <= 6
        told_weights += [tastes.weight(feature, 0) for feature in features]
        all_weights += [tastes.weight(feature, 0) for feature in LABELS]
        best_told += max(LABELS, key=lambda f, t=tastes: t.weight(f, 0)) in features  # type: ignore[misc]
    assert fmean(told_weights) > fmean(all_weights) + 0.3
    assert 0.3 < best_told / 300 < 0.95


def test_some_skip_onboarding() -> None:
    silent = [
        onboarding_of(a_chance(n), Tastes(a_chance(n)), skipping=0.25) is None for n in range(1_000)
    ]
    assert abs(sum(silent) / 1_000 - 0.25) < 0.05


def test_kinds_and_labels_stay_within_bounds() -> None:
    assert all(-1 <= weight <= 1 for kind in KINDS.values() for weight in kind.values())
    assert len(set(LABELS.values())) == len(LABELS)
