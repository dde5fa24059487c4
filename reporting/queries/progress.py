"""What is known of a team's progress, and how team and coach score it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from analytics.words import sentence
from charters.models import Version as CharterVersion
from collaboratives.models import Team
from collaboratives.queries.gap_movements import movement_of
from collaboratives.queries.measure_charts.drawing import chart_of
from collaboratives.queries.measure_charts.words import number_of
from collaboratives.queries.measures import MeasureTable, Reader
from collaboratives.states import Frequency, TeamRole
from reporting.models import ProgressScore, Report, ReportVersion
from reporting.progress import LEVELS, Facts, Level, level_of, suggested
from reporting.queries.pages import tables_for
from reporting.states import Act, Side, Stage

IN_DAILY_WORK = (Stage.ADOPTED, Stage.SCALED, Stage.SUSTAINED)
SPREAD = (Stage.SCALED, Stage.SUSTAINED)


def facts_of(version: ReportVersion, reader: Reader) -> Facts:
    """From the report as it was sent, its numbers masked for this reader; roster and charter as
    they are now. Two queries."""
    team, content = version.report.team, version.content
    people = list(team.members.filter(left_at=None).values_list("role", "leadership"))
    tables = tables_for(version, team, reader)
    stages = [one["stage"] for one in content.get("projects", [])]
    changes = content["changes"]
    return Facts(
        people=len(people),
        has_lead=any(role == TeamRole.LEAD for role, _leads in people),
        has_leader=any(leads for _role, leads in people),
        aim=bool(content["aim"] or content.get("aims")),
        charter=_charter(team),
        months=max((_months(table) for table in tables), default=0),
        tests=len(changes),
        learned=sum(bool(one["study"]) for one in changes),
        gain=any(has_improved(table) for table in tables),
        closing=any(movement_of(table).code == "closing" for table in tables),
        adopted=any(one["act"] == Act.ADOPT for one in changes)
        or any(stage in IN_DAILY_WORK for stage in stages),
        spread=any(stage in SPREAD for stage in stages),
    )


def has_improved(table: MeasureTable) -> bool:
    """Whether a group's chart shows a signal in the right direction, by the measure's rules."""
    labels, number = [table.label(month) for month in table.months], number_of(table)
    return any(
        sentence(chart_of(table, group), labels=labels, number=number).tone == "improvement"
        for group in table.drawn
    )


def _charter(team: Team) -> bool | None:
    """Whether it is signed; None where the cohort signs none."""
    if not team.cohort.signs_charter:
        return None
    return CharterVersion.objects.filter(charter__team=team, signed_at__isnull=False).exists()


def _months(table: MeasureTable) -> int:
    """How many months have a number of anybody."""
    known = sum(
        any(group.cells[at].numerator is not None for group in table.groups)
        for at in range(len(table.months))
    )
    return known * Frequency(table.frequency).months


@dataclass(frozen=True)
class Rung:
    """One level with whether the facts show it."""

    level: Level
    holds: bool


@dataclass(frozen=True)
class Suggestion:
    level: Level
    rungs: list[Rung]


def suggestion_of(version: ReportVersion, reader: Reader) -> Suggestion:
    facts = facts_of(version, reader)
    rungs = [Rung(level, level.holds(facts)) for level in LEVELS]
    return Suggestion(level_of(suggested(facts)), rungs)


@dataclass(frozen=True)
class Scores:
    """The scores of a report as one side sees them: the other's only after it gave its own, so
    that both are given freely. waits: the other side has scored and this one has not.

    What the facts suggested to the other side is never shown: it was made from other numbers.
    """

    side: Side
    own: ProgressScore | None
    other: ProgressScore | None
    waits: bool

    @property
    def team(self) -> ProgressScore | None:
        return self.own if self.side == Side.TEAM else self.other

    @property
    def coach(self) -> ProgressScore | None:
        return self.own if self.side == Side.COACH else self.other

    @property
    def both(self) -> bool:
        return self.own is not None and self.other is not None

    @property
    def apart(self) -> Decimal | None:
        """The coach's less the team's; None while one is missing."""
        if self.team is None or self.coach is None:
            return None
        return self.coach.level - self.team.level

    @property
    def difference(self) -> str:
        """In words; "" while one is missing."""
        if self.apart is None:
            return ""
        if self.apart == 0:
            return _("Team and coach see it the same way.")
        words = (
            _("The coach sees it %(n)s higher than the team. Talk about what each of you saw.")
            if self.apart > 0
            else _("The coach sees it %(n)s lower than the team. Talk about what each of you saw.")
        )
        return words % {"n": number_format(abs(self.apart), 1)}


def scores_of(report: Report, side: Side) -> Scores:
    """For who is on the team, or coaches it. One query."""
    given = {one.side: one for one in ProgressScore.objects.filter(report=report).for_list()}
    own = given.pop(side, None)
    other = next(iter(given.values()), None)
    return Scores(side, own, other if own else None, other is not None and own is None)


def latest_scores(team: Team, person: User, membership: Membership | None) -> Scores | None:
    """Of the newest report that has one, for a part of the team's home. Two queries."""
    seen = ProgressScore.objects.visible_to(person, membership).filter(report__team=team)
    newest = seen.for_list().order_by("-report__period__starts_on", "side").first()
    if newest is None:
        return None
    is_own = Team.objects.visible_to(person).filter(pk=team.pk).exists()
    return scores_of(newest.report, Side.TEAM if is_own else Side.COACH)
