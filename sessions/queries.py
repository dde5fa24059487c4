"""What the pages of sessions show."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from collaboratives.blueprints.schema import Prework
from collaboratives.models import Cohort, Team, TeamMember
from sessions.models import Invitee, Session
from sessions.rules import is_for, prework_lacking
from sessions.states import Answer, Kind, Presence, Status

CAME = (Presence.PRESENT, Presence.MADE_UP)


@dataclass(frozen=True)
class TeamSession:
    """One session as a team sees it: with the reader's own invitation, if there is one."""

    session: Session
    own: Invitee | None
    is_over: bool
    prework: Prework | None = None  # still to do before it


def of_team(team: Team, *, user_id: int, now: datetime) -> list[TeamSession]:
    """The team's calendar, for any length at most three queries."""
    sessions = list(
        Session.objects.of_team(team).exclude(status=Status.PLANNED).order_by("starts_at", "pk")
    )
    own = {
        invitee.session_id: invitee
        for invitee in Invitee.objects.filter(
            member__team=team, member__user_id=user_id, session__in=sessions
        )
    }
    for session in sessions:
        session.cohort = team.cohort
    return [
        TeamSession(s, own.get(s.pk), s.ends_at <= now, prework_lacking(s, team)) for s in sessions
    ]


def next_of_team(team: Team, *, now: datetime) -> Session | None:
    return Session.objects.upcoming(now).of_team(team).first()


@dataclass(frozen=True)
class Came:
    """How many of a team's people were asked to one session, and how many came or made it up."""

    session: Session
    invited: int
    people: int
    minimum: int

    @property
    def was_there(self) -> bool:
        return self.people >= self.minimum


@dataclass(frozen=True)
class TeamAttendance:
    """places: one for each session of the board; None where nobody of the team was asked."""

    team: Team
    places: list[Came | None]

    @property
    def asked(self) -> int:
        return sum(one is not None for one in self.places)

    @property
    def came(self) -> int:
        return sum(one is not None and one.was_there for one in self.places)


@dataclass(frozen=True)
class AttendanceBoard:
    """Teams down, the sessions that are over across."""

    sessions: list[Session]
    rows: list[TeamAttendance]


def attendance_board(
    cohort: Cohort,
    teams: Iterable[Team],
    *,
    now: datetime,
    kind: str = "",
    minimum: int = 1,
) -> AttendanceBoard:
    """Who of these teams came to what; kind: only sessions of that kind. Two queries.

    A team counts as there with at least `minimum` people. A session to which nobody of a team
    was asked, a call of another group or of its leaders' peers, does not count against it.
    """
    over = Session.objects.filter(cohort=cohort, status=Status.PUBLISHED, ends_at__lte=now)
    if kind in Kind.values:
        over = over.filter(kind=kind)
    met = list(over.order_by("starts_at", "pk"))
    counted = (
        Invitee.objects.filter(session__in=met)
        .of_its_group()
        .values("member__team_id", "session_id")
        .annotate(n=Count("pk"), came=Count("pk", filter=Q(presence__in=CAME)))
        .order_by("member__team_id", "session_id")
    )
    found = {(one["member__team_id"], one["session_id"]): one for one in counted}
    rows = []
    for team in teams:
        places: list[Came | None] = []
        for session in met:
            one = found.get((team.pk, session.pk))
            places.append(Came(session, one["n"], one["came"], minimum) if one else None)
        rows.append(TeamAttendance(team, places))
    return AttendanceBoard(met, rows)


def to_remind(*, now: datetime, horizon: timedelta) -> list[Invitee]:
    """Invited people of sessions that begin within the horizon and who haven't said no."""
    return list(
        Invitee.objects.filter(
            Q(session__starts_at__gt=now, session__starts_at__lte=now + horizon),
            session__status=Status.PUBLISHED,
            member__left_at=None,
        )
        .exclude(answer=Answer.NO)
        .of_its_group()
        .select_related("session__host", "session__cohort__program", "member__user", "member__team")
        .order_by("pk")
    )


def to_facilitate(*, now: datetime, horizon: timedelta) -> list[Session]:
    """Calls of small groups that begin within the horizon and that somebody facilitates."""
    return list(
        Session.objects.filter(
            starts_at__gt=now,
            starts_at__lte=now + horizon,
            status=Status.PUBLISHED,
            group__facilitator__isnull=False,
        )
        .select_related("host", "cohort", "group__facilitator")
        .order_by("pk")
    )


def newcomers(*, now: datetime) -> Iterator[tuple[Session, TeamMember]]:
    """Who belongs to a published session that is still ahead and was not asked yet, because they
    came to the team after the invitations had gone out."""
    sessions = {one.pk: one for one in Session.objects.upcoming(now)}
    asked = Invitee.objects.filter(session=OuterRef("session_pk"), member=OuterRef("pk"))
    members = (
        TeamMember.objects.present()
        .annotate(session_pk=F("team__cohort__sessions__pk"))
        .filter(~Exists(asked), session_pk__in=sessions, team__ended_at=None)
        .select_related("user", "team")
    )
    for member in members.order_by("pk", "session_pk"):
        session = sessions[member.session_pk]
        if is_for(session, member):
            yield session, member


@dataclass(frozen=True)
class Meeting:
    """One session as anybody may know of it."""

    number: int | None
    title: str
    starts_at: datetime
    minutes: int


def public_calendar(cohort: Cohort) -> list[Meeting]:
    """The sessions of a published cohort; before they are planned, what its program plans.

    A call that several small groups have at the same time stands there once.
    """
    sessions = list(
        Session.objects.filter(cohort=cohort)
        .exclude(status=Status.CANCELLED)
        .order_by("starts_at", "pk")
    )
    if sessions:
        met = [Meeting(one.number, one.title, one.starts_at, one.minutes) for one in sessions]
        return list(dict.fromkeys(met))
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
