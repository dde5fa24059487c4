"""Dates as people type them, and why some are refused."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from collaboratives.said_dates import DateRefused, end_of, parse_day, parse_deadline

CHICAGO = ZoneInfo("America/Chicago")
FIVE = time(17)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2027-01-14", date(2027, 1, 14)),
        ("January 14, 2027", date(2027, 1, 14)),
        ("Jan. 14 2027", date(2027, 1, 14)),
        ("Thursday, January 14, 2027", date(2027, 1, 14)),
        ("14 January 2027", date(2027, 1, 14)),
        ("1/14/2027", date(2027, 1, 14)),
        ("Thurs. Sept. 15, 2022", date(2022, 9, 15)),
        ("October 21st, 2022", date(2022, 10, 21)),
    ],
)
def test_one_day_in_many_ways(said, day):
    assert parse_day(said) == day


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        # S0-20
        (
            "Friday, January 14, 2027",
            "January 14, 2027 is a Thursday, not a Friday. "
            "Type Thursday, January 14, 2027 or another date.",
        ),
        ("Thursday, Sept. 15", "Type the year too, like January 14, 2027."),
        ("February 30, 2027", "There is no such day in the calendar."),
        ("2027-13-01", "There is no such day in the calendar."),
        ("January 2027", "Type the month and the day, like January 14, 2027."),
        ("soon", "Type a date like January 14, 2027."),
        ("", "Type the month and the day, like January 14, 2027."),
    ],
)
def test_what_is_not_one_certain_day_is_refused_in_words(said, answer):
    with pytest.raises(DateRefused) as refused:
        parse_day(said)
    assert str(refused.value) == answer


def test_through_a_month_is_the_end_of_its_last_day_in_the_zone():
    # S2-12
    deadline = parse_deadline("through January 2024", at=FIVE, zone=CHICAGO)
    assert deadline.at == datetime(2024, 2, 1, 5, 59, 59, tzinfo=UTC)
    assert deadline.whole_day
    february = parse_deadline("Through Feb 2024", at=FIVE, zone=CHICAGO)
    assert february.at.astimezone(CHICAGO).date() == date(2024, 2, 29)


def test_through_a_day_is_the_end_of_that_day():
    # S3-28
    deadline = parse_deadline("through November 1, 2022", at=FIVE, zone=CHICAGO)
    assert deadline.at == datetime(2022, 11, 2, 4, 59, 59, tzinfo=UTC)


def test_a_day_counts_until_the_hour():
    # S4-31, S3-25
    deadline = parse_deadline("Friday, October 21, 2022", at=FIVE, zone=CHICAGO)
    assert deadline.at == datetime(2022, 10, 21, 22, tzinfo=UTC)
    assert not deadline.whole_day


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("January 2024", "Type a day, or “through January 2024” for its last day."),
        ("through January", "Type the year too, like January 2027."),
        (
            "through Monday, November 1, 2022",
            "November 1, 2022 is a Tuesday, not a Monday. "
            "Type Tuesday, November 1, 2022 or another date.",
        ),
    ],
)
def test_a_deadline_that_could_mean_two_things_is_refused(said, answer):
    with pytest.raises(DateRefused) as refused:
        parse_deadline(said, at=FIVE, zone=CHICAGO)
    assert str(refused.value) == answer


@pytest.mark.parametrize(
    ("starts", "count", "unit", "ends"),
    [
        (date(2022, 9, 15), 8, "weeks", date(2022, 11, 10)),  # S0-04, S0-14
        (date(2027, 1, 14), 18, "months", date(2028, 7, 14)),  # S1-22, S3-08, S4-07
        (date(2027, 1, 31), 12, "months", date(2028, 1, 31)),  # S2-05
        (date(2027, 8, 31), 18, "months", date(2029, 2, 28)),
    ],
)
def test_the_end_follows_from_the_length(starts, count, unit, ends):
    assert end_of(starts, count=count, unit=unit) == ends
