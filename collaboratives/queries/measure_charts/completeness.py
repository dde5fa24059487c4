"""How many people have a known group: a measure of its own, with its own chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analytics.charts import scale_for
from analytics.unknowns import HEALTH_CENTER_YARDSTICK, Completeness, completeness
from analytics.words import plain_number
from collaboratives.queries.measure_charts.drawing import Panel, chart_of, panel_of
from collaboratives.queries.measures import Cell, GroupSeries, MeasureTable


@dataclass(frozen=True)
class Known:
    """panel: the share of people with a known group, month by month. biased: so many are
    unknown in the last months that a gap may not be what it seems."""

    panel: Panel
    share: str
    kinds: list[tuple[str, str]]
    biased: bool


def people_of(table: MeasureTable, cell: Cell) -> float | None:
    return cell.denominator if table.has_denominator else cell.numerator


def known_cell(table: MeasureTable, at: int) -> Cell:
    """(people with a known group, all people) of one month; hidden when any part of it is."""
    missing = [g.cells[at] for g in table.groups if g.missing_kind]
    groups = [g.cells[at] for g in table.groups if g.code and not g.missing_kind]
    everybody = table.by_code[""].cells[at] if "" in table.by_code else Cell()
    unknown = [people_of(table, cell) for cell in missing]
    if any(cell.hidden for cell in missing):
        return Cell(hidden=True)
    if all(people is None for people in unknown):
        return Cell()
    total = people_of(table, everybody)
    absent = sum(people or 0 for people in unknown)
    if total is None:
        if everybody.hidden or any(cell.hidden for cell in groups):
            return Cell(hidden=True)
        total = absent + sum(people_of(table, cell) or 0 for cell in groups)
    return Cell(max(0.0, total - absent), total)


def completeness_of(table: MeasureTable, labels: list[str], uid: str) -> Known | None:
    """None for a measure whose set has no unknown groups, or none with numbers."""
    if not any(g.missing_kind and (g.has_numbers or g.hides) for g in table.groups):
        return None
    if table.type in ("time_between", "mean"):
        return None
    cells = tuple(known_cell(table, at) for at in range(len(table.months)))
    series = GroupSeries("known", _("Group is known"), "", cells)
    if not series.has_numbers:
        return None
    own = table.as_completeness(series)
    number = plain_number("%")
    chart = chart_of(own, series)
    scale = scale_for((*chart.value, *chart.cl), bounds=(0, 100), goal=own.goal)
    panel = panel_of(own, series, chart, labels, number, [], scale, [], f"{uid}-known")
    found = recent(table, cells)
    percent = found.percent
    return Known(
        panel=panel,
        share="" if percent is None else number(percent),
        kinds=_kinds(table),
        biased=found.may_be_biased,
    )


def recent(table: MeasureTable, cells: Sequence[Cell]) -> Completeness:
    """The last months together."""
    shown = [cell for cell in cells[-table.latest :] if cell.numerator is not None]
    known = sum(cell.numerator or 0 for cell in shown)
    total = sum(cell.denominator or 0 for cell in shown)
    return completeness({"known": known, "unknown": total - known})


def _kinds(table: MeasureTable) -> list[tuple[str, str]]:
    """Each way of not knowing with its people in the last months; kept apart on purpose."""
    found = []
    for group in table.groups:
        if not group.missing_kind:
            continue
        last = group.cells[-table.latest :]
        if any(cell.hidden for cell in last):
            found.append((group.label, _("hidden")))
        else:
            found.append((group.label, f"{sum(people_of(table, c) or 0 for c in last):,.0f}"))
    return found


YARDSTICK = HEALTH_CENTER_YARDSTICK / 100
