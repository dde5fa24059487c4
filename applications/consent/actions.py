"""A person answers about a study, for themself alone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language

from accounts.models import User
from applications.consent import emails
from applications.consent.models import Choice, ConsentRecord
from applications.consent.queries import Sheet, newest
from applications.models import Application


@transaction.atomic
def record_choice(
    *,
    application: Application,
    sheet: Sheet,
    read: bool,
    choice: Choice | str,
    by: User,
    now: datetime,
) -> ConsentRecord:
    """Add this answer to the person's own record. The same answer twice stays one.

    No audit event: those are seen by staff, and this is seen by nobody else.
    """
    last = newest(application, by)
    same = last is not None and (last.choice, last.read, last.sha256) == (
        str(choice),
        read,
        sheet.sha256,
    )
    if last is not None and same:
        return last
    made = ConsentRecord.objects.create(
        host_id=application.host_id,
        person=by,
        cohort=application.cohort,
        application=application,
        document=sheet.code,
        version=str(sheet.version),
        sha256=sheet.sha256,
        language=(get_language() or "en")[:2],
        read=read,
        choice=choice,
        at=now,
    )
    emails.recorded(made, application=application, sheet=sheet)
    return made
