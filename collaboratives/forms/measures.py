"""What people type about measures, as clean values."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.profiles import PROFILES
from collaboratives.actions.measures import Definition, Group, Since
from collaboratives.category_sets import BY_KEY, EVERYBODY, OWN_GROUPS, ROLL_UPS
from collaboratives.measure_library import Example
from collaboratives.queries.measure_charts.words import profile_words
from collaboratives.queries.measures import MeasureTable
from collaboratives.states import (
    CHARTS_OF_TYPE,
    ChartKind,
    Direction,
    Frequency,
    Level,
    MeasureKind,
    MeasureType,
)

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
    frequency = forms.ChoiceField(
        label=gettext_lazy("How often you count"),
        choices=Frequency,
        required=False,
        help_text=gettext_lazy("Months show a change sooner: rules need 10 points."),
    )
    direction = forms.ChoiceField(label=gettext_lazy("Which way is better"), choices=Direction)
    target = forms.FloatField(
        label=gettext_lazy("Goal"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("A percentage for a proportion, for example 70."),
    )
    baseline_points = forms.IntegerField(
        label=gettext_lazy("Months or quarters of baseline"),
        required=False,
        min_value=6,
        max_value=24,
        help_text=gettext_lazy(
            "The median of these first points is the line to beat. Often 8 to 12."
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
    gap_group = forms.ChoiceField(
        label=gettext_lazy("The gap you want to close is of"),
        required=False,
        help_text=gettext_lazy("Left open, the chart shows the group furthest behind."),
    )
    roll_up = forms.ChoiceField(
        label=gettext_lazy("People with several answers"),
        required=False,
        help_text=gettext_lazy("Some summaries need each person to count once."),
    )
    chart = forms.ChoiceField(
        label=gettext_lazy("Chart"),
        choices=ChartKind,
        required=False,
        help_text=gettext_lazy(
            "A run chart needs no assumptions. The others add limits and need 12 points or more."
        ),
    )
    rule_profile = forms.ChoiceField(label=gettext_lazy("Rules for signals"), required=False)
    per = forms.TypedChoiceField(
        label=gettext_lazy("A rate is shown per"),
        choices=[(n, f"{n:,}") for n in (1, 100, 1_000, 10_000, 100_000)],
        coerce=int,
        empty_value=1,
        required=False,
    )
    since = forms.ChoiceField(
        label=gettext_lazy("What you count changed: from which month?"),
        required=False,
        help_text=gettext_lazy("Needed when numbers are there. A new phase of the charts begins."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why did it change?"), required=False, max_length=300
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        axis: str,
        table: MeasureTable | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.axis = BY_KEY[axis]
        self.table = table
        self.fields["rule_profile"].choices = rule_choices()  # type: ignore[attr-defined]
        self._offer_months()
        if axis == OWN_GROUPS:
            del self.fields["groups"]
            del self.fields["reference"]
            del self.fields["gap_group"]
        else:
            del self.fields["own_groups"]
            choices = [(c.code, c.label) for c in self.axis.categories]
            self.fields["groups"].choices = choices  # type: ignore[attr-defined]
            self.fields["groups"].initial = [c.code for c in self.axis.categories]
            people = [(c.code, c.label) for c in self.axis.categories if not c.missing_kind]
            self.fields["reference"].choices = [("", EVERYBODY), *people]  # type: ignore[attr-defined]
            self.fields["reference"].required = False
            self.fields["gap_group"].choices = [("", _("Furthest behind")), *people]  # type: ignore[attr-defined]
        if self.axis.roll_ups:
            ways = [(key, ROLL_UPS[key].label) for key in self.axis.roll_ups]
            self.fields["roll_up"].choices = ways  # type: ignore[attr-defined]
        else:
            del self.fields["roll_up"]

    def _offer_months(self) -> None:
        """Only a measure with numbers can be counted another way from a month on."""
        months = self.table.months[1:] if self.table is not None else ()
        if self.table is None or not months:
            del self.fields["since"]
            del self.fields["reason"]
            return
        choices = [(f"{month:%Y-%m}", self.table.label(month)) for month in reversed(months)]
        self.fields["since"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]

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
        cleaned["frequency"] = cleaned.get("frequency") or Frequency.MONTH
        self._clean_chart(cleaned)
        if cleaned.get("since") and not cleaned.get("reason"):
            self.add_error("reason", _("Say why."))
        if type_ == MeasureType.PROPORTION and (cleaned.get("target") or 0) > 100:
            self.add_error("target", _("Enter a percentage, 100 or less."))
        chosen = cleaned.get("groups")
        if cleaned.get("reference") and chosen and cleaned["reference"] not in chosen:
            self.add_error("reference", _("Compare with a group that you chose above."))
        gap = cleaned.get("gap_group")
        if gap and chosen and (gap not in chosen or gap == cleaned.get("reference")):
            self.add_error(
                "gap_group", _("A group that you chose above, other than the reference.")
            )
        return cleaned

    def _clean_chart(self, cleaned: dict[str, Any]) -> None:
        """The chart must fit the type, and the rules the chart."""
        chart = cleaned["chart"] = cleaned.get("chart") or ChartKind.RUN
        fitting = CHARTS_OF_TYPE.get(cleaned.get("type") or "", tuple(ChartKind))
        if chart not in fitting:
            names = ", ".join(str(kind.label) for kind in fitting)
            self.add_error("chart", _("This type can be drawn as: %(names)s.") % {"names": names})
        wanted = "run" if chart == ChartKind.RUN else "control"
        default = "anhoej2014" if wanted == "run" else "mdc"
        profile = cleaned["rule_profile"] = cleaned.get("rule_profile") or default
        if PROFILES[profile].chart != wanted:
            if profile in ("anhoej2014", "mdc"):
                cleaned["rule_profile"] = default
            else:
                self.add_error("rule_profile", _("These rules are for another kind of chart."))

    def since_when(self) -> Since | None:
        """From which month what is counted changed, if the person said so."""
        month = self.cleaned_data.get("since")
        if not month:
            return None
        return Since(date.fromisoformat(f"{month}-01"), self.cleaned_data["reason"])

    def as_definition(self, *, example: str = "") -> Definition:
        """What was typed, as the action takes it."""
        given = dict(self.cleaned_data)
        ways = self.axis.roll_ups
        roll_up = ROLL_UPS[given.get("roll_up") or ways[0]] if ways else None
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
            frequency=given["frequency"],
            level=given["level"],
            direction=given["direction"],
            target=target,
            baseline_points=given["baseline_points"],
            axis=self.axis.key,
            groups_are_exclusive=roll_up.exclusive if roll_up else True,
            roll_up=roll_up.key if roll_up else "",
            chart=given["chart"],
            rule_profile=given["rule_profile"],
            per=given["per"] if given["type"] == MeasureType.RATE else 1,
            example=example,
            groups=tuple(groups),
            everybody=str(EVERYBODY),
            reference=given.get("reference", ""),
            gap_group=given.get("gap_group", ""),
        )

    @staticmethod
    def of(table: MeasureTable, level: str) -> dict[str, Any]:
        """What the form shows of a measure that exists."""
        groups = [group for group in table.groups if not group.is_everybody]
        return {
            "name": table.name,
            "kind": table.kind,
            "type": table.type,
            "frequency": table.frequency,
            "level": level,
            "direction": table.direction,
            "definition": table.definition,
            "numerator_words": table.numerator_words,
            "denominator_words": table.denominator_words,
            "target": table.goal,
            "baseline_points": table.baseline_points,
            "roll_up": table.roll_up,
            "chart": table.chart,
            "rule_profile": table.rule_profile,
            "per": table.per,
            "gap_group": table.gap_group,
            "reference": table.reference or "",
            "groups": [group.code for group in groups],
            "own_groups": "\n".join(group.label for group in groups),
        }

    @staticmethod
    def like(example: Example) -> dict[str, Any]:
        """What the form shows of a measure of the library."""
        return {
            "name": example.name,
            "kind": example.kind,
            "type": example.type,
            "direction": example.direction,
            "numerator_words": example.numerator,
            "denominator_words": example.denominator,
            "definition": example.how,
            "target": example.target,
            "per": example.per,
            "chart": ChartKind.RUN,
            "rule_profile": "anhoej2014",
        }


def rule_choices() -> list[tuple[str, str]]:
    """Each set of rules with how often it signals by chance; control charts need their own."""
    choices = []
    for profile in PROFILES.values():
        rate = profile.false_signal_rate(24)
        if profile.parity or rate is None:
            continue
        for_chart = _("run chart") if profile.chart == "run" else _("chart with limits")
        words = _("%(name)s, %(chart)s: %(n)s of 100 charts signal by chance in 24 points") % {
            "name": profile_words(profile.name),
            "chart": for_chart,
            "n": max(1, round(100 * rate)),
        }
        choices.append((profile.name, words))
    return choices
