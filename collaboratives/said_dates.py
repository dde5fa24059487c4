"""Dates as people say them: "Thursday, January 14, 2027", "through January 2024", "2027-01-14"."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

MONTHS = "january february march april may june july august september october november december"
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"
END_OF_DAY = time(23, 59, 59)
_SPACE = re.compile(r"[\s,.]+")


class DateRefused(ValueError):
    """What was typed is not one certain day. The message says what to type."""


@dataclass(frozen=True)
class Deadline:
    """whole_day: the day was given as the last one, so the instant is its end."""

    at: datetime
    whole_day: bool


def _named(word: str, names: str) -> int | None:
    """The place of a name or of its first three letters or more, from 0."""
    found = [n for n, name in enumerate(names.split()) if len(word) >= 3 and name.startswith(word)]
    return found[0] if len(found) == 1 else None


def _day(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise DateRefused(gettext("There is no such day in the calendar.")) from None


def _plain(text: str) -> tuple[int | None, int | None, int | None, int | None]:
    """weekday (0 is Monday), year, month, day: whatever the words say."""
    weekday = year = month = number = None
    for word in _SPACE.sub(" ", text.strip().lower()).split():
        digits = re.fullmatch(r"(\d{1,4})(?:st|nd|rd|th)?", word)
        if digits and len(digits[1]) == 4:
            year = int(digits[1])
        elif digits:
            number = int(digits[1])
        elif (at := _named(word, MONTHS)) is not None:
            month = at + 1
        elif (at := _named(word, WEEKDAYS)) is not None:
            weekday = at
        else:
            raise DateRefused(gettext("Type a date like January 14, 2027."))
    return weekday, year, month, number


def _weekday_fits(day: date, weekday: int | None) -> None:
    if weekday is None or day.weekday() == weekday:
        return
    right, wrong = (WEEKDAYS.split()[n].capitalize() for n in (day.weekday(), weekday))
    raise DateRefused(
        gettext("%(day)s is a %(right)s, not a %(wrong)s. Type %(right)s, %(day)s or another date.")
        % {"day": f"{day:%B} {day.day}, {day.year}", "right": right, "wrong": wrong}
    )


def parse_day(text: str) -> date:
    """One day. A weekday may be said, and then must be the right one; the year must be."""
    iso = re.fullmatch(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*", text)
    if iso:
        return _day(*(int(part) for part in iso.groups()))
    american = re.fullmatch(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})\s*", text)
    if american:
        return _day(int(american[3]), int(american[1]), int(american[2]))
    weekday, year, month, number = _plain(text)
    if month is None or number is None:
        raise DateRefused(gettext("Type the month and the day, like January 14, 2027."))
    if year is None:
        raise DateRefused(gettext("Type the year too, like January 14, 2027."))
    day = _day(year, month, number)
    _weekday_fits(day, weekday)
    return day


def parse_deadline(text: str, *, at: time, zone: ZoneInfo) -> Deadline:
    """The instant until which something is open.

    "through" a day or a month is the end of that (last) day in the zone; any other day counts
    until `at`. A month alone is refused: it could mean its first day as well.
    """
    through = re.fullmatch(r"\s*(?:through|thru|until the end of)\s+(.+)", text, re.IGNORECASE)
    if not through:
        if _is_month_alone(text):
            raise DateRefused(
                gettext("Type a day, or “through %(month)s” for its last day.")
                % {"month": text.strip()}
            )
        return Deadline(datetime.combine(parse_day(text), at, zone), whole_day=False)
    said = through[1]
    if _is_month_alone(said):
        _weekday, year, month, _number = _plain(said)
        day = date(year, month, monthrange(year, month)[1])  # type: ignore[arg-type,type-var]
    else:
        day = parse_day(said)
    return Deadline(datetime.combine(day, END_OF_DAY, zone), whole_day=True)


def _is_month_alone(text: str) -> bool:
    if not re.search(r"[A-Za-z]", text):
        return False
    weekday, year, month, number = _plain(text)
    if month is not None and number is None and weekday is None and year is None:
        raise DateRefused(gettext("Type the year too, like January 2027."))
    return month is not None and year is not None and number is None and weekday is None


def end_of(starts_on: date, *, count: int, unit: str) -> date:
    """The last day of a run: eight weeks from September 15 is November 10."""
    if unit == "weeks":
        return starts_on + timedelta(weeks=count)
    years, month = divmod(starts_on.month - 1 + count, 12)
    year, month = starts_on.year + years, month + 1
    return date(year, month, min(starts_on.day, monthrange(year, month)[1]))
