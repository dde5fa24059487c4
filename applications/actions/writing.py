"""Staff write to the applicants they chose, now or at a moment to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.refusals import Refused
from applications.models import (
    Application,
    ApplicationPerson,
    Mailing,
    Recipient,
    Wording,
)
from applications.states import MailingState, Status, mailing_machine
from collaboratives.models import Cohort
from tenancy import audit

MOST_AT_ONCE = 500  # applications


@transaction.atomic
def write_to(
    *,
    cohort: Cohort,
    applications: Sequence[Application],
    subject: str,
    text: str,
    key: UUID,
    at: datetime | None = None,
    by: User,
    now: datetime,
) -> Mailing:
    """Write one mail to each editor of each of these applications of a cohort, at once or at
    a moment to come.

    key: made with the page, so that sending it twice writes nothing twice. Raises Refused for a
    moment that has passed.
    """
    if at is not None and at <= now:
        raise Refused(_("Choose a moment that is still to come."))
    mailing, new = Mailing.objects.get_or_create(
        host_id=cohort.host_id,
        key=key,
        defaults={
            "cohort": cohort,
            "subject": subject,
            "text": text,
            "state": MailingState.PLANNED,
            "written_at": now,
            "written_by": by,
            "send_at": at or now,
        },
    )
    if not new:
        return mailing
    Recipient.objects.bulk_create(
        Recipient(host_id=cohort.host_id, mailing=mailing, application=one) for one in applications
    )
    if at is None:
        _send(mailing, applications, now)
    else:
        after = {"subject": subject, "send_at": at.isoformat()}
        for application in applications:
            audit.record("planned to write to", application, by=by, after=after)
    return mailing


@transaction.atomic
def send_as_planned(*, mailing: Mailing, now: datetime) -> bool:
    """The clock's part, once. False when it was taken back or sent meanwhile.

    Who withdrew since it was written gets nothing; who joined since gets it too.
    """
    mailing = _locked(mailing)
    if not mailing_machine.allows("send", mailing.state) or mailing.send_at > now:
        return False
    chosen = Recipient.objects.filter(mailing=mailing).values("application_id")
    found = Application.objects.filter(pk__in=chosen).for_writing().order_by("pk")
    gone = found.filter(status=Status.WITHDRAWN, withdrawn_at__gt=mailing.written_at)
    _send(mailing, list(found.exclude(pk__in=gone.values("pk"))), now)
    return True


@transaction.atomic
def take_back(*, mailing: Mailing, by: User, now: datetime) -> Mailing:
    """Keep a planned one from going out. Raises TransitionNotAllowed once it went."""
    mailing = _locked(mailing)
    mailing.state = mailing_machine.target("take_back", mailing.state)
    mailing.settled_at, mailing.settled_by = now, by
    mailing.save()
    for one in Recipient.objects.filter(mailing=mailing).select_related("application"):
        before = {"subject": mailing.subject, "send_at": mailing.send_at.isoformat()}
        audit.record("took back what was planned", one.application, by=by, before=before)
    return mailing


@transaction.atomic
def write_test(
    *, application: Application, subject: str, text: str, by: User, now: datetime
) -> None:
    """The mail as this application's people would get it, to the writer alone."""
    key = f"test:{by.pk}:{now.isoformat()}"
    emails.from_staff(application, by, subject=subject, text=text, key=key)


@transaction.atomic
def keep_wording(
    *, cohort: Cohort, name: str, subject: str, text: str, by: User, now: datetime
) -> Wording:
    """Keep words for another time. Raises Refused for a name that other words have: nobody's
    text is written over."""
    kept, new = Wording.objects.get_or_create(
        host_id=cohort.host_id,
        name=name,
        defaults={"subject": subject, "text": text, "kept_by": by, "kept_at": now},
    )
    if not new:
        raise Refused(_("There are words with this name. Choose another name."))
    audit.record("kept words", kept, by=by, after={"subject": subject})
    return kept


@transaction.atomic
def remove_wording(*, wording: Wording, by: User) -> None:
    before = {"subject": wording.subject, "text": wording.text}
    audit.record("removed kept words", wording, by=by, before=before)
    wording.delete()


def _locked(mailing: Mailing) -> Mailing:
    return Mailing.objects.select_for_update(of=("self",)).get(pk=mailing.pk)


def _send(mailing: Mailing, applications: Sequence[Application], now: datetime) -> None:
    mailing.state = mailing_machine.target("send", mailing.state)
    mailing.settled_at = now
    for application in applications:
        posted = sum(
            emails.from_staff(
                application,
                one.user,
                subject=mailing.subject,
                text=mailing.text,
                key=str(mailing.key),
            )
            for one in ApplicationPerson.objects.editors_of(application)
        )
        if posted:
            after = {"subject": mailing.subject}
            audit.record("wrote to", application, by=mailing.written_by, after=after)
        mailing.mails += posted
    mailing.save()
