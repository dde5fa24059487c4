"""What a team does with its leader's reply: it says thank you, and follows what was promised."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from reporting import emails
from reporting.actions.leaders import LINK, RENEWED_FOR, locked
from reporting.models import LeaderCommitment, LeaderReply
from reporting.states import ReplyState
from tenancy import audit, links
from workflow.machine import TransitionNotAllowed


@transaction.atomic
def acknowledge(*, reply: LeaderReply, now: datetime, by: User) -> LeaderReply:
    """The team has read the reply and says so; the leader is told once.

    Raises TransitionNotAllowed when it was acknowledged already. A reply that the leader changes
    afterwards waits for it again.
    """
    reply = locked(reply)
    if reply.state != ReplyState.SENT or reply.acknowledged_at is not None:
        raise TransitionNotAllowed("nothing to acknowledge")
    reply.acknowledged_at, reply.acknowledged_by = now, by
    reply.save(update_fields=["acknowledged_at", "acknowledged_by"])
    audit.record("acknowledged the reply", reply.version.report, by=by)
    emails.acknowledged(reply)
    return reply


@transaction.atomic
def set_commitment_day(
    *, commitment: LeaderCommitment, due_on: date | None, by: User
) -> LeaderCommitment:
    """Agree on another day, or on none."""
    commitment = _locked(commitment)
    before, commitment.due_on = commitment.due_on, due_on
    commitment.save(update_fields=["due_on"])
    _record("set the day of a commitment", commitment, by, before=before, after=due_on)
    return commitment


@transaction.atomic
def finish_commitment(*, commitment: LeaderCommitment, now: datetime, by: User) -> LeaderCommitment:
    """It is done. The leader sees it on their next page. Done twice is done once."""
    commitment = _locked(commitment)
    if commitment.done_at is None:
        commitment.done_at, commitment.done_by = now, by
        commitment.save(update_fields=["done_at", "done_by"])
        _record("finished a commitment", commitment, by, before=None, after=now.date())
    return commitment


@transaction.atomic
def reopen_commitment(*, commitment: LeaderCommitment, by: User) -> LeaderCommitment:
    """It is not done after all."""
    commitment = _locked(commitment)
    if commitment.done_at is not None:
        before = commitment.done_at.date()
        commitment.done_at, commitment.done_by = None, None
        commitment.save(update_fields=["done_at", "done_by"])
        _record("reopened a commitment", commitment, by, before=before, after=None)
    return commitment


@transaction.atomic
def remind_of_commitment(*, commitment: LeaderCommitment, offset: str, now: datetime) -> None:
    """Tell the leader that the day they named is near. The link leads to their reply."""
    reply = commitment.reply
    token = links.issue(
        kind=LINK, subject=reply, expires_at=now + RENEWED_FOR, email=reply.member.email
    )
    emails.commitment_due(commitment, token=token, offset=offset)


def _locked(commitment: LeaderCommitment) -> LeaderCommitment:
    rows = LeaderCommitment.objects.select_for_update(of=("self",))
    return rows.select_related("reply__version__report").get(pk=commitment.pk)


def _record(
    verb: str, commitment: LeaderCommitment, by: User, *, before: date | None, after: date | None
) -> None:
    audit.record(
        verb,
        commitment.reply.version.report,
        by=by,
        before={"commitment": commitment.text, "day": f"{before or ''}"},
        after={"commitment": commitment.text, "day": f"{after or ''}"},
    )
