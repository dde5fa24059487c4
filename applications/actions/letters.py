"""Letters arrive: from the applicants, or from whom they ask to sign."""

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
from applications.models import Application, Letter, TypedSignature
from applications.queries.letter_text import LetterText
from applications.queries.letters import template_key
from applications.rules import can_remove_letter, may_edit, takes_letter
from applications.states import LetterState, ReceivedHow, Status, letter_machine
from documents import intake, jobs, preview
from documents.models import Job, StoredFile
from tenancy import audit, links
from tenancy.models import Link

LINK_DAYS = timedelta(days=21)
SIGNED_PDF, TEMPLATE_PDF = "signed_letter", "letter_template"


def lock_letter(letter: Letter) -> tuple[Application, Letter]:
    application = lock(letter.application)
    locked = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    locked.application = application
    return application, locked


def _editor_locks(letter: Letter, by: User) -> tuple[Application, Letter]:
    application, letter = lock_letter(letter)
    if not may_edit(role_on(application, by)):
        raise Refused(_("You can read this application, but not change it."))
    return application, letter


def _emptied(letter: Letter) -> None:
    letter.file = letter.signature = letter.taken_from = None
    letter.received_how = letter.returned_reason = letter.subject_line = ""
    letter.received_at = letter.received_by = letter.judged_at = letter.judged_by = None
    letter.signed_by, letter.points = [], []


def put(
    letter: Letter,
    *,
    file: StoredFile | None,
    signature: TypedSignature | None = None,
    how: ReceivedHow,
    signed_by: Sequence[str] = (),
    subject_line: str = "",
    by: User | None,
    now: datetime,
) -> None:
    """What came takes the place of what was there. signed_by: by default whom it asks for."""
    letter.state = letter_machine.target("receive", letter.state)
    _emptied(letter)
    letter.file, letter.signature, letter.received_how = file, signature, how
    letter.received_at, letter.received_by = now, by
    letter.signed_by = list(signed_by) or list(letter.signatories)
    letter.subject_line = subject_line
    letter.save()
    count_signatures(letter.application)


def stored(letter: Letter, upload: UploadedFile, by: User | None) -> StoredFile:
    """The file is checked and kept before the row changes: a refused one loses nothing."""
    return intake.store(upload, slot=letter.slot, by=by, host_id=letter.host_id)


def count_signatures(application: Application) -> None:
    """Say of each letter whose name is under none of those that are here."""
    letters = list(Letter.objects.filter(application=application).order_by("pk"))
    signed = {(one.terms, code) for one in letters if one.is_here for code in one.signed_by}
    for one in letters:
        lacks = [code for code in one.signatories if (one.terms, code) not in signed]
        if lacks != one.lacks:
            Letter.objects.filter(pk=one.pk).update(lacks=lacks)


@transaction.atomic
def upload_letter(
    *,
    letter: Letter,
    upload: UploadedFile,
    signed_by: Sequence[str] = (),
    by: User,
    now: datetime,
) -> Letter:
    """Add or replace a file. The one before stays until the new one has passed its checks.

    Raises documents.intake.Refused with the sentence for the person, Closed when it is late.
    """
    application, letter = _editor_locks(letter, by)
    letter_machine.target("receive", letter.state)
    if not takes_letter(application, letter, now):
        raise Closed(_("This file can't be changed any more."))
    file = stored(letter, upload, by)
    put(letter, file=file, how=ReceivedHow.UPLOAD, signed_by=signed_by, by=by, now=now)
    links.revoke(kind="letter", subject=letter, now=now)
    audit.record("uploaded", application, by=by, after={"file": letter.field})
    return letter


@transaction.atomic
def remove_letter(*, letter: Letter, by: User, now: datetime) -> Letter:
    application, letter = _editor_locks(letter, by)
    to_state = letter_machine.target("remove", letter.state)
    if not can_remove_letter(application, letter, now):
        raise Closed(_("This file can't be changed any more."))
    letter.state = to_state
    _emptied(letter)
    letter.save()
    count_signatures(application)
    audit.record("removed", application, by=by, before={"file": letter.field})
    return letter


@transaction.atomic
def request_letter(
    *, letter: Letter, name: str, email: str, note: str = "", by: User, now: datetime
) -> Letter:
    """Ask the signer for it: a link of 21 days, without an account. The last request counts."""
    application, letter = _editor_locks(letter, by)
    to_state = letter_machine.target("request", letter.state)
    if not takes_letter(application, letter, now):
        raise Closed(_("This file can't be changed any more."))
    links.revoke(kind="letter", subject=letter, now=now)
    token = links.issue(kind="letter", subject=letter, expires_at=now + LINK_DAYS, email=email)
    letter.state = to_state
    _emptied(letter)
    letter.requested_name, letter.requested_from = name.strip(), email.lower()
    letter.requested_at = now
    letter.save()
    count_signatures(application)
    audit.record("asked for", application, by=by, after={"file": letter.field})
    emails.letter_requested(application, letter=letter, note=note.strip(), token=token, by=by)
    return letter


@transaction.atomic
def remind_signer(*, letter: Letter, now: datetime) -> bool:
    """Ask once more, with a second link that ends with the first. False when it is too late.

    The first link's token is kept nowhere, so the second mail needs one of its own.
    """
    application, letter = lock_letter(letter)
    asked_at = letter.requested_at
    if letter.state != LetterState.REQUESTED or asked_at is None:
        return False
    if application.status == Status.WITHDRAWN or not takes_letter(application, letter, now):
        return False
    token = links.issue(
        kind="letter",
        subject=letter,
        expires_at=asked_at + LINK_DAYS,
        email=letter.requested_from,
    )
    emails.letter_reminder(application, letter=letter, token=token)
    return True


def _open_for_signer(link: Link) -> tuple[Application, Letter]:
    application, letter = lock_letter(Letter.objects.get(pk=link.subject_id))
    if letter.state == LetterState.ACCEPTED:
        raise Closed(_("We have accepted this letter already. Thank you."))
    if application.status == Status.WITHDRAWN:
        raise Closed(_("This application was taken back. No letter is needed any more."))
    return application, letter


@transaction.atomic
def receive_by_link(
    *, link: Link, upload: UploadedFile, signed_by: Sequence[str] = (), now: datetime
) -> Letter:
    """The signer sends the letter. The link stays open until staff accept what came."""
    application, letter = _open_for_signer(link)
    file = stored(letter, upload, None)
    put(letter, file=file, how=ReceivedHow.LINK, signed_by=signed_by, by=None, now=now)
    links.spend(link, now=now)
    audit.record("uploaded", application, by="Signer by link", after={"file": letter.field})
    emails.letter_arrived(application, letter=letter)
    return letter


@transaction.atomic
def sign_by_link(*, link: Link, text: LetterText, name: str, title: str, now: datetime) -> Letter:
    """The signer types their name under the words that were shown; a worker makes the PDF.

    The letter counts from now on, whether or not a worker is at hand.
    """
    application, letter = _open_for_signer(link)
    if not letter.can_be_typed:
        raise Refused(_("This letter needs a signed page. Upload it or take a photo of it."))
    signature = TypedSignature.objects.create(
        host_id=letter.host_id,
        letter=letter,
        name=name.strip(),
        title=title.strip(),
        language=text.language,
        text=text.as_json(),
        sha256=text.sha256,
        signed_at=now,
    )
    put(letter, file=None, signature=signature, how=ReceivedHow.TYPED, by=None, now=now)
    jobs.request(
        SIGNED_PDF,
        host_id=letter.host_id,
        input={"signature": signature.pk},
        dedupe_key=f"{SIGNED_PDF}:{signature.pk}",
        by=None,
    )
    links.spend(link, now=now)
    audit.record(
        "signed by typing",
        application,
        by="Signer by link",
        after={"file": letter.field, "sha256": text.sha256},
    )
    emails.letter_arrived(application, letter=letter)
    return letter


def keep_signed_file(*, signature: TypedSignature, file: StoredFile) -> None:
    """The PDF of a typed letter is made. In the job's transaction."""
    signature.file = file
    signature.save(update_fields=["file"])
    Letter.objects.filter(signature=signature).update(file=file)
    preview.request(file, by=None)


@transaction.atomic
def note_download(*, letter: Letter, by: User) -> None:
    """Keep who took a copy of a letter away."""
    audit.record("downloaded", letter.application, by=by, after={"file": letter.field})


@transaction.atomic
def request_template(*, letter: Letter, text: LetterText, page: str, by: User) -> Job:
    """Have the letter to print and sign made as a PDF, once for each wording and person."""
    return jobs.request(
        TEMPLATE_PDF,
        host_id=letter.host_id,
        input={"letter": letter.pk, "text": text.as_json()},
        dedupe_key=template_key(letter, text, by),
        by=by,
        page=page,
    )
