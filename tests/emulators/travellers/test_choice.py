"""Answers: probabilities in range, in the right order, and times that fit them."""

from random import Random
from statistics import median

from hypothesis import given
from hypothesis import strategies as some

from emulators.travellers.choice import THUMBS, decision_ms, temper_of
from tests.emulators.travellers.builders import a_chance, a_temper

travellers = some.integers(0, 10_000)
utilities = some.floats(-6, 6)
counts = some.integers(0, 60)


@given(travellers, utilities, counts)
def test_all_are_probabilities(traveller: int, utility: float, answered: int) -> None:
    temper = temper_of(a_chance(traveller), silent=0.2)
    assert 0 <= temper.accepts(utility) <= 1
    assert 0 <= temper.answers(utility, answered) <= 1
    assert 0 <= temper.gives_thumb(utility) <= THUMBS


@given(travellers, utilities, some.floats(0.01, 3))
def test_what_is_liked_more_is_accepted_more(traveller: int, utility: float, more: float) -> None:
    temper = temper_of(a_chance(traveller), silent=0)
    assert temper.accepts(utility + more) >= temper.accepts(utility)


@given(travellers, utilities, counts)
def test_answers_grow_rarer_in_a_session(traveller: int, utility: float, answered: int) -> None:
    temper = temper_of(a_chance(traveller), silent=0)
    assert temper.answers(utility, answered + 1) < temper.answers(utility, answered)


def test_indifference_is_kept_to_oneself() -> None:
    temper = a_temper(candour=0.6)
    assert temper.answers(2.0, 0) > 2 * temper.answers(0.0, 0)


def test_without_candour_silence_says_nothing() -> None:
    temper = a_temper(candour=0.0)
    assert temper.answers(2.0, 0) == temper.answers(0.0, 0)


def test_the_share_of_silent_readers_is_kept() -> None:
    silent = [temper_of(a_chance(n), silent=0.2).willingness == 0 for n in range(3_000)]
    assert abs(sum(silent) / len(silent) - 0.2) < 0.03


def test_doubt_takes_longest_and_strong_dislike_is_a_glance() -> None:
    temper = a_temper()
    assert temper.median_ms(0.0) > temper.median_ms(2.0) > 2 * temper.median_ms(-2.0) * 0.99
    assert temper.median_ms(-2.0) < 2_000


@given(travellers, utilities, some.integers(0, 2**32))
def test_a_decision_takes_between_a_quarter_second_and_two_minutes(
    traveller: int, utility: float, seed: int
) -> None:
    temper = temper_of(a_chance(traveller), silent=0)
    assert 250 <= decision_ms(temper, utility, Random(seed)) <= 120_000


def test_times_scatter_around_the_median() -> None:
    temper, stream = a_temper(), Random(1)
    drawn = median(decision_ms(temper, 0.5, stream) for _ in range(4_000))
    assert abs(drawn / temper.median_ms(0.5) - 1) < 0.05
