"""How the gaps of a cohort's teams have moved since baseline.

Everything is made from masked tables, so it can never say more than they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from analytics.gaps import GapChange
from collaboratives.models import Cohort, Measure, Team
from collaboratives.queries.measure_charts.gaps import (
    change_of,
    change_words,
    group_of,
    pairs_of,
    reference_of,
    reference_words,
)
from collaboratives.queries.measures import MeasureTable, Reader, tables_of

WORDS = {
    "closing": _lazy("Smaller, the group does better"),
    "others_worse": _lazy("Smaller, but the group does no better"),
    "widening": _lazy("Larger"),
    "unclear": _lazy("Too small a change to tell"),
    "untold": _lazy("Can’t be told"),
}
TAGS = {
    "closing": "done",
    "others_worse": "waiting",
    "widening": "error",
    "unclear": "none",
    "untold": "none",
}


@dataclass(frozen=True)
class Movement:
    """One gap of one team. code: a key of WORDS. reason: why it can't be told."""

    table: MeasureTable
    code: str
    group: str = ""
    reference: str = ""
    change: GapChange | None = None
    reason: str = ""

    @property
    def words(self) -> str:
        return str(WORDS[self.code])

    @property
    def tag(self) -> str:
        return TAGS[self.code]

    @property
    def said(self) -> str:
        """Who moved, in points; or why nothing can be said."""
        if self.change is None:
            return self.reason
        return change_words(self.change, self.group, self.reference)

    @property
    def points(self) -> tuple[int, int, int, int] | None:
        """The gap at baseline, and now with its interval, in whole points."""
        if self.change is None:
            return None
        now = self.change.gap1
        values = (self.change.gap0.value, now.value, now.low, now.high)
        first, value, low, high = (round(100 * (v or 0)) for v in values)
        return first, value, low, high


@dataclass(frozen=True)
class TeamMovement:
    """A gap with whose it is."""

    team: Team
    measure: Measure
    moved: Movement


def movement_of(table: MeasureTable) -> Movement:
    """How the gap of a share moved since baseline, by what this table shows."""
    reference = reference_of(table)
    if reference is None:
        hidden = table.reference is not None and table.by_code.get(table.reference) is not None
        return Movement(table, "untold", reason=_reason("hidden" if hidden else "reference"))
    group = group_of(table, reference)
    if group is None:
        return Movement(table, "untold", reason=_reason("group"))
    own, other = group.label, reference_words(reference)
    change = change_of(table, pairs_of(table, reference, group))
    if change is None:
        return Movement(table, "untold", own, other, reason=_reason("few"))
    return Movement(table, _code(change), own, other, change)


def _code(change: GapChange) -> str:
    """A gap that closed because the others got worse, or where the group was not behind, is no
    gain for the group."""
    if change.verdict == "closing":
        gained = change.mover in ("levelled_up", "both") and (change.gap0.value or 0) > 0
        return "closing" if gained else "others_worse"
    return "widening" if change.verdict == "widening" else "unclear"


def _reason(code: str) -> str:
    texts = {
        "reference": _("The team has named no group to compare with."),
        "hidden": _("The group to compare with is hidden: its numbers are small."),
        "group": _("No group that may be shown is behind, or the chosen one is hidden."),
        "few": _("Too few months that may be shown."),
    }
    return texts[code]


def gap_movements(cohort: Cohort, teams: Iterable[Team]) -> list[TeamMovement]:
    """Every gap of these teams, as staff may see it. Four queries."""
    by_pk = {team.pk: team for team in teams}
    measures = Measure.objects.filter(team__cohort=cohort, team__in=by_pk)
    return movements(tables_of(measures, reader=Reader.outsider()), by_pk)


def movements(
    tables: Iterable[tuple[Measure, MeasureTable]], teams: Mapping[int, Team]
) -> list[TeamMovement]:
    """The gap of each share that is split by groups. tables: masked. teams: by their pk."""
    found = [
        TeamMovement(teams[measure.team_id], measure, movement_of(table))
        for measure, table in tables
        if is_told(table)
    ]
    return sorted(found, key=lambda one: (one.team.name, one.team.pk, one.measure.position))


def is_told(table: MeasureTable) -> bool:
    """Whether a gap could be told at all: a share of people, split by groups, with numbers."""
    return table.is_share and len(table.groups) > 1 and bool(table.months)


# --- the list ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tab:
    """One view of the list."""

    label: str
    url: str
    count: int
    current: bool


def narrowed(every: Iterable[TeamMovement], *, moved: str, team: str) -> list[TeamMovement]:
    """Those that moved so, of one team; all where nothing of that name is asked for."""
    of_team = [one for one in every if not team or one.team.slug == team]
    return [one for one in of_team if one.moved.code == moved] if moved in WORDS else of_team


def tabs(every: list[TeamMovement], asked: str) -> list[Tab]:
    found = [Tab(_("All gaps"), "?", len(every), asked not in WORDS)]
    for code, label in WORDS.items():
        number = sum(one.moved.code == code for one in every)
        if number or code == asked:
            found.append(Tab(str(label), f"?moved={code}", number, code == asked))
    return found
