"""Which reports are asked for: the plan, a moved window, one report more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from collaboratives.blueprints.schema import Reporting
from collaboratives.models import Cohort, Team
from questionnaires.actions import add_questionnaire, publish
from questionnaires.models import Version
from reporting import emails, queries
from reporting.models import Period
from reporting.report_forms import report_form
from tenancy import audit

MONTHS = {"month": 1, "quarter": 3}
LAST_MINUTE = time(23, 59)


class AlreadyPlanned(Exception):
    """The cohort has its periods."""


class NothingToReport(Exception):
    """The program asks for no reports."""


class Refused(ValueError):
    """It can't be done like that; the words say why."""


@dataclass(frozen=True)
class Plan:
    """How periods are laid out. The days of the window are counted from a period's end."""

    by_calendar: bool = False
    opens_before_end: int = 14
    due_after_end: int = 15

    @classmethod
    def of(cls, reporting: Reporting) -> Plan:
        """As the program says."""
        return cls(
            by_calendar=reporting.quarters == "calendar",
            opens_before_end=reporting.opens_before_end,
            due_after_end=reporting.due_after_end,
        )


def lay_out(cohort: Cohort, plan: Plan) -> list[Period]:
    """The periods that this plan gives, without a form and not kept yet.

    They are whole months, since numbers come by month: from the cohort's first one, or from the
    beginning of its first calendar quarter. Raises NothingToReport or AlreadyPlanned.
    """
    reporting = cohort.program.blueprint.reporting
    if reporting.kind == "none" or reporting.every not in MONTHS:
        raise NothingToReport
    if Period.objects.filter(cohort=cohort).exists():
        raise AlreadyPlanned
    step = MONTHS[reporting.every]
    by_calendar = plan.by_calendar and step == MONTHS["quarter"]
    first = cohort.starts_on.replace(day=1)
    if by_calendar:
        first = first.replace(month=first.month - (first.month - 1) % step)
    count = reporting.periods or _months_between(first, cohort.ends_on) // step
    periods = []
    for number in range(1, count + 1):
        starts = add_months(first, (number - 1) * step)
        ends = add_months(starts, step) - timedelta(days=1)
        said = (ends.month + 2) // 3 if by_calendar else number
        opens_on = ends - timedelta(days=plan.opens_before_end)
        periods.append(
            Period(
                host_id=cohort.host_id,
                cohort=cohort,
                number=number,
                slug=f"{ends.year}-{reporting.every[0]}{said}",
                every=reporting.every,
                kind=reporting.kind,
                by_calendar=by_calendar,
                starts_on=starts,
                ends_on=ends,
                opens_at=_at(cohort, opens_on, time(0)),
                due_at=_at(cohort, ends + timedelta(days=plan.due_after_end), LAST_MINUTE),
            )
        )
    return periods


@transaction.atomic
def plan_periods(
    *, cohort: Cohort, plan: Plan | None = None, now: datetime, by: User
) -> list[Period]:
    """Lay out the cohort's reporting periods, as its program says or as staff decided."""
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    periods = lay_out(cohort, plan or Plan.of(cohort.program.blueprint.reporting))
    form = _form_of(cohort, now=now, by=by)
    for period in periods:
        period.form = form
    Period.objects.bulk_create(periods)
    audit.record("planned reports", cohort, by=by, after={"periods": len(periods)})
    return list(Period.objects.filter(cohort=cohort).for_list())


def _form_of(cohort: Cohort, *, now: datetime, by: User) -> Version:
    return publish(
        questionnaire=add_questionnaire(
            host_id=cohort.host_id, key=f"report-{cohort.slug}", name=str(cohort), by=by
        ),
        form=report_form(cohort.program.blueprint.reporting, with_asks=cohort.leader_replies),
        now=now,
        by=by,
    )


@transaction.atomic
def move_window(
    *, period: Period, opens_on: date, due_on: date, reason: str, now: datetime, by: User
) -> Period:
    """Another window for all; the months it covers stay. Reminders move, and teams that still
    write are told. Raises Refused."""
    period = Period.objects.select_for_update(of=("self",)).get(pk=period.pk)
    opens_at, due_at = _window(period.cohort, opens_on, due_on)
    if due_at <= now:
        raise Refused(_("Choose a due day that is still to come."))
    if (opens_at, due_at) == (period.opens_at, period.due_at):
        return period
    before = {"opens_at": period.opens_at.isoformat(), "due_at": period.due_at.isoformat()}
    period.opens_at, period.due_at = opens_at, due_at
    period.moves += 1
    period.save(update_fields=["opens_at", "due_at", "moves"])
    after = {"opens_at": opens_at.isoformat(), "due_at": due_at.isoformat()}
    audit.record("moved the window", period, by=by, before=before, after=after, reason=reason)
    for standing in queries.waiting_for(period, now=now):
        emails.window_changed(standing, what="moved", reason=reason)
    return period


@transaction.atomic
def add_period(
    *,
    cohort: Cohort,
    team: Team | None,
    name: str,
    first: date,
    last: date,
    opens_on: date,
    due_on: date,
    now: datetime,
    by: User,
) -> Period:
    """Ask for one report more, of all teams or of one. Raises Refused."""
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    planned = list(Period.objects.filter(cohort=cohort).order_by("number"))
    if not planned:
        raise Refused(_("Plan the periods of the program first."))
    if last <= first:
        raise Refused(_("The last day comes after the first."))
    opens_at, due_at = _window(cohort, opens_on, due_on)
    if due_at <= now:
        raise Refused(_("Choose a due day that is still to come."))
    number = planned[-1].number + 1
    period = Period.objects.create(
        host_id=cohort.host_id,
        cohort=cohort,
        team=team,
        number=number,
        slug=f"{last.year}-extra-{number}",
        every=planned[0].every,
        kind=planned[0].kind,
        form_id=planned[0].form_id,
        name=name,
        starts_on=first,
        ends_on=last,
        opens_at=opens_at,
        due_at=due_at,
    )
    after = {"name": name, "due_at": due_at.isoformat(), "team": team.slug if team else None}
    audit.record("asked for an extra report", period, by=by, after=after)
    for standing in queries.waiting_for(period, now=now):
        emails.window_changed(standing, what="extra", reason="")
    return period


def _window(cohort: Cohort, opens_on: date, due_on: date) -> tuple[datetime, datetime]:
    """From the first minute of one day to the last of the other, by the cohort's clock."""
    if due_on <= opens_on:
        raise Refused(_("A report is due after it opens."))
    return _at(cohort, opens_on, time(0)), _at(cohort, due_on, LAST_MINUTE)


def add_months(day: date, months: int) -> date:
    """The first of the month that is so many months later."""
    at = day.year * 12 + day.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _at(cohort: Cohort, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=cohort.zone)
