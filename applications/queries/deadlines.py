"""By when something must happen, from the same rules that the public promise states."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from applications.models import Application
from applications.rules import in_grace, is_open
from collaboratives.blueprints.schema import Decision
from collaboratives.models import Cohort


def days_left(cohort: Cohort, now: datetime) -> int | None:
    """Whole days by the program's calendar; 0 on the last one and in the grace; None when over."""
    if cohort.closes_at is None or not cohort.takes_submission(now):
        return None
    return _days(cohort, cohort.closes_at, now)


def days_left_of(application: Application, now: datetime) -> int | None:
    """The same for one application, whose close may be later than the cohort's."""
    if application.closes_at is None or not (
        is_open(application, now) or in_grace(application, now)
    ):
        return None
    return _days(application.cohort, application.closes_at, now)


def _days(cohort: Cohort, closes_at: datetime, now: datetime) -> int:
    last, today = (at.astimezone(cohort.zone).date() for at in (closes_at, now))
    return max(0, (last - today).days)


def last_day_to_answer(cohort: Cohort, now: datetime) -> date:
    """For an offer that is made now, by the program's calendar."""
    return now.astimezone(cohort.zone).date() + timedelta(days=cohort.accept_within_days)


def decision_due(application: Application, decision: Decision, now: datetime) -> date | None:
    """The day by which the applicant was promised an answer; None without a promise.

    A promise in days counts from the receipt and stands still while we wait for an answer of
    the applicant: each day begun of that waiting is added. A promised date stays.
    """
    if decision.rule != "days" or decision.days is None or application.received_at is None:
        return application.cohort.decide_by
    day = application.received_at.astimezone(application.cohort.zone).date()
    if decision.days_are == "calendar":
        day += timedelta(days=decision.days)
    else:
        left = decision.days
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5
    waited = application.waited + application.waiting(now)
    return day + timedelta(days=-(-waited // timedelta(days=1)))


OFFERED_DAYS = 3


def offered_extension(application: Application, now: datetime) -> datetime:
    """What one click gives: three days more, at the same time of day, on a working day."""
    zone = application.cohort.zone
    start = max(now, application.closes_at or now).astimezone(zone)
    clock = (application.closes_at or now).astimezone(zone).time()
    day = start.date() + timedelta(days=OFFERED_DAYS)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return datetime.combine(day, clock, tzinfo=zone)
