"""Whom a report asks for a reply, and what becomes of their links."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction

from accounts.models import User
from collaboratives.models import TeamMember
from collaboratives.states import Leadership
from reporting import emails
from reporting.models import LeaderReply, Report, ReportVersion
from reporting.rules import may_reply
from reporting.states import ReplyState, reply_machine
from tenancy import audit, links

LINK = "reply"
DUE_IN = timedelta(days=14)
OPEN_AFTER_DUE = timedelta(days=14)
RENEWED_FOR = timedelta(days=14)


class NobodyToHandTo(Exception):
    """The team has no other leader who could reply."""


@transaction.atomic
def ask_leader(*, version: ReportVersion, now: datetime, by: User) -> LeaderReply | None:
    """Ask the senior leader to reply; the alternate when the leader wrote the report.

    None when the team has nobody who may: the report is submitted all the same.
    """
    leaders = _leaders(version)
    if not leaders:
        audit.record("found no leader to ask", version.report, by=by)
        return None
    reply = _ask(version=version, member=leaders[0], now=now)
    emails.please_reply(reply, token=_link(reply))
    audit.record("asked for a reply", version.report, by=by, after={"leader": reply.member.name})
    return reply


def _leaders(version: ReportVersion) -> list[TeamMember]:
    """Who may reply, the senior leader first."""
    people = TeamMember.objects.present().filter(team=version.report.team).exclude(leadership="")
    order = [Leadership.SENIOR_LEADER, Leadership.ALTERNATE]
    return sorted(
        (person for person in people if may_reply(person, version.submitted_by)),
        key=lambda person: order.index(Leadership(person.leadership)),
    )


def _ask(*, version: ReportVersion, member: TeamMember, now: datetime) -> LeaderReply:
    zone = version.report.team.cohort.zone
    due = (now + DUE_IN).astimezone(zone)
    return LeaderReply.objects.create(
        host_id=version.host_id,
        version=version,
        member=member,
        asked_at=now,
        due_at=datetime.combine(due.date(), time(23, 59), tzinfo=zone),
    )


def _link(reply: LeaderReply, *, until: datetime | None = None) -> str:
    expires = max(until or reply.due_at, reply.due_at + OPEN_AFTER_DUE)
    return links.issue(kind=LINK, subject=reply, expires_at=expires, email=reply.member.email)


def by_link(reply: LeaderReply) -> str:
    """Who it was, for the record."""
    return f"{reply.member.name} by link"


def locked(reply: LeaderReply) -> LeaderReply:
    """This reply and all of its version, so that two leaders can't both send."""
    ReportVersion.objects.select_for_update(of=("self",)).get(pk=reply.version_id)
    return LeaderReply.objects.for_page().get(pk=reply.pk)


@transaction.atomic
def hand_over(*, reply: LeaderReply, now: datetime) -> LeaderReply:
    """Pass the reply to the team's other leader, who gets a link of their own."""
    reply = locked(reply)
    state = reply_machine.target("hand_over", reply.state)
    others = [p for p in _leaders(reply.version) if p.pk != reply.member_id]
    if not others:
        raise NobodyToHandTo
    reply.state = state
    reply.save(update_fields=["state"])
    known = LeaderReply.objects.filter(version=reply.version, member=others[0]).first()
    if known is None:
        known = _ask(version=reply.version, member=others[0], now=now)
    elif known.state == ReplyState.HANDED_OVER:
        known.state = reply_machine.target("take_back", known.state)
        known.save(update_fields=["state"])
    emails.handed_over(known, token=_link(known), from_name=reply.member.name)
    audit.record(
        "handed over", reply.version.report, by=by_link(reply), after={"leader": known.member.name}
    )
    return known


@transaction.atomic
def renew_link(*, reply: LeaderReply, now: datetime) -> None:
    """Mail a new link to the address that had the old one, and to no other."""
    emails.new_link(reply, token=_link(reply, until=now + RENEWED_FOR), now=now)
    audit.record("asked for a new link", reply.version.report, by=by_link(reply))


@transaction.atomic
def disown(*, reply: LeaderReply, now: datetime) -> None:
    """Whoever has the link says that they are not this leader: close it and tell the team."""
    reply = locked(reply)
    links.revoke(kind=LINK, subject=reply, now=now)
    emails.not_me(reply)
    audit.record("said that it is not them", reply.version.report, by=by_link(reply))


@transaction.atomic
def remind_leader(*, reply: LeaderReply, now: datetime) -> None:
    """Remind once of a reply that is waited for."""
    emails.reminder(reply, token=_link(reply, until=now + RENEWED_FOR))
    audit.record("reminded", reply.version.report, by="Closer", after={"to": reply.member.name})


def close_replies(*, report: Report, now: datetime, by: User) -> None:
    """The report is written on: who has not replied yet will be asked about the next version."""
    waiting = [ReplyState.DRAFT, ReplyState.HANDED_OVER]
    for reply in LeaderReply.objects.filter(version__report=report, state__in=waiting):
        close(reply, now=now)
        links.revoke(kind=LINK, subject=reply, now=now)


def close(reply: LeaderReply, *, now: datetime) -> None:
    reply.state = reply_machine.target("close", reply.state)
    reply.save(update_fields=["state"])
