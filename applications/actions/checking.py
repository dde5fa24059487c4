"""Staff and letters: filed from an email, accepted, sent back, used for a second program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.letters import count_signatures, lock_letter, put, stored
from applications.actions.refusals import Refused
from applications.models import Letter
from applications.states import ReceivedHow, Status, letter_machine
from tenancy import audit, links


@transaction.atomic
def file_letter(
    *, letter: Letter, upload: UploadedFile, subject_line: str, by: User, now: datetime
) -> Letter:
    """Staff file a letter that came by email, with the subject line it had."""
    application, letter = lock_letter(letter)
    letter_machine.target("receive", letter.state)
    if application.status == Status.WITHDRAWN:
        raise Refused(_("This application was withdrawn."))
    file, how = stored(letter, upload, by), ReceivedHow.EMAIL
    put(letter, file=file, how=how, subject_line=subject_line.strip(), by=by, now=now)
    links.revoke(kind="letter", subject=letter, now=now)
    audit.record("filed", application, by=by, after={"file": letter.field}, reason=subject_line)
    emails.letter_arrived(application, letter=letter)
    return letter


@transaction.atomic
def accept_letter(
    *,
    letter: Letter,
    points: Sequence[str] = (),
    signed_by: Sequence[str] | None = None,
    by: User,
    now: datetime,
) -> Letter:
    """Staff have read it. points: which of the named points it covers. signed_by: whose names
    are under it; None leaves what was said when it came."""
    application, letter = lock_letter(letter)
    letter.state = letter_machine.target("accept", letter.state)
    if signed_by is not None:
        if letter.signatories and not signed_by:
            raise Refused(_("A letter without a signature can't be accepted. Send it back."))
        letter.signed_by = list(signed_by)
    letter.points, letter.returned_reason = list(points), ""
    letter.judged_at, letter.judged_by = now, by
    letter.save()
    count_signatures(application)
    links.revoke(kind="letter", subject=letter, now=now)
    audit.record(
        "accepted letter",
        application,
        by=by,
        after={"file": letter.field, "signed_by": letter.signed_by, "points": letter.points},
    )
    return letter


@transaction.atomic
def return_letter(*, letter: Letter, reason: str, by: User, now: datetime) -> Letter:
    """Staff send it back with a reason; the applicants may send another one."""
    application, letter = lock_letter(letter)
    if not reason.strip():
        raise Refused(_("Say what is wrong with the letter."))
    letter.state = letter_machine.target("return", letter.state)
    letter.returned_reason = reason.strip()
    letter.judged_at, letter.judged_by = now, by
    letter.save()
    count_signatures(application)
    audit.record("returned letter", application, by=by, reason=reason.strip())
    emails.letter_returned(application, letter=letter)
    return letter


@transaction.atomic
def use_letter_again(
    *, letter: Letter, source: Letter, points: Sequence[str] = (), by: User, now: datetime
) -> Letter:
    """One accepted letter serves a second application of the same organization.

    Staff have read it for this program too. Both applications keep the link and the event.
    Raises Refused when the letter does not carry the names that are needed.
    """
    application, letter = lock_letter(letter)
    fits = Letter.objects.usable_for(letter).filter(pk=source.pk).first()
    if fits is None or application.organization_id is None:
        raise Refused(_("This letter can't be used here."))
    source = fits
    signed_by = [code for code in source.signed_by if code in letter.signatories]
    put(letter, file=source.file, how=ReceivedHow.AGAIN, signed_by=signed_by, by=by, now=now)
    letter.taken_from, letter.signature = source, source.signature
    letter.state = letter_machine.target("accept", letter.state)
    letter.points, letter.judged_at, letter.judged_by = list(points), now, by
    letter.save()
    count_signatures(application)
    links.revoke(kind="letter", subject=letter, now=now)
    audit.record(
        "used a letter again",
        application,
        by=by,
        after={"file": letter.field, "from": source.application.reference},
    )
    audit.record(
        "letter used again",
        source.application,
        by=by,
        after={"file": source.field, "for": application.reference},
    )
    emails.letter_arrived(application, letter=letter)
    return letter
