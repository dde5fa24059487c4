"""What the clock reminds of and ends, and what a worker draws.

`messaging` asks for reminders on every run, host by host; `documents` does the jobs.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from applications import actions
from applications.actions.letters import SIGNED_PDF, TEMPLATE_PDF
from applications.actions.videos import CHECK
from applications.consent import tasks as consent  # registers its own
from applications.models import Application, Letter, Mailing, Submission, TypedSignature
from applications.queries import copies
from applications.queries.letter_text import LetterText
from documents import jobs, pdf, uploads
from documents.checks.video import MINUTES
from documents.models import StoredFile, Upload
from documents.states import UploadState
from messaging import reminders
from messaging.reminders import HORIZON, Reminder

__all__ = ["consent"]

DRAFT_DAYS = (14, 5, 1)
OFFER_DAYS = 5
KEPT_DAYS = (5, 1)
SIGNER_DAYS = 5
KEEP_TRYING = timedelta(days=60)


@reminders.register("draft")
def drafts(now: datetime) -> Iterator[Reminder]:
    """14, 5 and 1 days before its close, while a draft is not sent. More time is a new round, so
    that whoever has it is reminded of the new close."""
    for application in Application.objects.drafts_closing_by(now + timedelta(days=15) + HORIZON):
        closes_at = application.closes_at
        assert closes_at is not None
        for days in DRAFT_DAYS:
            due = closes_at - timedelta(days=days)
            send = partial(actions.remind_of_draft, application=application, offset=f"-{days}d")
            if (application.extended_at or application.started_at) < due < now + HORIZON:
                round = application.extensions
                yield Reminder("draft", application, f"-{days}d", due, send, round)


@reminders.register("offer-soon")
def offers(now: datetime) -> Iterator[Reminder]:
    """Once, five days before an offer ends."""
    for application in Application.objects.open_offers():
        last = application.last_moment_to_answer(application.cohort.zone)
        assert last is not None and application.released_at is not None
        due = last - timedelta(days=OFFER_DAYS)
        if application.released_at < due < now + HORIZON:
            send = partial(actions.remind_of_offer, application=application)
            yield Reminder("offer-soon", application, f"-{OFFER_DAYS}d", due, send)


@reminders.register("planned-release")
def planned_releases(now: datetime) -> Iterator[Reminder]:
    """Decisions whose applicants are told at a moment that staff chose."""
    for application in Application.objects.planned_releases():
        due = application.release_planned_at
        assert due is not None
        if due < now + HORIZON:
            send = partial(actions.release_as_planned, application=application, now=now)
            offset = due.isoformat()
            yield Reminder(
                "planned-release", application, offset, due, send, until=due + KEEP_TRYING
            )


@reminders.register("planned-mailing")
def planned_mailings(now: datetime) -> Iterator[Reminder]:
    """What staff wrote to applicants for a later moment."""
    for mailing in Mailing.objects.planned():
        if mailing.send_at < now + HORIZON:
            send = partial(actions.send_as_planned, mailing=mailing, now=now)
            until = mailing.send_at + KEEP_TRYING
            yield Reminder("planned-mailing", mailing, "0d", mailing.send_at, send, until=until)


@reminders.register("kept-seat")
def kept_seats(now: datetime) -> Iterator[Reminder]:
    """5 and 1 days before a place that was taken up goes to another team."""
    for application in Application.objects.kept_seats():
        last = application.last_moment_to_answer(application.cohort.zone)
        assert last is not None
        for days in KEPT_DAYS:
            due = last - timedelta(days=days)
            send = partial(actions.remind_of_kept_seat, application=application, offset=f"-{days}d")
            if application.started_at < due < now + HORIZON:
                yield Reminder("kept-seat", application, f"-{days}d", due, send)


@reminders.register("offer-ends")
def endings(now: datetime) -> Iterator[Reminder]:
    """An offer ends after its last day, also when the clock stood still that night."""
    for application in Application.objects.open_offers():
        due = application.last_moment_to_answer(application.cohort.zone)
        assert due is not None
        if due < now + HORIZON:
            send = partial(actions.expire_offer, application=application, now=now)
            yield Reminder("offer-ends", application, "0d", due, send, until=due + KEEP_TRYING)


@reminders.register("letter-asked")
def signers(now: datetime) -> Iterator[Reminder]:
    """Once, five days after a signer was asked, while the letter is still awaited."""
    wait = timedelta(days=SIGNER_DAYS)
    for letter in Letter.objects.asked_before(now + HORIZON - wait):
        assert letter.requested_at is not None
        due = letter.requested_at + wait
        send = partial(actions.remind_signer, letter=letter, now=now)
        label = f"+{SIGNER_DAYS}d:{letter.requested_at:%Y%m%d%H%M%S}"  # a new request counts anew
        yield Reminder("letter-asked", letter, label, due, send)


@jobs.kind(SIGNED_PDF)
def signed_letter(run: jobs.Run) -> jobs.Made:
    """A letter that was signed by typing, with its seal. The same bytes each time."""
    with run.step():
        signature = TypedSignature.objects.select_related("letter__application__cohort__host").get(
            pk=run.input["signature"]
        )
    application = signature.letter.application
    at = signature.signed_at.astimezone(application.cohort.zone)
    made = _letter_pdf(
        LetterText.read(signature.text),
        application,
        signature=signature,
        signed_on=at.date(),
        made=f"{at:%Y-%m-%d %H:%M %Z}",
    )
    name = f"{application.reference}-{signature.letter.field}.pdf"
    keep = partial(_keep_signed, signature)
    return jobs.Made(name, "application/pdf", made, then=keep)


def _keep_signed(signature: TypedSignature, file: StoredFile) -> None:
    actions.keep_signed_file(signature=signature, file=file)


@jobs.kind(TEMPLATE_PDF)
def letter_template(run: jobs.Run) -> jobs.Made:
    """The letter to print, sign and send back."""
    with run.step():
        letter = Letter.objects.select_related("application__cohort__host").get(
            pk=run.input["letter"]
        )
    application = letter.application
    made = _letter_pdf(LetterText.read(run.input["text"]), application)
    name = f"{application.reference}-{letter.field}-template.pdf"
    return jobs.Made(name, "application/pdf", made)


def _letter_pdf(text: LetterText, application: Application, **more: Any) -> bytes:
    with translation.override(text.language):
        context = {
            "text": text,
            "seal": text.sha256,
            "host_name": application.cohort.host.name,
            "reference": application.reference,
            "signature": None,
            "made": "",
            **more,
        }
        return pdf.render(render_to_string("applications/letter_pdf.html", context))


@jobs.kind(CHECK)
def check_video(run: jobs.Run) -> None:
    """Read a large film to its end, then keep it or say why not."""
    with run.step():
        upload = Upload.objects.get(pk=run.input["upload"])
    if upload.state != UploadState.CHECKING:  # begun a second time after it was settled
        return
    sha256, reason = uploads.judge(
        upload, progress=run.progress, minutes=run.input.get("minutes", MINUTES)
    )
    with run.step():
        actions.settle_video(upload=upload, sha256=sha256, reason=reason)


@jobs.kind(copies.ANSWERS)
def answers_so_far(run: jobs.Run) -> jobs.Made:
    """The answers of a draft, for those who write it."""
    with run.step(), translation.override(run.input["language"]):
        host_name = run.job.host.name
        document = copies.draft_document(run.input["application"])
    made = f"{run.job.created_at:%Y-%m-%d %H:%M} UTC"
    return _drawn(run, document, host_name, made, seal="", name=f"{document['reference']}-draft")


@jobs.kind(copies.SENT, copy=True)
def what_was_sent(run: jobs.Run) -> jobs.Made:
    """An application as it was sent in. The same bytes each time."""
    with run.step():
        sent = Submission.objects.select_related("host").get(pk=run.input["submission"])
    document = json.loads(sent.document)
    made = f"{sent.submitted_at:%Y-%m-%d %H:%M} UTC"
    name = f"{document['reference']}-{sent.number}"
    return _drawn(run, document, sent.host.name, made, seal=sent.sha256, name=name)


def _drawn(
    run: jobs.Run, document: dict[str, Any], host_name: str, made: str, *, seal: str, name: str
) -> jobs.Made:
    context = {
        "document": document,
        "host_name": host_name,
        "reference": document["reference"],
        "made": made,
        "seal": seal,
    }
    with translation.override(document["language"]):
        html = render_to_string("applications/pdf.html", context)
    run.progress(30)
    content = pdf.render(html)
    run.progress(90)
    return jobs.Made(f"{name}.pdf", "application/pdf", content)
