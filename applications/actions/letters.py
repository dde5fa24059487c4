"""Letters and files: they arrive, are taken away, are judged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.locking import lock, role_on
from applications.actions.refusals import Closed, Refused
from applications.models import Application, Letter, Video
from applications.rules import can_remove_letter, may_edit, takes_answers, takes_letter
from applications.states import LetterState, ReceivedHow, letter_machine
from documents import intake
from tenancy import audit, links
from tenancy.models import Link

LINK_DAYS = timedelta(days=21)


def _lock_letter(letter: Letter) -> tuple[Application, Letter]:
    application = lock(letter.application)
    return application, Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)


def _put(
    letter: Letter, upload: UploadedFile, *, how: ReceivedHow, by: User | None, now: datetime
) -> None:
    """The file is checked and kept before the row changes: a refused one loses nothing."""
    to_state = letter_machine.target("receive", letter.state)
    letter.file = intake.store(upload, slot=letter.slot, by=by, host_id=letter.host_id)
    letter.state, letter.received_how = to_state, how
    letter.received_at, letter.received_by = now, by
    letter.judged_at = letter.judged_by = None
    letter.returned_reason, letter.points = "", []
    letter.save()


@transaction.atomic
def upload_letter(*, letter: Letter, upload: UploadedFile, by: User, now: datetime) -> Letter:
    """Add or replace a file. The one before stays until the new one has passed its checks.

    Raises documents.intake.Refused with the sentence for the person, Closed when it is late.
    """
    application, letter = _lock_letter(letter)
    if not may_edit(role_on(application, by)):
        raise Refused(_("You can read this application, but not change it."))
    if not takes_letter(application, letter, now):
        raise Closed(_("This file can't be changed any more."))
    _put(letter, upload, how=ReceivedHow.UPLOAD, by=by, now=now)
    links.revoke(kind="letter", subject=letter, now=now)
    audit.record("uploaded", application, by=by, after={"file": letter.field})
    return letter


@transaction.atomic
def remove_letter(*, letter: Letter, by: User, now: datetime) -> Letter:
    application, letter = _lock_letter(letter)
    if not may_edit(role_on(application, by)):
        raise Refused(_("You can read this application, but not change it."))
    to_state = letter_machine.target("remove", letter.state)
    if not can_remove_letter(application, letter, now):
        raise Closed(_("This file can't be changed any more."))
    letter.state, letter.file, letter.received_how = to_state, None, ""
    letter.received_at = letter.received_by = letter.judged_at = letter.judged_by = None
    letter.returned_reason, letter.points = "", []
    letter.save()
    audit.record("removed", application, by=by, before={"file": letter.field})
    return letter


@transaction.atomic
def request_letter(*, letter: Letter, name: str, email: str, by: User, now: datetime) -> Letter:
    """Ask the signer to send it: a link of 21 days, without an account. The last link counts."""
    application, letter = _lock_letter(letter)
    if not may_edit(role_on(application, by)):
        raise Refused(_("You can read this application, but not change it."))
    to_state = letter_machine.target("request", letter.state)
    if not takes_letter(application, letter, now):
        raise Closed(_("This file can't be changed any more."))
    links.revoke(kind="letter", subject=letter, now=now)
    token = links.issue(kind="letter", subject=letter, expires_at=now + LINK_DAYS, email=email)
    letter.state, letter.requested_from, letter.requested_at = to_state, email.lower(), now
    letter.file, letter.received_how, letter.returned_reason = None, "", ""
    letter.received_at = letter.received_by = letter.judged_at = letter.judged_by = None
    letter.save()
    audit.record("asked for", application, by=by, after={"file": letter.field})
    emails.letter_requested(application, letter=letter, name=name, token=token, by=by)
    return letter


@transaction.atomic
def receive_by_link(*, link: Link, upload: UploadedFile, now: datetime) -> Letter:
    """The signer sends the letter. The link stays open until staff accept what came."""
    application, letter = _lock_letter(Letter.objects.get(pk=link.subject_id))
    if letter.state == LetterState.ACCEPTED:
        raise Closed(_("We have accepted this letter already. Thank you."))
    _put(letter, upload, how=ReceivedHow.LINK, by=None, now=now)
    links.spend(link, now=now)
    audit.record("uploaded", application, by="Signer by link", after={"file": letter.field})
    emails.letter_arrived(application, letter=letter)
    return letter


@transaction.atomic
def file_letter(
    *, letter: Letter, upload: UploadedFile, subject_line: str, by: User, now: datetime
) -> Letter:
    """Staff file a letter that came by email, with the subject line it had."""
    application, letter = _lock_letter(letter)
    letter.subject_line = subject_line.strip()
    _put(letter, upload, how=ReceivedHow.EMAIL, by=by, now=now)
    audit.record("filed", application, by=by, after={"file": letter.field}, reason=subject_line)
    emails.letter_arrived(application, letter=letter)
    return letter


@transaction.atomic
def note_download(*, letter: Letter, by: User) -> None:
    """Keep who took a copy of a letter away."""
    audit.record("downloaded", letter.application, by=by, after={"file": letter.field})


@transaction.atomic
def accept_letter(*, letter: Letter, points: Sequence[str] = (), by: User, now: datetime) -> Letter:
    """Staff have read it. points: which of the named points it covers."""
    application, letter = _lock_letter(letter)
    letter.state = letter_machine.target("accept", letter.state)
    letter.points, letter.returned_reason = list(points), ""
    letter.judged_at, letter.judged_by = now, by
    letter.save()
    links.revoke(kind="letter", subject=letter, now=now)
    audit.record("accepted letter", application, by=by, after={"file": letter.field})
    return letter


@transaction.atomic
def return_letter(*, letter: Letter, reason: str, by: User, now: datetime) -> Letter:
    """Staff send it back with a reason; the applicants may send another one."""
    application, letter = _lock_letter(letter)
    if not reason.strip():
        raise Refused(_("Say what is wrong with the letter."))
    letter.state = letter_machine.target("return", letter.state)
    letter.returned_reason = reason.strip()
    letter.judged_at, letter.judged_by = now, by
    letter.save()
    audit.record("returned letter", application, by=by, reason=reason.strip())
    emails.letter_returned(application, letter=letter)
    return letter


@transaction.atomic
def add_video(
    *,
    application: Application,
    field: str,
    link: str,
    by: User,
    now: datetime,
) -> Video:
    """Keep the link to a team's video; a new one takes the place of the last."""
    application = lock(application)
    if not may_edit(role_on(application, by)):
        raise Refused(_("You can read this application, but not change it."))
    if not takes_answers(application, now):
        raise Closed(_("This video can't be changed any more."))
    video, _new = Video.objects.update_or_create(
        host_id=application.host_id,
        application=application,
        field=field,
        defaults={"link": link, "added_at": now, "added_by": by},
    )
    audit.record("added video", application, by=by, after={"link": link})
    return video
