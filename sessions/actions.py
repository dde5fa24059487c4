"""Everything that changes a session, an invitation or an attendance."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from collaboratives.models import Cohort, TeamGroup, TeamMember
from sessions import emails, rules
from sessions.models import Invitee, Session
from sessions.queries import instant
from sessions.states import Answer, Audience, Presence, Status, machine
from tenancy import audit
from workflow.machine import TransitionNotAllowed


class AlreadyPlanned(Exception):
    """The cohort has sessions; its plan is filled in only once."""


class PreworkMissing(Exception):
    """The program lets nobody say yes before this is done."""


class GroupMissing(Exception):
    """It is for a small group, and nobody has said which."""


def _locked(session: Session) -> Session:
    return Session.objects.select_for_update(of=("self",)).get(pk=session.pk)


def _times(session: Session) -> dict[str, str]:
    return {"starts_at": session.starts_at.isoformat(), "ends_at": session.ends_at.isoformat()}


@transaction.atomic
def plan_sessions(*, cohort: Cohort, by: User) -> list[Session]:
    """Write the blueprint's session plan into the cohort's calendar, unpublished.

    Raises AlreadyPlanned when there are sessions. Each planned session says the day, counted
    from the cohort's first, and the local time; summer time is the zone's affair. A call of
    small groups is planned once for each group there is.
    """
    if cohort.sessions.exists():
        raise AlreadyPlanned
    plan = cohort.program.blueprint.sessions
    groups = list(TeamGroup.objects.filter(cohort=cohort).order_by("name", "pk"))
    return [
        _add(
            cohort=cohort,
            starts_at=instant(cohort.starts_on + timedelta(days=planned.day), planned.at, cohort),
            minutes=planned.minutes,
            fields={
                "number": planned.number,
                "title": str(planned.title),
                "kind": planned.kind,
                "modality": planned.modality,
                "audience": planned.audience,
                "group": group,
            },
            by=by,
        )
        for planned in plan
        for group in ((groups or [None]) if planned.audience == Audience.SUBGROUP else [None])
    ]


def _add(
    *, cohort: Cohort, starts_at: datetime, minutes: int, fields: dict[str, Any], by: User
) -> Session:
    session = Session.objects.create(
        host_id=cohort.host_id,
        cohort=cohort,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        time_zone=cohort.time_zone,
        **fields,
    )
    audit.record("planned", session, by=by, after=_times(session))
    return session


@transaction.atomic
def schedule(
    *, cohort: Cohort, starts_at: datetime, minutes: int, fields: dict[str, Any], by: User
) -> Session:
    """Add one session to the cohort, unpublished. fields: the plain fields of Session."""
    return _add(cohort=cohort, starts_at=starts_at, minutes=minutes, fields=fields, by=by)


@transaction.atomic
def edit(*, session: Session, fields: dict[str, Any], by: User) -> Session:
    """Change what doesn't move it: title, link, venue, words."""
    session = _locked(session)
    before = {name: getattr(session, name) for name in fields}
    for name, value in fields.items():
        setattr(session, name, value)
    session.save(update_fields=list(fields))
    audit.record("edited", session, by=by, before=before, after=fields)
    return session


@transaction.atomic
def choose_group(*, session: Session, group: TeamGroup, by: User) -> Session:
    """Say whose call it is. Raises TransitionNotAllowed once the invitations are out."""
    session = _locked(session)
    if not rules.can_choose_group(session):
        raise TransitionNotAllowed("the invitations are out")
    before = str(session.group or "")
    session.group = group
    session.save(update_fields=["group"])
    audit.record("edited", session, by=by, before={"group": before}, after={"group": group.name})
    return session


@transaction.atomic
def publish(*, session: Session, by: User, now: datetime) -> Session:
    """Invite everybody it is for, each with a calendar file and a link to answer.

    Raises GroupMissing for a call of a small group that has none.
    """
    session = _locked(session)
    session.status = machine.target("publish", session.status)
    if rules.lacks_group(session):
        raise GroupMissing(session.title)
    session.published_at = now
    session.save(update_fields=["status", "published_at"])
    audit.record("published", session, by=by, after={"status": session.status})
    _invite(session)
    return session


def _invite(session: Session) -> None:
    members = TeamMember.objects.present().filter(
        team__cohort_id=session.cohort_id, team__ended_at=None
    )
    members = members.select_related("user", "team").exclude(invitations__session=session)
    for member in members.order_by("pk"):
        if rules.is_for(session, member):
            invite(session=session, member=member)
    emails.facilitates(session, "invitation", "invited")


def invite(*, session: Session, member: TeamMember) -> Invitee:
    """Ask one person, with a calendar file and a link to answer."""
    invitee = Invitee.objects.create(host_id=session.host_id, session=session, member=member)
    emails.invitation(invitee)
    return invitee


@transaction.atomic
def move(
    *, session: Session, starts_at: datetime, minutes: int, by: User, reason: str = ""
) -> Session:
    """Change the time. Invited people are told, and their calendars follow."""
    session = _locked(session)
    published = session.status == Status.PUBLISHED
    machine.target("move_published" if published else "move", session.status)
    before = _times(session)
    session.starts_at, session.ends_at = starts_at, starts_at + timedelta(minutes=minutes)
    session.sequence += 1
    session.save(update_fields=["starts_at", "ends_at", "sequence"])
    audit.record("moved", session, by=by, before=before, after=_times(session), reason=reason)
    if published:
        for invitee in _invitees(session):
            emails.moved(invitee)
        emails.facilitates(session, "moved", f"moved:{session.sequence}")
    return session


@transaction.atomic
def cancel(*, session: Session, by: User, now: datetime, reason: str) -> Session:
    """Take it off the calendar. Invited people are told, and their calendars follow."""
    session = _locked(session)
    told = session.status == Status.PUBLISHED
    session.status = machine.target("cancel", session.status)
    session.cancelled_at = now
    session.sequence += 1
    session.save(update_fields=["status", "cancelled_at", "sequence"])
    audit.record("cancelled", session, by=by, after={"status": session.status}, reason=reason)
    if told:
        for invitee in _invitees(session):
            emails.cancelled(invitee)
        emails.facilitates(session, "cancelled", "cancelled")
    return session


def _invitees(session: Session) -> list[Invitee]:
    """Those who are still on their team; the session in hand, so that no mail reads it again."""
    invitees = list(
        session.invitees.filter(member__left_at=None)
        .select_related("member__user", "session__host")
        .order_by("pk")
    )
    for invitee in invitees:
        invitee.session = session
    return invitees


@transaction.atomic
def answer(*, invitee: Invitee, answer: Answer, by: User | str, now: datetime) -> Invitee:
    """Say whether one is coming; the same answer once more is no other one. Raises
    TransitionNotAllowed once it is over or cancelled, and PreworkMissing for a yes where the
    team's prework bars it."""
    invitee = Invitee.objects.select_for_update(of=("self",)).get(pk=invitee.pk)
    if not rules.can_answer(invitee, now):
        raise TransitionNotAllowed("this session is over or cancelled")
    prework = rules.prework_lacking(invitee.session, invitee.member.team)
    if answer == Answer.YES and prework and prework.policy == "block":
        raise PreworkMissing(str(prework.title))
    before = invitee.answer
    if before == answer:
        return invitee
    invitee.answer, invitee.answered_at = answer, now
    invitee.save(update_fields=["answer", "answered_at"])
    audit.record(
        "answered",
        invitee.session,
        by=by,
        before={"member": invitee.member_id, "answer": before},
        after={"member": invitee.member_id, "answer": answer},
    )
    return invitee


@transaction.atomic
def note_attendance(
    *, session: Session, presence: dict[int, Presence], by: User, now: datetime
) -> int:
    """Keep who came. presence: by invitee id; what is not in it stays. Returns how many changed."""
    invitees = session.invitees.select_for_update().filter(pk__in=presence).order_by("pk")
    changed = {}
    for invitee in invitees:
        if invitee.presence != presence[invitee.pk]:
            changed[str(invitee.member_id)] = [invitee.presence, presence[invitee.pk]]
            invitee.presence = presence[invitee.pk]
            invitee.presence_by, invitee.presence_at = by, now
            invitee.save(update_fields=["presence", "presence_by", "presence_at"])
    if changed:
        audit.record("noted attendance", session, by=by, after=changed)
    return len(changed)
