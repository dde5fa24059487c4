"""What readers do with a shared change: ask about it, and begin a test of their own from it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from collaboratives.models import Team
from reporting import library_emails as emails
from reporting.actions.changes import ChangeFields, add_change
from reporting.models import ChangeTested, LibraryComment, Mention
from reporting.queries.comments import can_be_named, may_read, named_in
from tenancy import audit

TWICE = timedelta(minutes=2)


@transaction.atomic
def comment(*, change: ChangeTested, text: str, now: datetime, by: User) -> LibraryComment:
    """Write beneath a change; its team and whoever is named get a mail, each one.

    The same words once more within two minutes are the same press.
    """
    ChangeTested.objects.select_for_update(of=("self",)).get(pk=change.pk)
    before = LibraryComment.objects.filter(change=change, author=by, text=text, at__gt=now - TWICE)
    if (again := before.standing().first()) is not None:
        return again
    written = LibraryComment.objects.create(
        host_id=change.host_id, change=change, author=by, text=text, at=now
    )
    audit.record("commented", change, by=by, after={"comment": written.pk})
    named = [one for one in named_in(text, can_be_named(change, by)) if may_read(change, one)]
    for person in named:
        Mention.objects.create(host_id=change.host_id, comment=written, person=person)
        emails.mentioned(written, person)
    emails.commented(written, already=named)
    return written


@transaction.atomic
def remove_comment(*, comment: LibraryComment, now: datetime, by: User) -> LibraryComment:
    """Nobody reads it from now on; the row stays."""
    comment = LibraryComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if comment.removed_at is None:
        comment.removed_at, comment.removed_by = now, by
        comment.save(update_fields=["removed_at", "removed_by"])
        audit.record("removed_comment", comment.change, by=by, before={"comment": comment.pk})
    return comment


@transaction.atomic
def adapt(*, change: ChangeTested, team: Team, now: datetime, by: User) -> ChangeTested:
    """Begin a test of one's own from another team's, which stays named whatever becomes of it."""
    given = ChangeFields(
        title=change.title,
        plan=change.plan,
        started_on=now.astimezone(team.cohort.zone).date(),
    )
    begun = add_change(team=team, given=given, by=by)
    begun.adapted_from = change
    begun.adapted_words = f"{change.title}, {change.team.name}"
    begun.save(update_fields=["adapted_from", "adapted_words"])
    audit.record("adapted", begun, by=by, after={"from": begun.adapted_words})
    return begun
