"""Where each team of a cohort stands in everything, and the cohort as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from accounts.models import Membership, User
from charters.models import Charter
from charters.queries import board as charter_board
from charters.states import Status as CharterStatus
from collaboratives.models import Cohort, Team
from collaboratives.queries.gap_movements import TeamMovement, gap_movements
from reporting.models import MilestoneRating, Period, ProgressScore, Report
from reporting.queries.boards import middle
from reporting.queries.standings import Standing, standings
from reporting.states import Reach, Side
from sessions.models import Session
from sessions.queries import AttendanceBoard, TeamAttendance, attendance_board
from sessions.states import Kind
from sessions.states import Status as SessionStatus


@dataclass(frozen=True)
class Part:
    """So many of so many."""

    n: int
    of: int

    @classmethod
    def sum(cls, parts: Sequence[Part]) -> Part:
        return cls(sum(one.n for one in parts), sum(one.of for one in parts))

    @property
    def percent(self) -> int | None:
        return round(100 * self.n / self.of) if self.of else None


@dataclass(frozen=True)
class BothScores:
    """How team and coach score one report. Only both together are shown, so that each is given
    freely."""

    report: Report
    team: Decimal
    coach: Decimal


@dataclass(frozen=True)
class TeamLine:
    """One team. standings: of the periods it is asked for. gaps: how each of its gaps moved.
    scores: of the newest report that has both. milestones: reached, by the team's own word.
    """

    team: Team
    attendance: TeamAttendance
    standings: list[Standing]
    charter: Charter | None
    gaps: list[TeamMovement]
    scores: BothScores | None = None
    milestones: Part = Part(0, 0)

    @property
    def came(self) -> Part:
        return Part(self.attendance.came, self.attendance.asked)

    @property
    def reports(self) -> Part:
        """Sent, of those that were due by now or came earlier; a skipped one is not due."""
        sent = sum(one.is_readable for one in self.standings)
        owed = sum(one.code == "late" for one in self.standings)
        return Part(sent, sent + owed)

    @property
    def late(self) -> int:
        return sum(one.code == "late" for one in self.standings)

    @property
    def replies(self) -> Part:
        """Replied to, of the reports that are in."""
        in_ = sum(one.code in ("submitted", "replied") for one in self.standings)
        return Part(sum(one.code == "replied" for one in self.standings), in_)

    @property
    def reply_days(self) -> int | None:
        return middle(self.standings)

    @property
    def has_signed(self) -> bool:
        return self.charter is not None and self.charter.status == CharterStatus.SIGNED

    def gaps_that(self, code: str) -> int:
        return sum(one.moved.code == code for one in self.gaps)

    @property
    def closes_a_gap(self) -> bool:
        return self.gaps_that("closing") > 0

    @property
    def told_gaps(self) -> int:
        return len(self.gaps) - self.gaps_that("untold")


@dataclass(frozen=True)
class Call:
    """A quarter's call of the leaders. session: None where none is planned. came: of how many
    teams somebody was there."""

    period: Period
    session: Session | None
    is_over: bool
    came: Part


@dataclass(frozen=True)
class CohortTeams:
    """lines: one for each team. sessions: how many are over. calls: None where the program has
    no calls of leaders."""

    lines: list[TeamLine]
    sessions: int
    calls: list[Call] | None
    asks_for_reports: bool

    @property
    def milestones(self) -> Part:
        return Part.sum([one.milestones for one in self.lines])

    @property
    def shows_scores(self) -> bool:
        return any(one.scores is not None for one in self.lines)

    @property
    def came(self) -> Part:
        return Part.sum([one.came for one in self.lines])

    @property
    def reports(self) -> Part:
        return Part.sum([one.reports for one in self.lines])

    @property
    def replies(self) -> Part:
        return Part.sum([one.replies for one in self.lines])

    @property
    def reply_days(self) -> int | None:
        return middle([one for line in self.lines for one in line.standings])

    @property
    def charters(self) -> Part:
        return Part(sum(one.has_signed for one in self.lines), len(self.lines))

    @property
    def gaps(self) -> Counter[str]:
        return Counter(one.moved.code for line in self.lines for one in line.gaps)


def cohort_teams(
    cohort: Cohort,
    teams: Sequence[Team],
    *,
    now: datetime,
    gaps: Sequence[TeamMovement] | None = None,
    scores: Iterable[ProgressScore] = (),
) -> CohortTeams:
    """These teams, each with everything that staff follow. Thirteen queries, whatever their
    number.

    gaps: how their gaps moved, where that is known already. scores: those that the reader may see.
    """
    periods = list(Period.objects.filter(cohort=cohort).order_by("starts_on", "number"))
    stood: dict[int, list[Standing]] = {team.pk: [] for team in teams}
    for (team_pk, _period), one in standings(teams, periods, now=now).items():
        stood[team_pk].append(one)
    attended = attendance_board(cohort, teams, now=now)
    charters = {row.team.pk: row.charter for row in charter_board(cohort)}
    moved: dict[int, list[TeamMovement]] = {team.pk: [] for team in teams}
    for gap in gap_movements(cohort, teams) if gaps is None else gaps:
        moved[gap.team.pk].append(gap)
    scored, reached = _both(scores), _reached(cohort, teams)
    lines = [
        TeamLine(row.team, row, stood[pk], charters.get(pk), moved[pk], scored.get(pk), reached[pk])
        for row in attended.rows
        for pk in [row.team.pk]
    ]
    calls = _calls(cohort, periods, attended, now=now)
    return CohortTeams(lines, len(attended.sessions), calls, bool(periods))


def scores_for(
    teams: Sequence[Team], person: User, membership: Membership | None
) -> list[ProgressScore]:
    """Those that this person may see, the oldest report first. One query."""
    scores = ProgressScore.objects.visible_to(person, membership).filter(report__team__in=teams)
    in_order = scores.order_by("report__period__starts_on", "pk")
    return list(in_order.select_related("report__period"))


def _both(scores: Iterable[ProgressScore]) -> dict[int, BothScores]:
    """By team, of the newest report that both sides scored."""
    of_report: dict[int, dict[str, ProgressScore]] = {}
    for one in scores:
        of_report.setdefault(one.report_id, {})[one.side] = one
    found = {}
    for sides in of_report.values():
        team, coach = sides.get(Side.TEAM), sides.get(Side.COACH)
        if team is not None and coach is not None:
            found[team.report.team_id] = BothScores(team.report, team.level, coach.level)
    return found


def _reached(cohort: Cohort, teams: Sequence[Team]) -> dict[int, Part]:
    """How many of the program's milestones each team calls reached."""
    codes = [one.code for one in cohort.program.blueprint.milestones]
    ratings = MilestoneRating.objects.filter(team__in=teams, code__in=codes, reach=Reach.REACHED)
    counted = Counter(ratings.values_list("team_id", flat=True))
    return {team.pk: Part(counted[team.pk], len(codes)) for team in teams}


def _calls(
    cohort: Cohort, periods: list[Period], attended: AttendanceBoard, *, now: datetime
) -> list[Call] | None:
    """The calls of senior leaders, quarter by quarter."""
    planned = list(
        Session.objects.filter(cohort=cohort, kind=Kind.LEADERSHIP)
        .exclude(status=SessionStatus.CANCELLED)
        .order_by("starts_at", "pk")
    )
    is_asked = cohort.program.blueprint.reporting.leadership_call is not None
    if not planned and not is_asked:
        return None
    calls = []
    for period in periods:
        if period.name:  # an extra report is no quarter
            continue
        held = [one for one in planned if _is_in(period, one)]
        calls += [Call(period, one, one.ends_at <= now, _who_came(attended, one)) for one in held]
        if is_asked and not held:
            calls.append(Call(period, None, False, Part(0, 0)))
    return calls


def _is_in(period: Period, session: Session) -> bool:
    return period.starts_on <= session.starts_at.astimezone(session.zone).date() <= period.ends_on


def _who_came(attended: AttendanceBoard, session: Session) -> Part:
    places = [
        one
        for row in attended.rows
        for one in row.places
        if one is not None and one.session.pk == session.pk
    ]
    return Part(sum(one.was_there for one in places), len(places))
