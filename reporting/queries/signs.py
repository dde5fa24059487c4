"""What a team's work shows of the outcomes that programs expect.

Numbers come from masked tables alone. A sign is True, False, or None where nothing can be told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils.translation import gettext_lazy as _

from analytics.words import sentence
from collaboratives.blueprints.schema.facts import Outcome
from collaboratives.models import Measure
from collaboratives.queries.gap_movements import TeamMovement
from collaboratives.queries.measure_charts.drawing import chart_of
from collaboratives.queries.measures import MeasureTable
from collaboratives.states import Level, MeasureKind
from reporting.states import Stage

Signs = dict[str, bool | None]

# S4-08 to S4-12. What is shown, and how it is counted.
SIGNS = {
    "project_progress": (
        _("Progress on an equity goal in the project"),
        _("An outcome measure of the project has a gap that became smaller because the group did "
          "better."),
    ),
    "population_process": (
        _("Progress on a process measure for the whole population"),
        _("The chart of a process measure of the whole population has a signal of improvement."),
    ),
    "scale": (_("A change goes to scale"), _("The team says so of a project.")),
    "sustain": (_("A change is sustained"), _("The team says so of a project.")),
    "scale_plan": (
        _("A long-term plan to sustain and scale"),
        _("Each part of the plan has words."),
    ),
    "gap": (
        _("A gap is closing"),
        _("Any measure has a gap that became smaller because the group did better."),
    ),
}  # fmt: skip


def sign_of(outcome: Outcome) -> str | None:
    """The sign that shows what a program expects; None where it names none."""
    if outcome.shown_by == "gap":
        return "project_progress" if outcome.level == "project" else "gap"
    if outcome.shown_by == "process":
        return "population_process"
    return outcome.shown_by


def signs_of(
    tables: Sequence[tuple[Measure, MeasureTable]],
    gaps: Sequence[TeamMovement],
    stages: Collection[str],
    *,
    has_plan: bool,
) -> Signs:
    """Of one team. tables: its measures, masked. stages: those of its projects."""
    in_project = [
        one
        for one in gaps
        if one.measure.level == Level.PROJECT and one.measure.kind == MeasureKind.OUTCOME
    ]
    process = [
        table
        for measure, table in tables
        if measure.level == Level.POPULATION and measure.kind == MeasureKind.PROCESS
    ]
    return {
        "project_progress": _any([_closes(one) for one in in_project]),
        "population_process": _any([_improves(table) for table in process]),
        "scale": Stage.SCALED in stages,
        "sustain": Stage.SUSTAINED in stages,
        "scale_plan": has_plan,
        "gap": _any([_closes(one) for one in gaps]),
    }


def _any(found: Sequence[bool | None]) -> bool | None:
    """One is enough; nothing can be told where it can't be of any."""
    if True in found:
        return True
    return False if False in found else None


def _closes(gap: TeamMovement) -> bool | None:
    return None if gap.moved.code == "untold" else gap.moved.code == "closing"


def _improves(table: MeasureTable) -> bool | None:
    """By the chart of everybody; by those of the groups where there is none."""
    everybody = table.by_code.get("")
    drawn = [everybody] if everybody is not None and everybody.has_numbers else table.drawn
    told = [sentence(chart_of(table, group), labels=_labels(table)) for group in drawn]
    known = [one for one in told if one.kind not in ("too_few", "no_data", "all_masked")]
    return any(one.tone == "improvement" for one in known) if known else None


def _labels(table: MeasureTable) -> list[str]:
    return [table.label(month) for month in table.months]
