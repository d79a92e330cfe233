"""Which days are due."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.learning.due import DayNotOver, DayRows, Extracted, due, stale_days, window

DAY = date(2026, 11, 22)
NIGHT = datetime(2026, 11, 23, 3, tzinfo=UTC)
ROWS = DayRows(DAY, signals=10, newest_seq=99)
SAME = Extracted(DAY, signals=10, newest_seq=99, stale_marks=0)


def test_the_window_is_the_31_days_before_today() -> None:
    assert window(NIGHT, None) == (
        datetime(2026, 10, 23, tzinfo=UTC),
        datetime(2026, 11, 23, tzinfo=UTC),
    )


def test_a_single_day_is_looked_at_alone() -> None:
    start = datetime(2026, 11, 22, tzinfo=UTC)
    assert window(NIGHT, DAY) == (start, start + timedelta(days=1))


@pytest.mark.parametrize("day", [NIGHT.date(), NIGHT.date() + timedelta(days=1)])
def test_a_day_that_is_not_over_is_refused(day: date) -> None:
    with pytest.raises(DayNotOver):
        window(NIGHT, day)


@pytest.mark.parametrize(
    ("rows", "extracted", "stale", "expected"),
    [
        (ROWS, None, False, True),
        (DayRows(DAY), None, False, False),
        (ROWS, SAME, False, False),
        (ROWS, SAME, True, True),
        (DayRows(DAY, 11, 99), SAME, False, True),
        (DayRows(DAY, 10, 100), SAME, False, True),
        (DayRows(DAY), SAME, False, True),
    ],
)
def test_a_day_is_due_without_a_dataset_or_when_its_rows_changed_or_when_it_is_stale(
    rows: DayRows, extracted: Extracted | None, stale: bool, expected: bool
) -> None:
    assert due(rows, extracted, stale=stale) is expected


def test_a_mark_counts_until_a_version_was_planned_after_it() -> None:
    known = [SAME, Extracted(DAY + timedelta(days=1), 1, 1, stale_marks=2)]
    assert stale_days({DAY: 1, DAY + timedelta(days=1): 2}, known) == {DAY}
    assert stale_days({DAY - timedelta(days=1): 1}, known) == set()
