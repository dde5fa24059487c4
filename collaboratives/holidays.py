"""Federal holidays of the United States, on the days they are kept."""

from __future__ import annotations

from calendar import FRIDAY, MONDAY, SATURDAY, SUNDAY, THURSDAY, monthrange
from datetime import date, timedelta


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def _last(year: int, month: int, weekday: int) -> date:
    end = date(year, month, monthrange(year, month)[1])
    return end - timedelta(days=(end.weekday() - weekday) % 7)


def _kept(day: date) -> date:
    """A fixed day that falls on a weekend is kept on the working day beside it."""
    if day.weekday() == SATURDAY:
        return day - timedelta(days=1)
    return day + timedelta(days=1) if day.weekday() == SUNDAY else day


def of_year(year: int) -> frozenset[date]:
    fixed = [(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)]
    thanks = _nth(year, 11, THURSDAY, 4)
    return frozenset(
        {_kept(date(year, month, day)) for month, day in fixed}
        | {date(year, month, day) for month, day in fixed}
        | {
            _nth(year, 1, MONDAY, 3),
            _nth(year, 2, MONDAY, 3),
            _last(year, 5, MONDAY),
            _nth(year, 9, MONDAY, 1),
            _nth(year, 10, MONDAY, 2),
            thanks,
            thanks + timedelta(days=FRIDAY - THURSDAY),  # no help is there on that day either
        }
    )


def is_holiday(day: date) -> bool:
    return day in of_year(day.year)
