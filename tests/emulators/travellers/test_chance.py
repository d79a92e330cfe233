"""Dice: the same for the same purpose, and no purpose disturbs another."""

import pytest

from emulators.travellers.chance import Chance


def test_the_same_purpose_gives_the_same_numbers() -> None:
    first, second = Chance(7, 3).stream("session", 1), Chance(7, 3).stream("session", 1)
    assert [first.random() for _ in range(5)] == [second.random() for _ in range(5)]


@pytest.mark.parametrize(
    "other",
    [Chance(8, 3).uniform("taste", 1), Chance(7, 4).uniform("taste", 1)],
    ids=["seed", "traveller"],
)
def test_seeds_and_travellers_have_dice_of_their_own(other: float) -> None:
    assert Chance(7, 3).uniform("taste", 1) != other


def test_paths_are_told_apart_word_by_word() -> None:
    chance = Chance(7, 3)
    draws = [chance.uniform("a", "b"), chance.uniform("a/b"), chance.uniform("ab")]
    draws += [chance.uniform("a", 1), chance.uniform("a", "1")]
    assert len(set(draws)) == len(draws)


def test_normal_draws_are_standard_normal() -> None:
    draws = [Chance(1, number).normal("x") for number in range(4_000)]
    mean = sum(draws) / len(draws)
    variance = sum((draw - mean) ** 2 for draw in draws) / len(draws)
    assert abs(mean) < 0.06
    assert abs(variance - 1) < 0.08


def test_a_log_normal_draw_lies_below_its_median_half_the_time() -> None:
    draws = [Chance(1, number).around(16.0, 0.4, "x") for number in range(4_000)]
    assert abs(sum(draw < 16.0 for draw in draws) / len(draws) - 0.5) < 0.03
