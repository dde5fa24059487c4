"""Staff write to the applicants they chose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.refusals import Refused
from applications.models import Application, ApplicationPerson
from tenancy import audit


@transaction.atomic
def write_to(
    *,
    applications: Sequence[Application],
    subject: str,
    text: str,
    key: UUID,
    at: datetime | None = None,
    by: User,
    now: datetime,
) -> int:
    """Write one mail to each editor of each of these; returns how many mails.

    key: made with the page, so that sending it twice writes nothing twice. at: send it then.
    Raises Refused for a moment that has passed.
    """
    if at is not None and at <= now:
        raise Refused(_("Choose a moment that is still to come."))
    written = 0
    for application in applications:
        posted = sum(
            emails.from_staff(
                application, one.user, subject=subject, text=text, key=str(key), not_before=at
            )
            for one in ApplicationPerson.objects.editors_of(application)
        )
        if posted:
            audit.record("wrote to", application, by=by, after={"subject": subject})
        written += posted
    return written


@transaction.atomic
def write_test(
    *, application: Application, subject: str, text: str, by: User, now: datetime
) -> None:
    """The mail as this application's people would get it, to the writer alone."""
    key = f"test:{by.pk}:{now.isoformat()}"
    emails.from_staff(application, by, subject=subject, text=text, key=key)
