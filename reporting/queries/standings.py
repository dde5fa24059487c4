"""How teams stand with their periods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from collaboratives.models import Team
from reporting.models import Allowance, LeaderReply, Period, Report
from reporting.states import ReplyState, ReportStatus
from tenancy.models import AuditEvent

WORDS = {
    "not_due": _("Not open yet"),
    "open": _("Open"),
    "late": _("Late"),
    "submitted": _("Submitted"),
    "reopened": _("Being changed"),
    "replied": _("Leader replied"),
    "skipped": _("Not asked for"),
}
TAGS = {
    "not_due": "none",
    "open": "progress",
    "late": "error",
    "submitted": "done",
    "reopened": "waiting",
    "replied": "done",
    "skipped": "none",
}
SENT = ("submitted", "replied")
NEVER_SENT = ("not_due", "open", "late")


@dataclass(frozen=True)
class Standing:
    """How a team stands with one period. code: a key of WORDS. reply_took: the leader.

    waits: how long a submitted version has been without a reply.
    """

    team: Team
    period: Period
    report: Report | None
    code: str
    allowance: Allowance | None = None
    reply_took: timedelta | None = None
    waits: timedelta | None = None

    @property
    def reply_days(self) -> int | None:
        """Whole days until the leader replied; 0 on the same day."""
        return self.reply_took.days if self.reply_took is not None else None

    @property
    def waiting_days(self) -> int | None:
        """Whole days for which the leader has been waited for."""
        return self.waits.days if self.waits is not None else None

    @property
    def may_be_reminded(self) -> bool:
        """Of the report, its leads; of the reply to it, the leader."""
        if self.team.ended_at is not None:
            return False
        if self.code == "submitted":
            return self.team.cohort.leader_replies
        return self.code in ("open", "late")

    @property
    def has_more_time(self) -> bool:
        """A day of its own, later than everybody's."""
        own = self.allowance.due_at if self.allowance else None
        return own is not None and own > self.period.due_at

    @property
    def is_given(self) -> bool:
        """Something was given to this team and not taken back."""
        return self.allowance is not None and self.allowance.state != Allowance.State.NONE

    @property
    def may_be_given(self) -> bool:
        """More time, or no report: until a version is in."""
        return self.code not in SENT

    @property
    def due_at(self) -> datetime:
        return _due_at(self.period, self.allowance)

    @property
    def moves(self) -> int:
        return self.period.moves + (self.allowance.moves if self.allowance else 0)

    @property
    def words(self) -> str:
        return str(WORDS[self.code])

    @property
    def tag(self) -> str:
        return TAGS[self.code]

    @property
    def is_readable(self) -> bool:
        return self.report is not None and self.report.first_submitted_at is not None

    @property
    def is_writable(self) -> bool:
        return self.code in ("open", "late", "reopened")

    @property
    def came_late(self) -> bool:
        """The first version came after its day."""
        sent = self.report.first_submitted_at if self.report else None
        return sent is not None and sent >= self.due_at


def _due_at(period: Period, allowance: Allowance | None) -> datetime:
    own = allowance.due_at if allowance else None
    return max(own, period.due_at) if own is not None else period.due_at


def _stands(
    team: Team,
    period: Period,
    report: Report | None,
    allowance: Allowance | None,
    *,
    took: timedelta | None,
    now: datetime,
) -> Standing:
    """Late and not open yet are judged by the clock; nothing is stored for them."""
    if report is not None and report.status == ReportStatus.SUBMITTED:
        code = "submitted" if took is None else "replied"
    elif report is not None and report.status == ReportStatus.REOPENED:
        code = "reopened"
    elif allowance is not None and allowance.state == Allowance.State.SKIPPED:
        code = "skipped"
    elif now >= _due_at(period, allowance):
        code = "late"
    else:
        code = "open" if now >= period.opens_at else "not_due"
    sent_at = report.submitted_at if report is not None else None
    waits = now - sent_at if code == "submitted" and sent_at is not None else None
    return Standing(team, period, report, code, allowance, took, waits)


def reply_time() -> Subquery:
    """How long the leader took to reply to the version that stands; None without a reply."""
    standing = LeaderReply.objects.filter(
        version__report=OuterRef("pk"), version__submitted_at=OuterRef("submitted_at")
    )
    sent = standing.filter(state=ReplyState.SENT)
    took = ExpressionWrapper(F("sent_at") - F("version__submitted_at"), DurationField())
    return Subquery(sent.annotate(took=took).order_by("sent_at").values("took")[:1])


def standings(
    teams: Iterable[Team], periods: Iterable[Period], *, now: datetime
) -> dict[tuple[int, int], Standing]:
    """By team and period, where the team is asked for it. Two queries."""
    periods, teams = list(periods), list(teams)
    about = Q(period__in=periods, team__in=teams)
    reports = {
        (report.team_id, report.period_id): report
        for report in Report.objects.filter(about).annotate(reply_took=reply_time())
    }
    allowed = {
        (one.team_id, one.period_id): one
        for one in Allowance.objects.filter(about).select_related("given_by")
    }
    found = {}
    for team in teams:
        for period in periods:
            if period.team_id not in (None, team.pk):
                continue
            key = team.pk, period.pk
            report = reports.get(key)
            took = report.reply_took if report is not None else None  # type: ignore[attr-defined]
            found[key] = _stands(team, period, report, allowed.get(key), took=took, now=now)
    return found


def team_standings(team: Team, *, now: datetime) -> list[Standing]:
    """The team's periods in order, each with its report. Three queries."""
    periods = Period.objects.asked_of(team).order_by("starts_on", "number")
    return list(standings([team], periods, now=now).values())


def standing_of(team: Team, period: Period, *, now: datetime) -> Standing | None:
    """None where the team is not asked for this report at all."""
    return standings([team], [period], now=now).get((team.pk, period.pk))


def period_standings(
    period: Period, person: User, membership: Membership | None, *, now: datetime
) -> list[Standing]:
    """Every visible team that is asked for it. Three queries."""
    teams = Team.objects.visible_to(person, membership).filter(cohort=period.cohort_id)
    return list(standings(teams.for_list(), [period], now=now).values())


@dataclass(frozen=True)
class Given:
    """One thing that staff decided for one team."""

    words: str
    who: str
    at: datetime
    reason: str


GIVEN = {
    "gave a report more time": _("More time"),
    "skipped a report": _("No report"),
    "took back": _("Taken back"),
}


def given_before(team: Team, period: Period) -> list[Given]:
    """What staff gave this team for this period, newest first."""
    events = AuditEvent.objects.about(team).filter(verb__in=GIVEN, after__period=period.slug)
    return [Given(str(GIVEN[one.verb]), one.actor_name, one.at, one.reason) for one in events[:50]]


def next_due(team: Team, *, now: datetime) -> Standing | None:
    """What the team should write next: the oldest that is late, else open, else to come."""
    waiting = [s for s in team_standings(team, now=now) if s.code not in (*SENT, "skipped")]
    return waiting[0] if waiting else None


def periods_to_remind(*, since: datetime, until: datetime) -> list[Period]:
    """Those whose window, or a team's own, opens or ends between the two moments."""
    own = Allowance.objects.filter(period=OuterRef("pk"), due_at__gt=since, due_at__lt=until)
    periods = Period.objects.select_related("cohort").order_by("pk")
    return list(periods.filter(Q(opens_at__lt=until, due_at__gt=since) | Exists(own)))


def waiting_for(period: Period, *, now: datetime) -> list[Standing]:
    """The running teams that are asked for this report and have never submitted it."""
    teams = Team.objects.filter(cohort=period.cohort_id, ended_at=None).select_related("cohort")
    found = standings(teams.order_by("pk"), [period], now=now)
    return [one for one in found.values() if one.code in NEVER_SENT]
