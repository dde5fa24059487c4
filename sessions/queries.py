"""What the pages of sessions show."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from collaboratives.models import Cohort, Team
from sessions.models import Invitee, Session
from sessions.states import Answer, Presence, Status

CAME = (Presence.PRESENT, Presence.MADE_UP)


@dataclass(frozen=True)
class TeamSession:
    """One session as a team sees it: with the reader's own invitation, if there is one."""

    session: Session
    own: Invitee | None
    is_over: bool


def of_team(team: Team, *, user_id: int, now: datetime) -> list[TeamSession]:
    """The team's calendar, two queries for any length."""
    sessions = list(
        Session.objects.filter(cohort_id=team.cohort_id)
        .exclude(status=Status.PLANNED)
        .order_by("starts_at", "pk")
    )
    own = {
        invitee.session_id: invitee
        for invitee in Invitee.objects.filter(
            member__team=team, member__user_id=user_id, session__in=sessions
        )
    }
    return [TeamSession(s, own.get(s.pk), s.ends_at <= now) for s in sessions]


def next_of_team(team: Team, *, now: datetime) -> Session | None:
    return Session.objects.upcoming(now).filter(cohort_id=team.cohort_id).first()


@dataclass(frozen=True)
class Attendance:
    """How many sessions are over, and in how many a team was present, for each team."""

    over: int
    by_team: list[tuple[Team, int]]


def attendance(cohort: Cohort, *, now: datetime, minimum: int = 1) -> Attendance:
    """A team counts as present with at least `minimum` people there or who made it up."""
    over = Session.objects.filter(cohort=cohort, status=Status.PUBLISHED, ends_at__lte=now)
    presences = (
        Invitee.objects.filter(session__in=over, presence__in=CAME)
        .values("member__team_id", "session_id")
        .annotate(people=Count("pk"))
        .filter(people__gte=minimum)
    )
    counts: dict[int, int] = {}
    for row in presences:
        counts[row["member__team_id"]] = counts.get(row["member__team_id"], 0) + 1
    teams = Team.objects.filter(cohort=cohort).for_list()  # type: ignore[attr-defined]
    return Attendance(over.count(), [(team, counts.get(team.pk, 0)) for team in teams])


def to_remind(*, now: datetime, horizon: timedelta) -> list[Invitee]:
    """Invited people of sessions that begin within the horizon and who haven't said no."""
    return list(
        Invitee.objects.filter(
            Q(session__starts_at__gt=now, session__starts_at__lte=now + horizon),
            session__status=Status.PUBLISHED,
            member__left_at=None,
        )
        .exclude(answer=Answer.NO)
        .select_related("session__host", "member__user")
        .order_by("pk")
    )


@dataclass(frozen=True)
class Meeting:
    """One session as anybody may know of it."""

    number: int | None
    title: str
    starts_at: datetime
    minutes: int


def public_calendar(cohort: Cohort) -> list[Meeting]:
    """The sessions of a published cohort; before they are planned, what its program plans."""
    sessions = list(
        Session.objects.filter(cohort=cohort)
        .exclude(status=Status.CANCELLED)
        .order_by("starts_at", "pk")
    )
    if sessions:
        return [Meeting(one.number, one.title, one.starts_at, one.minutes) for one in sessions]
    return [
        Meeting(
            planned.number,
            str(planned.title),
            instant(cohort.starts_on + timedelta(days=planned.day), planned.at, cohort),
            planned.minutes,
        )
        for planned in cohort.program.blueprint.sessions
    ]


def instant(day: date, at: str, cohort: Cohort) -> datetime:
    """A day and a time of day in the cohort's zone."""
    return datetime.combine(day, datetime.strptime(at, "%H:%M").time(), cohort.zone)
