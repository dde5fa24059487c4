"""Measures with numbers, periods, reports, replies: for tests of this room and its charts."""

from collections.abc import Mapping, Sequence
from datetime import date

from collaboratives.models import DataPoint, Measure, Stratum, Team
from tenancy.active import open_host
from tests.factories import UserFactory
from tests.factories.collaboratives import MeasureFactory

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
    """A measure of the team with these (numerator, denominator) by group, month after month.

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
        at = first.year * 12 + first.month - 1
        DataPoint.objects.bulk_create(
            DataPoint(
                host_id=team.host_id,
                stratum=stratum,
                period_start=date((at + month) // 12, (at + month) % 12 + 1, 1),
                numerator=counts[0],
                denominator=counts[1],
                entered_by=by,
            )
            for stratum in strata
            for month, counts in enumerate(numbers[stratum.code])
            if counts is not None
        )
        measure.reference = next((s for s in strata if s.code == reference), None)
        measure.save(update_fields=["reference"])
        return measure
