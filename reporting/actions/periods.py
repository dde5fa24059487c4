"""When reports are due."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction

from accounts.models import User
from collaboratives.models import Cohort
from questionnaires.actions import add_questionnaire, publish
from reporting.models import Period
from reporting.report_forms import report_form
from tenancy import audit

MONTHS = {"month": 1, "quarter": 3}
OPENS_BEFORE_END = timedelta(days=14)
DUE_AFTER_END = timedelta(days=15)


class AlreadyPlanned(Exception):
    """The cohort has its periods."""


class NothingToReport(Exception):
    """The program asks for no reports."""


@transaction.atomic
def plan_periods(*, cohort: Cohort, now: datetime, by: User) -> list[Period]:
    """Lay out the cohort's reporting periods from its program's plan.

    They count whole months from the cohort's first, since numbers come by month. A period opens
    two weeks before it ends and is due two weeks after, by the cohort's clock.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    reporting = cohort.program.blueprint.reporting
    if reporting.kind == "none" or reporting.every not in MONTHS:
        raise NothingToReport
    if Period.objects.filter(cohort=cohort).exists():
        raise AlreadyPlanned
    form = publish(
        questionnaire=add_questionnaire(
            host_id=cohort.host_id, key=f"report-{cohort.slug}", name=str(cohort), by=by
        ),
        form=report_form(reporting, with_asks=cohort.leader_replies),
        now=now,
        by=by,
    )
    step = MONTHS[reporting.every]
    first = cohort.starts_on.replace(day=1)
    count = reporting.periods or _months_between(first, cohort.ends_on) // step
    periods = []
    for number in range(1, count + 1):
        starts = add_months(first, (number - 1) * step)
        ends = add_months(starts, step) - timedelta(days=1)
        periods.append(
            Period(
                host_id=cohort.host_id,
                cohort=cohort,
                number=number,
                slug=f"{ends.year}-{reporting.every[0]}{number}",
                every=reporting.every,
                kind=reporting.kind,
                form=form,
                starts_on=starts,
                ends_on=ends,
                opens_at=_at(cohort, ends - OPENS_BEFORE_END, time(0)),
                due_at=_at(cohort, ends + DUE_AFTER_END, time(23, 59)),
            )
        )
    Period.objects.bulk_create(periods)
    audit.record("planned reports", cohort, by=by, after={"periods": len(periods)})
    return list(Period.objects.filter(cohort=cohort).for_list())


def add_months(day: date, months: int) -> date:
    """The first of the month that is so many months later."""
    at = day.year * 12 + day.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _at(cohort: Cohort, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=cohort.zone)
