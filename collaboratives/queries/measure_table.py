"""A measure and its numbers as one reader may see them: plain data, no query here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analytics.unknowns import HEALTH_CENTER_YARDSTICK
from collaboratives.category_sets import axis_label
from collaboratives.states import Direction, Frequency, MeasureKind, MeasureType


def period_of(day: date, frequency: str) -> date:
    """The first day of the month, or of the quarter of the year, that a day is in."""
    step = Frequency(frequency).months
    return day.replace(day=1, month=day.month - (day.month - 1) % step)


def period_words(month: date, frequency: str) -> str:
    """Oct 2026, or Q4 2026 for the quarter that begins then, in the reader's language."""
    if frequency != Frequency.QUARTER:
        return _month_words(month, get_language() or "")
    quarter, year = month.month // 3 + 1, month.year
    return _("Q%(quarter)s %(year)s") % {"quarter": quarter, "year": year}


@lru_cache(maxsize=2048)
def _month_words(month: date, _language: str) -> str:
    """A report says each month once for each measure."""
    return date_format(month, "M Y")


def period_stamp(month: date, frequency: str) -> str:
    """As files write it: 2026-10, or 2026-Q4."""
    quarterly = frequency == Frequency.QUARTER
    return f"{month:%Y}-Q{month.month // 3 + 1}" if quarterly else f"{month:%Y-%m}"


@dataclass(frozen=True)
class Cell:
    """One group in one month. Both numbers None: not collected, or hidden."""

    numerator: float | None = None
    denominator: float | None = None
    hidden: bool = False

    @property
    def is_empty(self) -> bool:
        return self.numerator is None and not self.hidden


@dataclass(frozen=True)
class GroupSeries:
    """One group's cells, one for each month of the table. code "" is everybody."""

    code: str
    label: str
    missing_kind: str
    cells: tuple[Cell, ...]

    @property
    def is_everybody(self) -> bool:
        return self.code == ""

    @property
    def has_numbers(self) -> bool:
        return any(cell.numerator is not None for cell in self.cells)

    @property
    def hides(self) -> bool:
        return any(cell.hidden for cell in self.cells)


@dataclass(frozen=True)
class Mark:
    """What a person decided about the charts: a phase that begins, a baseline that ends, a month
    left out. group: for one group only; None for all. on: the day, in ISO words."""

    kind: str
    month: date
    group: str | None
    reason: str
    by: str
    on: str
    pk: int | None = None


@dataclass(frozen=True)
class GivenOut:
    """What earlier releases of this measure hid and showed, by (group code, month)."""

    hidden: frozenset[tuple[str, date]] = frozenset()
    shown: frozenset[tuple[str, date, float | None, float | None]] = frozenset()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> GivenOut:
        return cls(
            frozenset((code, date.fromisoformat(month)) for code, month in kept.get("hidden", ())),
            frozenset(
                (code, date.fromisoformat(month), numerator, denominator)
                for code, month, numerator, denominator in kept.get("shown", ())
            ),
        )

    def and_now(self, table: MeasureTable) -> dict[str, Any]:
        """As data for the measure's row, with what this table hides and shows."""
        hidden, shown = set(self.hidden), set(self.shown)
        for group in table.groups:
            for month, cell in zip(table.months, group.cells, strict=True):
                if cell.hidden:
                    hidden.add((group.code, month))
                elif not cell.is_empty:
                    shown.add((group.code, month, cell.numerator, cell.denominator))
        return {
            "hidden": sorted([code, f"{month}"] for code, month in hidden),
            "shown": sorted(([code, f"{month}", n, d] for code, month, n, d in shown), key=str),
        }


@dataclass(frozen=True)
class MeasureTable:
    """A measure and its numbers by period and group, as one reader may see them.

    months: the first month of each period, which is that month or its quarter.
    """

    measure_id: int
    slug: str
    name: str
    kind: str
    kind_label: str
    type: str
    direction: str
    axis: str
    numerator_words: str
    denominator_words: str
    definition: str
    target: float | None
    baseline_points: int | None
    rule_profile: str
    exclusive: bool
    reference: str | None
    masked: bool
    months: tuple[date, ...]
    groups: tuple[GroupSeries, ...]
    chart: str = "run"
    frequency: str = "month"
    per: int = 1
    roll_up: str = ""
    gap_group: str = ""
    marks: tuple[Mark, ...] = ()
    given_out: GivenOut = GivenOut()

    @property
    def kind_words(self) -> str:
        """Outcome, process or balancing, in the reader's language whenever it was frozen."""
        return str(MeasureKind(self.kind).label)

    @property
    def is_share(self) -> bool:
        return self.type == MeasureType.PROPORTION

    @property
    def is_quarterly(self) -> bool:
        return self.frequency == Frequency.QUARTER

    @property
    def baseline(self) -> int:
        """How many first periods are compared with now."""
        return self.baseline_points or Frequency(self.frequency).baseline

    @property
    def latest(self) -> int:
        """How many last periods are now."""
        return Frequency(self.frequency).latest

    def begins(self, day: date) -> date:
        """The first day of the period that a day is in."""
        return period_of(day, self.frequency)

    def label(self, month: date) -> str:
        """Oct 2026, or Q4 2026, in the reader's language."""
        return period_words(month, self.frequency)

    @property
    def has_denominator(self) -> bool:
        return self.type not in (MeasureType.COUNT, MeasureType.TIME_BETWEEN)

    @property
    def higher_is_better(self) -> bool:
        return self.direction == Direction.UP

    @property
    def axis_label(self) -> str:
        return axis_label(self.axis)

    @property
    def has_numbers(self) -> bool:
        return any(group.has_numbers for group in self.groups)

    @cached_property
    def by_code(self) -> dict[str, GroupSeries]:
        return {group.code: group for group in self.groups}

    def marks_of(self, group: str, kind: str) -> list[Mark]:
        """The decisions of one kind that hold for a group."""
        return [m for m in self.marks if m.kind == kind and m.group in (None, group)]

    @property
    def drawn(self) -> list[GroupSeries]:
        """Groups of people with numbers to show, in the team's order. Unknowns are not drawn."""
        return [g for g in self.groups if not g.missing_kind and g.has_numbers]

    @property
    def held_back(self) -> list[GroupSeries]:
        """Groups of which every number is hidden."""
        return [g for g in self.groups if not g.has_numbers and g.hides]

    def value(self, cell: Cell) -> float | None:
        """The plotted value: 0 to 100 for a share, else the number itself."""
        if cell.numerator is None:
            return None
        if not self.has_denominator:
            return cell.numerator
        if not cell.denominator:
            return None
        rate = cell.numerator / cell.denominator
        return 100 * rate if self.is_share else self.per * rate

    @property
    def goal(self) -> float | None:
        if self.target is None:
            return None
        return 100 * self.target if self.is_share else self.target

    def as_rows(self) -> list[list[str]]:
        """Month, group, numerator, denominator, as text; hidden cells say so."""
        rows = []
        for at, month in enumerate(self.months):
            for group in self.groups:
                cell = group.cells[at]
                if cell.hidden:
                    numbers = ["hidden", "hidden"]
                else:
                    numbers = [
                        "" if n is None else f"{n:.10g}" for n in (cell.numerator, cell.denominator)
                    ]
                rows.append([period_stamp(month, self.frequency), group.label, *numbers])
        return rows

    def until(self, last: date) -> MeasureTable:
        """The same without the months after `last`."""
        keep = sum(month <= last for month in self.months)
        groups = tuple(replace(g, cells=g.cells[:keep]) for g in self.groups)
        return replace(self, months=self.months[:keep], groups=groups)

    def as_json(self) -> dict[str, Any]:
        """Plain data for a frozen version; `from_json` reads it back."""
        data = asdict(replace(self, given_out=GivenOut()))
        del data["given_out"]
        data["marks"] = [
            {**asdict(m), "month": m.month.isoformat(), "pk": None} for m in self.marks
        ]
        data["months"] = [month.isoformat() for month in self.months]
        data["groups"] = [
            {
                "code": group.code,
                "label": group.label,
                "missing_kind": group.missing_kind,
                "cells": [[c.numerator, c.denominator, c.hidden] for c in group.cells],
            }
            for group in self.groups
        ]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> MeasureTable:
        groups = tuple(
            GroupSeries(
                group["code"],
                group["label"],
                group["missing_kind"],
                tuple(Cell(*cell) for cell in group["cells"]),
            )
            for group in data["groups"]
        )
        months = tuple(date.fromisoformat(month) for month in data["months"])
        marks = tuple(
            Mark(**{**mark, "month": date.fromisoformat(mark["month"])})
            for mark in data.get("marks", ())
        )
        return cls(**{**data, "months": months, "groups": groups, "marks": marks})

    def as_completeness(self, series: GroupSeries) -> MeasureTable:
        """The share of people with a known group, as a measure of its own."""
        return replace(
            self,
            name=str(_("Group is known: %(measure)s") % {"measure": self.name}),
            type=MeasureType.PROPORTION,
            direction=Direction.UP,
            chart="run",
            target=HEALTH_CENTER_YARDSTICK / 100,
            groups=(series,),
            marks=(),
        )
