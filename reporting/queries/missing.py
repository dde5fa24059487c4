"""What a draft still lacks. Only questions of the form hold a report back; the rest is a hint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from collaboratives.queries.measures import MeasureTable
from reporting.models import ChangeTested, Report
from reporting.states import ReportKind
from tenancy.models import Host


@dataclass(frozen=True)
class Hint:
    """text: what could still be added. url: where."""

    text: str
    url: str


def hints(report: Report, tables: Sequence[MeasureTable], host: Host) -> list[Hint]:
    """Months of the period without numbers, and tests that nobody has written up. One query."""
    team, period = report.team, report.period
    names = [host.slug, team.slug]
    found = [
        Hint(
            _("%(measure)s has no numbers yet for these months.") % {"measure": table.name},
            reverse("collaboratives:measure_data", args=[*names, table.slug]),
        )
        for table in tables
        if not _has_numbers(table, report)
    ]
    tested = list(ChangeTested.objects.filter(team=team, started_on__lte=period.ends_on).for_list())
    for change in tested:
        if change.ended_on and change.ended_on >= period.starts_on and not change.study:
            text = _("%(change)s has ended. What did you learn?") % {"change": change.title}
            found.append(Hint(text, reverse("reporting:change_edit", args=[*names, change.pk])))
    if period.kind == ReportKind.FULL and not tested:
        text = _("No change is noted yet. Also one that did not work is worth telling.")
        found.append(Hint(text, reverse("reporting:change_add", args=names)))
    return found


def _has_numbers(table: MeasureTable, report: Report) -> bool:
    inside = {place for place, month in enumerate(table.months) if month >= report.period.starts_on}
    return any(
        group.cells[place].numerator is not None for group in table.groups for place in inside
    )
