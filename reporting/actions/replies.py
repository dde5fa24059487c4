"""What a senior leader does with a report, by their own link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from collaboratives.models import TeamMember
from collaboratives.states import Leadership
from reporting import emails
from reporting.models import LeaderCommitment, LeaderReply, Report, ReportVersion
from reporting.rules import may_reply
from reporting.states import PROMISES, Answer, ReplyState, reply_machine
from tenancy import audit, links
from workflow.machine import TransitionNotAllowed

LINK = "reply"
DUE_IN = timedelta(days=14)
OPEN_AFTER_DUE = timedelta(days=14)
RENEWED_FOR = timedelta(days=14)
CHANGE_FOR = timedelta(days=7)
MOST_LETTERS = 10_000


class AuthorCannotReply(Exception):
    """Who submitted the report can't answer it as its leader."""


class AlreadyReplied(Exception):
    """The other leader has replied to this version."""


class NobodyToHandTo(Exception):
    """The team has no other leader who could reply."""


class WindowClosed(Exception):
    """It was sent, and the days for changing it are over."""


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


def _by(reply: LeaderReply) -> str:
    return f"{reply.member.name} by link"


def _locked(reply: LeaderReply) -> LeaderReply:
    """This reply and all of its version, so that two leaders can't both send."""
    ReportVersion.objects.select_for_update(of=("self",)).get(pk=reply.version_id)
    return LeaderReply.objects.for_page().get(pk=reply.pk)


def _fill(reply: LeaderReply, asks: Mapping[str, Mapping[str, str]], reflection: str) -> None:
    places = range(len(reply.version.content["asks"]))
    reply.asks = {
        str(place): {
            "answer": given.get("answer", ""),
            "note": given.get("note", "").strip()[:1000],
        }
        for place in places
        for given in [asks.get(str(place), {})]
        if given.get("answer") in Answer.values
    }
    reply.reflection = reflection.strip()[:MOST_LETTERS]


@transaction.atomic
def save_reply(
    *, reply: LeaderReply, asks: Mapping[str, Mapping[str, str]], reflection: str, now: datetime
) -> LeaderReply:
    """Keep a draft. A reply that was sent is changed by sending it again, never by this."""
    reply = _locked(reply)
    if reply.state != ReplyState.DRAFT:
        raise TransitionNotAllowed(f"cannot save from {reply.state}")
    _fill(reply, asks, reflection)
    reply.saved_at = now
    reply.save(update_fields=["asks", "reflection", "saved_at"])
    return reply


@transaction.atomic
def send_reply(
    *, reply: LeaderReply, asks: Mapping[str, Mapping[str, str]], reflection: str, now: datetime
) -> LeaderReply:
    """Send the reply, or send it changed within seven days, and tell the team.

    Raises AuthorCannotReply, AlreadyReplied when the other leader was first, WindowClosed, or
    TransitionNotAllowed when the report was reopened since.
    """
    reply = _locked(reply)
    if not may_reply(reply.member, reply.version.submitted_by):
        raise AuthorCannotReply
    others = LeaderReply.objects.filter(version=reply.version).exclude(pk=reply.pk)
    if others.filter(state=ReplyState.SENT).exists():
        raise AlreadyReplied
    first = reply.state == ReplyState.DRAFT
    if not first and reply.state == ReplyState.SENT and not reply.may_change(now):
        raise WindowClosed
    reply.state = reply_machine.target("send" if first else "change", reply.state)
    before = None if first else {"asks": reply.asks, "reflection": reply.reflection}
    _fill(reply, asks, reflection)
    reply.saved_at = now
    if first:
        reply.sent_at, reply.editable_until = now, now + CHANGE_FOR
    reply.save()
    _commit(reply)
    if first:
        for other in others.filter(state=ReplyState.DRAFT):
            _close(other, now=now)
    audit.record(
        "replied" if first else "changed the reply",
        reply.version.report,
        by=_by(reply),
        before=before,
        after={"asks": reply.asks, "reflection": reply.reflection},
    )
    emails.replied(reply, changed=not first)
    return reply


def _commit(reply: LeaderReply) -> None:
    """What the leader said yes to becomes a promise to follow; what they took back goes."""
    promised = {
        int(place): given for place, given in reply.asks.items() if given["answer"] in PROMISES
    }
    LeaderCommitment.objects.filter(reply=reply, done_at=None).exclude(place__in=promised).delete()
    for place, given in promised.items():
        facts: dict[str, Any] = {
            "text": reply.version.content["asks"][place][:300],
            "conditions": given["note"] if given["answer"] == Answer.CONDITIONS else "",
        }
        LeaderCommitment.objects.update_or_create(
            reply=reply,
            place=place,
            defaults=facts,
            create_defaults={
                **facts,
                "host_id": reply.host_id,
                "team": reply.version.report.team,
            },
        )


@transaction.atomic
def hand_over(*, reply: LeaderReply, now: datetime) -> LeaderReply:
    """Pass the reply to the team's other leader, who gets a link of their own."""
    reply = _locked(reply)
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
        "handed over", reply.version.report, by=_by(reply), after={"leader": known.member.name}
    )
    return known


@transaction.atomic
def renew_link(*, reply: LeaderReply, now: datetime) -> None:
    """Mail a new link to the address that had the old one, and to no other."""
    emails.new_link(reply, token=_link(reply, until=now + RENEWED_FOR), now=now)
    audit.record("asked for a new link", reply.version.report, by=_by(reply))


@transaction.atomic
def disown(*, reply: LeaderReply, now: datetime) -> None:
    """Whoever has the link says that they are not this leader: close it and tell the team."""
    reply = _locked(reply)
    links.revoke(kind=LINK, subject=reply, now=now)
    emails.not_me(reply)
    audit.record("said that it is not them", reply.version.report, by=_by(reply))


@transaction.atomic
def remind_leader(*, reply: LeaderReply, now: datetime) -> None:
    """Remind once of a reply that is waited for."""
    emails.reminder(reply, token=_link(reply, until=now + RENEWED_FOR))
    audit.record("reminded", reply.version.report, by="Closer", after={"to": reply.member.name})


def close_replies(*, report: Report, now: datetime, by: User) -> None:
    """The report is written on: who has not replied yet will be asked about the next version."""
    waiting = [ReplyState.DRAFT, ReplyState.HANDED_OVER]
    for reply in LeaderReply.objects.filter(version__report=report, state__in=waiting):
        _close(reply, now=now)
        links.revoke(kind=LINK, subject=reply, now=now)


def _close(reply: LeaderReply, *, now: datetime) -> None:
    reply.state = reply_machine.target("close", reply.state)
    reply.save(update_fields=["state"])
