"""What a senior leader writes to the team, by their own link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from questionnaires import actions as questionnaires
from questionnaires.actions import Saved
from questionnaires.models import Response
from questionnaires.rules import Problem
from reporting import emails
from reporting.actions.leaders import by_link, close, locked
from reporting.models import LeaderCommitment, LeaderReply
from reporting.reply_form import (
    FORM,
    KEY,
    NAME,
    OWN,
    REFLECTION,
    as_sent,
    day,
    draft_of,
    has_unsent,
    sent_answers,
    wrong_in,
)
from reporting.rules import may_reply
from reporting.states import PROMISES, Answer, ReplyState, reply_machine
from tenancy import audit
from workflow.machine import TransitionNotAllowed

CHANGE_FOR = timedelta(days=7)
OWN_PLACE = 100


class AuthorCannotReply(Exception):
    """Who submitted the report can't answer it as its leader."""


class AlreadyReplied(Exception):
    """The other leader has replied to this version."""


class NothingToSend(Exception):
    """Nothing is answered; or `problems` says what can't be read."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("nothing to send")
        self.problems = found


class SentBefore(Exception):
    """The page was read before the reply was last sent: this is the same press once more."""


class WindowClosed(Exception):
    """It was sent, and the days for changing it are over."""


@transaction.atomic
def save_reply(
    *,
    reply: LeaderReply,
    values: Mapping[str, Any],
    base_revisions: Mapping[str, int] | None = None,
    save_key: str = "",
    whole_page: bool = False,
    now: datetime,
) -> Saved:
    """Keep what was typed, field by field. What the team reads is what was sent last.

    Raises TransitionNotAllowed when it was handed over or the report is written on, WindowClosed
    when the days for changing a sent one are over.
    """
    reply = locked(reply)
    _expect_open(reply, now)
    saved = questionnaires.save(
        response=_response(reply, now),
        values=values,
        base_revisions=base_revisions,
        save_key=save_key,
        whole_page=whole_page,
        now=now,
        by=_author(reply),
    )
    if saved.changed:
        LeaderReply.objects.filter(pk=reply.pk).update(saved_at=now)
    return saved


def _expect_open(reply: LeaderReply, now: datetime) -> None:
    if reply.state == ReplyState.SENT and not reply.may_change(now):
        raise WindowClosed
    if reply.state not in (ReplyState.DRAFT, ReplyState.SENT):
        raise TransitionNotAllowed(f"cannot write from {reply.state}")


def _author(reply: LeaderReply) -> str:
    """The same words also after a change of name: one's own later words win."""
    return f"Leader {reply.member_id} by link"


def _response(reply: LeaderReply, now: datetime) -> Response:
    """The draft, begun with the first word."""
    if reply.response is None:
        version = questionnaires.keep_published(
            host_id=reply.host_id, key=KEY, name=NAME, form=FORM, now=now, by=by_link(reply)
        )
        reply.response = questionnaires.start_response(
            version=version, answers=sent_answers(reply), now=now, by=_author(reply)
        )
        reply.save(update_fields=["response"])
    return reply.response


@transaction.atomic
def send_reply(*, reply: LeaderReply, sendings: int, now: datetime) -> LeaderReply:
    """Send the draft as the reply, or as the changed reply within seven days; tell the team.

    sendings: how often it had been sent when the page was read. Raises SentBefore when it was
    sent since, or when nothing was changed; NothingToSend, AuthorCannotReply, AlreadyReplied
    when the other leader was first, WindowClosed, or TransitionNotAllowed when the report was
    reopened.
    """
    reply = locked(reply)
    if reply.sendings > sendings:
        raise SentBefore
    if not may_reply(reply.member, reply.version.submitted_by):
        raise AuthorCannotReply
    others = LeaderReply.objects.filter(version=reply.version).exclude(pk=reply.pk)
    if others.filter(state=ReplyState.SENT).exists():
        raise AlreadyReplied
    _expect_open(reply, now)
    first = reply.state == ReplyState.DRAFT
    if not first and not has_unsent(reply):
        raise SentBefore
    reply.state = reply_machine.target("send" if first else "change", reply.state)
    before = None if first else {"asks": reply.asks, "reflection": reply.reflection}
    _take_over_the_draft(reply)
    reply.sendings += 1
    reply.acknowledged_at, reply.acknowledged_by = None, None
    if first:
        reply.sent_at, reply.editable_until = now, now + CHANGE_FOR
    reply.save()
    _commit(reply)
    if first:
        for other in others.filter(state=ReplyState.DRAFT):
            close(other, now=now)
    audit.record(
        "replied" if first else "changed the reply",
        reply.version.report,
        by=by_link(reply),
        before=before,
        after={"asks": reply.asks, "reflection": reply.reflection},
    )
    emails.replied(reply, changed=not first)
    return reply


def _take_over_the_draft(reply: LeaderReply) -> None:
    answers = draft_of(reply)
    found = wrong_in(answers)
    asks = as_sent(answers, len(reply.version.content["asks"]))
    if found or not (asks or answers.get(REFLECTION)):
        raise NothingToSend(found)
    reply.asks, reply.reflection = asks, answers.get(REFLECTION, "")


def _commit(reply: LeaderReply) -> None:
    """What the leader said yes to becomes a promise to follow; what they took back goes.

    A day that the team has set stays when the leader names none.
    """
    promised = dict(_promises(reply))
    LeaderCommitment.objects.filter(reply=reply, done_at=None).exclude(place__in=promised).delete()
    for place, facts in promised.items():
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


def _promises(reply: LeaderReply) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each promise by its place: the asks in their order, then the leader's own."""
    for place, given in reply.asks.items():
        facts: dict[str, Any] = {"due_on": day(given["by"])} if given["by"] else {}
        if place == OWN:
            yield OWN_PLACE, {**facts, "text": given["text"], "conditions": ""}
        elif given["answer"] in PROMISES:
            facts["text"] = reply.version.content["asks"][int(place)][:300]
            facts["conditions"] = given["note"] if given["answer"] == Answer.CONDITIONS else ""
            yield int(place), facts
