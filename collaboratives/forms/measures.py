"""What people type about measures, as clean values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaboratives.actions.measures import Definition, Group, Point
from collaboratives.category_sets import BY_KEY, EVERYBODY, OWN_GROUPS
from collaboratives.measure_files import Wrong, read_number, together
from collaboratives.queries.measures import MeasureTable, expected
from collaboratives.states import Direction, Level, MeasureKind, MeasureType

MOST_OWN_GROUPS = 20


class MeasureForm(forms.Form):
    """One measure on one axis. The axis is chosen before, since the groups follow from it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=MeasureKind,
        help_text=gettext_lazy(
            "Outcome: the result for people. Process: the step you changed. "
            "Balancing: what could get worse."
        ),
    )
    type = forms.ChoiceField(
        label=gettext_lazy("Type"),
        choices=MeasureType,
        help_text=gettext_lazy("A proportion counts people out of people, shown as a percentage."),
    )
    numerator_words = forms.CharField(
        label=gettext_lazy("Who or what you count (numerator)"),
        max_length=300,
        help_text=gettext_lazy("For example: patients with blood pressure below 140/90."),
    )
    denominator_words = forms.CharField(
        label=gettext_lazy("Out of whom (denominator)"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For example: patients with hypertension seen this month."),
    )
    definition = forms.CharField(
        label=gettext_lazy("How you count"),
        required=False,
        help_text=gettext_lazy("Where the numbers come from and who is left out."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    direction = forms.ChoiceField(label=gettext_lazy("Which way is better"), choices=Direction)
    target = forms.FloatField(
        label=gettext_lazy("Goal"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("A percentage for a proportion, for example 70."),
    )
    baseline_points = forms.IntegerField(
        label=gettext_lazy("Months of baseline"),
        required=False,
        min_value=6,
        max_value=24,
        help_text=gettext_lazy(
            "The median of these first months is the line to beat. Often 8 to 12."
        ),
    )
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=Level)
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Groups"), widget=forms.CheckboxSelectMultiple
    )
    own_groups = forms.CharField(
        label=gettext_lazy("Groups, one on each line"), widget=forms.Textarea(attrs={"rows": 6})
    )
    reference = forms.ChoiceField(
        label=gettext_lazy("Compare with"),
        help_text=gettext_lazy("Gaps are measured from this group. Choose it on purpose."),
    )
    overlap = forms.BooleanField(
        label=gettext_lazy("A person can be counted in more than one group"), required=False
    )

    def __init__(self, data: QueryDict | None, *, axis: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.axis = BY_KEY[axis]
        if axis == OWN_GROUPS:
            del self.fields["groups"]
            del self.fields["reference"]
        else:
            del self.fields["own_groups"]
            choices = [(c.code, c.label) for c in self.axis.categories]
            self.fields["groups"].choices = choices  # type: ignore[attr-defined]
            self.fields["groups"].initial = [c.code for c in self.axis.categories]
            people = [(c.code, c.label) for c in self.axis.categories if not c.missing_kind]
            self.fields["reference"].choices = [("", EVERYBODY), *people]  # type: ignore[attr-defined]
            self.fields["reference"].required = False
        self.fields["overlap"].initial = self.axis.may_overlap

    def clean_own_groups(self) -> list[Group]:
        labels = [line.strip() for line in self.cleaned_data["own_groups"].splitlines()]
        labels = [label[:120] for label in dict.fromkeys(labels) if label]
        groups = [
            Group(slugify(label)[:40] or f"group-{n}", label) for n, label in enumerate(labels)
        ]
        if len({group.code for group in groups}) != len(groups):
            raise forms.ValidationError(_("Two groups have nearly the same name."))
        if not 1 <= len(groups) <= MOST_OWN_GROUPS:
            raise forms.ValidationError(_("Name 1 to %(most)s groups.") % {"most": MOST_OWN_GROUPS})
        return groups

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        type_ = cleaned.get("type")
        counted = type_ in (MeasureType.COUNT, MeasureType.TIME_BETWEEN)
        if type_ and not counted and not cleaned.get("denominator_words"):
            self.add_error("denominator_words", _("Say out of whom you count."))
        if type_ == MeasureType.PROPORTION and (cleaned.get("target") or 0) > 100:
            self.add_error("target", _("Enter a percentage, 100 or less."))
        chosen = cleaned.get("groups")
        if cleaned.get("reference") and chosen and cleaned["reference"] not in chosen:
            self.add_error("reference", _("Compare with a group that you chose above."))
        return cleaned

    def as_definition(self) -> Definition:
        """What was typed, as the action takes it."""
        given = dict(self.cleaned_data)
        target = given["target"]
        if target is not None and given["type"] == MeasureType.PROPORTION:
            target = target / 100
        groups = given.get("own_groups") or [
            Group(c.code, str(c.label), c.missing_kind)
            for c in self.axis.categories
            if c.code in given["groups"]
        ]
        return Definition(
            name=given["name"],
            numerator_words=given["numerator_words"],
            denominator_words=given["denominator_words"],
            definition=given["definition"],
            kind=given["kind"],
            type=given["type"],
            level=given["level"],
            direction=given["direction"],
            target=target,
            baseline_points=given["baseline_points"],
            axis=self.axis.key,
            groups_are_exclusive=not given["overlap"],
            groups=tuple(groups),
            everybody=str(EVERYBODY),
            reference=given.get("reference", ""),
        )

    @staticmethod
    def of(table: MeasureTable, level: str) -> dict[str, Any]:
        """What the form shows of a measure that exists."""
        groups = [group for group in table.groups if not group.is_everybody]
        return {
            "name": table.name,
            "kind": table.kind,
            "type": table.type,
            "level": level,
            "direction": table.direction,
            "definition": table.definition,
            "numerator_words": table.numerator_words,
            "denominator_words": table.denominator_words,
            "target": table.goal,
            "baseline_points": table.baseline_points,
            "overlap": not table.exclusive,
            "reference": table.reference or "",
            "groups": [group.code for group in groups],
            "own_groups": "\n".join(group.label for group in groups),
        }


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File with your numbers"),
        help_text=gettext_lazy("CSV or Excel, one row for each month and group."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )


@dataclass
class GridCell:
    """One group in one month, as typed. error: what is expected instead."""

    group: str
    label: str
    month: date
    numerator: str
    denominator: str
    error: str = ""

    @property
    def name(self) -> str:
        return f"{self.group or 'all'}.{self.month:%Y-%m}"


@dataclass
class GridRow:
    month: date
    cells: list[GridCell]


class GridForm:
    """The table of months by groups. Blank means not collected."""

    def __init__(
        self, table: MeasureTable, months: list[date], data: QueryDict | None = None
    ) -> None:
        self.table = table
        self.needs_denominator = table.type not in (MeasureType.COUNT, MeasureType.TIME_BETWEEN)
        self.expected = expected(table, months[-1])
        self.points: list[Point] = []
        self.rows = [GridRow(month, list(self._cells(month, data))) for month in months]

    def _cells(self, month: date, data: QueryDict | None) -> Iterator[GridCell]:
        at = self.table.months.index(month) if month in self.table.months else None
        for group in self.table.groups:
            cell = group.cells[at] if at is not None else None
            shown = GridCell(
                group.code,
                group.label,
                month,
                _number(cell.numerator if cell else None),
                _number(cell.denominator if cell else None),
            )
            if data is not None and f"{shown.name}.n" in data:
                self._read(shown, data)
            yield shown

    def _read(self, cell: GridCell, data: QueryDict) -> None:
        cell.numerator = data.get(f"{cell.name}.n", "").strip()[:40]
        cell.denominator = data.get(f"{cell.name}.d", "").strip()[:40]
        try:
            numerator = read_number(cell.numerator, whole=self.expected.counts)
            denominator = read_number(cell.denominator, whole=self.expected.counts)
        except Wrong as wrong:
            cell.error = str(wrong)
            return
        for _column, wanted in together(numerator, denominator, self.expected):
            cell.error = wanted
        if not cell.error:
            self.points.append(Point(cell.group, cell.month, numerator, denominator))

    @property
    def errors(self) -> list[GridCell]:
        return [cell for row in self.rows for cell in row.cells if cell.error]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"
