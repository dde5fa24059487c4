"""By when something must happen, from the same rules that the public promise states."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from applications.models import Application
from collaboratives.blueprints.schema import Decision
from collaboratives.models import Cohort


def days_left(cohort: Cohort, now: datetime) -> int | None:
    """Whole days by the program's calendar; 0 on the last one and in the grace; None when over."""
    if cohort.closes_at is None or not cohort.takes_submission(now):
        return None
    last, today = (at.astimezone(cohort.zone).date() for at in (cohort.closes_at, now))
    return max(0, (last - today).days)


def decision_due(application: Application, decision: Decision) -> date | None:
    """The day by which the applicant was promised an answer; None without a promise."""
    if decision.rule == "by_date":
        return application.cohort.decide_by
    if decision.rule != "days" or decision.days is None or application.received_at is None:
        return application.cohort.decide_by
    day = application.received_at.astimezone(application.cohort.zone).date()
    if decision.days_are == "calendar":
        return day + timedelta(days=decision.days)
    left = decision.days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
