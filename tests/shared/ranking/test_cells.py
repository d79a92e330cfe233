"""A wrong cache key silently serves wrong recommendations: each part of it must count."""

from uuid import UUID

import pytest

from shared.ranking.cells import (
    Cell,
    CellEntry,
    CellRanking,
    all_cells,
    cells_of_trip,
    siblings,
    trip_day_of,
)
from tests.builders import an_edition

CELL = Cell("food_first", "morning", 1)


def test_a_city_has_45_cells_and_no_two_share_a_key() -> None:
    keys = {an_edition().key(cell) for cell in all_cells()}
    assert len(keys) == 3 * 3 * 5


@pytest.mark.parametrize(
    "change",
    [
        {"city": "tokyo"},
        {"snapshot": "s2"},
        {"model": "claude-haiku-9"},
        {"prompt_version": "rank-2"},
        {"space_version": 2},
    ],
)
def test_a_change_in_what_a_cell_is_made_from_changes_its_key(change: dict[str, object]) -> None:
    assert an_edition(**change).key(CELL) != an_edition().key(CELL)


@pytest.mark.parametrize(("day", "trip_day"), [(1, 1), (5, 5), (6, 1), (10, 5), (30, 5)])
def test_days_after_the_fifth_reuse_the_cells_from_the_first_on(day: int, trip_day: int) -> None:
    assert trip_day_of(day) == trip_day


@pytest.mark.parametrize(("days", "cells"), [(1, 3), (3, 9), (5, 15), (30, 15)])
def test_a_trip_is_made_from_three_cells_a_day_and_never_more_than_fifteen(
    days: int, cells: int
) -> None:
    assert len(set(cells_of_trip("food_first", days))) == cells


def test_siblings_are_the_other_days_nearest_first() -> None:
    assert [cell.trip_day for cell in siblings(Cell("food_first", "evening", 2))] == [1, 3, 4, 5]


def test_a_better_place_or_a_surer_band_never_scores_lower() -> None:
    first, second = UUID(int=1), UUID(int=2)
    by_place = CellRanking((CellEntry(first, 5), CellEntry(second, 5))).scores()
    by_band = CellRanking((CellEntry(first, 9), CellEntry(second, 0))).scores()
    assert by_place[first] > by_place[second]
    assert by_band[first] == 0.5 + 0.5
    assert by_band[second] == pytest.approx(0.5 * 23 / 24)
