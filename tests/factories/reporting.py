"""Measures with numbers, periods, reports, replies: for tests of this room and its charts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from accounts.models import User
from collaboratives.models import Cohort, DataPoint, Measure, Stratum, Team
from collaboratives.states import Frequency
from reporting.actions import plan_periods, save_answers, start_report, submit
from reporting.models import Period, ReportVersion
from tenancy.active import open_host
from tenancy.models import Host
from tests.factories import UserFactory
from tests.factories.collaboratives import CohortFactory, MeasureFactory, ProgramFactory

PLANNED_AT = datetime(2026, 1, 20, 15, tzinfo=UTC)

Counts = tuple[float | None, float | None]


def measure_with(
    team: Team,
    numbers: Mapping[str, Sequence[Counts | None]],
    *,
    first: date = date(2025, 5, 1),
    labels: Mapping[str, str] | None = None,
    missing: Mapping[str, str] | None = None,
    **fields: object,
) -> Measure:
    """A measure of the team with these (numerator, denominator) by group, one period after
    another, which are months unless `frequency` says quarter.

    numbers: by the group's code, "" for everybody; None where a month has no row.
    """
    with open_host(team.host_id):
        reference = fields.pop("reference", "")
        measure = MeasureFactory(host=team.host, team=team, **fields)
        strata = [
            Stratum(
                host_id=team.host_id,
                measure=measure,
                code=code,
                label=(labels or {}).get(code) or (code.title() if code else "All patients"),
                missing_kind=(missing or {}).get(code, ""),
                position=position,
            )
            for position, code in enumerate(numbers)
        ]
        Stratum.objects.bulk_create(strata)
        by = UserFactory()
        step = Frequency(measure.frequency).months
        at = first.year * 12 + first.month - 1
        DataPoint.objects.bulk_create(
            DataPoint(
                host_id=team.host_id,
                stratum=stratum,
                period_start=date(month // 12, month % 12 + 1, 1),
                numerator=counts[0],
                denominator=counts[1],
                entered_by=by,
            )
            for stratum in strata
            for place, counts in enumerate(numbers[stratum.code])
            if counts is not None
            for month in [at + place * step]
        )
        measure.reference = next((s for s in strata if s.code == reference), None)
        measure.save(update_fields=["reference"])
        return measure


def cohort_with_periods(
    host: Host, *, leader_replies: bool = True, key: str = "learning-network", **fields: Any
) -> Cohort:
    """A cohort from February 2026 on, with its quarters planned by a coordinator."""
    program = ProgramFactory(host=host, blueprint_key=key)
    cohort = CohortFactory(
        host=host,
        program=program,
        starts_on=date(2026, 2, 3),
        ends_on=date(2027, 8, 3),
        leader_replies=leader_replies,
        **fields,
    )
    with open_host(host.pk):
        plan_periods(cohort=cohort, now=PLANNED_AT, by=UserFactory())
    return cohort


def submitted_report(
    team: Team, period: Period, by: User, *, now: datetime, **answers: str
) -> ReportVersion:
    """A report with the least that can be submitted."""
    with open_host(team.host_id):
        report = start_report(team=team, period=period, now=now, by=by)
        given = {"headline": "Control rose.", "learning": "Calls work.", **answers}
        save_answers(report=report, values=given, base_revisions=None, now=now, by=by)
        return submit(report=report, now=now, by=by)
