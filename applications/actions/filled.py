"""Filled forms: bring one, take over what one chose. And an application that came by email."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.applying import begin, lock_counter, save_section
from applications.actions.locking import lock, role_on
from applications.actions.people import way_in
from applications.actions.refusals import Closed, Refused
from applications.models import Application, FilledForm, PersonInvitation
from applications.queries.filled import readable
from applications.rules import came_in_time, may_edit, takes_answers
from applications.states import PersonRole, Source
from collaboratives.models import Cohort
from documents.intake import Refused as FileRefused
from documents.intake import store
from documents.models import StoredFile
from questionnaires.models import ChangeSource, Version
from questionnaires.paper.reading import Filled, NotOurForm, open_filled
from questionnaires.queries import form_of
from tenancy import audit

TIME_TO_ENTER = timedelta(days=7)  # of an email that came before the close, when it has closed


@dataclass(frozen=True)
class Taken:
    """fields: codes that were taken over. moved: those that were answered anew meanwhile."""

    fields: tuple[str, ...]
    moved: tuple[str, ...]


@transaction.atomic
def bring_filled(*, application: Application, upload: File, by: User, now: datetime) -> FilledForm:
    """Take a filled form in and read it. Changes no answer.

    Raises documents.intake.Refused for a file that may not come in or is none of our forms,
    Refused for one who may only read, Closed when the application takes no more answers.
    """
    application = lock(application)
    if not may_edit(role_on(application, by)):
        raise Refused(_("You can read this application, but not change it."))
    if not takes_answers(application, now):
        raise Closed(_("Applications have closed. We did not take this form in."))
    stored = _stored(upload, application, by)
    try:
        filled = open_filled(stored.path)
        version = _version_of(filled, application)
    except NotOurForm as error:
        stored.path.unlink(missing_ok=True)
        raise FileRefused(str(error), "not_our_form") from None
    made = FilledForm.objects.create(
        host_id=application.host_id,
        application=application,
        file=stored,
        version=version,
        language=filled.stamp.language,
        boxes=filled.boxes,
        saved_at=filled.saved_at,
        brought_at=now,
        brought_by=by,
    )
    audit.record(
        "brought a filled form",
        application,
        by=by,
        after={"file": stored.original_name, "sha256": stored.sha256, "version": version.number},
    )
    return made


def _stored(upload: File, application: Application, by: User) -> StoredFile:
    try:
        return store(upload, slot="form", by=by, host_id=application.host_id)
    except FileRefused as refused:
        if refused.code != "form":
            raise
        words = _("This is not an application form that was downloaded here.")
        raise FileRefused(f"{words} {_fill_in_this_one()}", "form") from None


def _version_of(filled: Filled, application: Application) -> Version:
    """The version that was filled in: of this host, and of this application's form."""
    asked = application.working.version.questionnaire
    stamp, host = filled.stamp, application.cohort.host
    published = Version.objects.select_related("questionnaire").exclude(published_at=None)
    found = published.filter(questionnaire__key=stamp.key, number=stamp.number).first()
    if stamp.host != host.slug or found is None:
        words = _("This form is not one of %(host)s, or we do not know this version of it.")
        raise NotOurForm(f"{words % {'host': host.name}} {_fill_in_this_one()}")
    if found.questionnaire_id != asked.pk:
        words = _("This is the form of another program: %(name)s.")
        raise NotOurForm(f"{words % {'name': found.questionnaire.name}} {_fill_in_this_one()}")
    return found


def _fill_in_this_one() -> str:
    return _("Download the form of this program and fill that in.")


@transaction.atomic
def take_filled(
    *,
    filled: FilledForm,
    chosen: Collection[str],
    shown: Mapping[str, int],
    by: User,
    now: datetime,
) -> Taken:
    """Take over the chosen answers, as ordinary changes with their source.

    shown: the revision that each question had on the page of comparison. A question that
    anybody answered since then is left as it is. Raises Refused and Closed as saving does.
    """
    application = lock(filled.application)
    response = application.working
    form = form_of(response.version)
    reading = readable(filled, form)
    moved = [code for code in chosen if response.revisions.get(code, 0) != shown.get(code, 0)]
    fields = [form.by_code[code] for code in chosen if code in form.by_code and code not in moved]
    keys = [key for field in fields for key in field.answer_codes if key in reading.values]
    if not keys:
        return Taken((), tuple(moved))
    saved = save_section(
        application=application,
        values={key: reading.values[key] for key in keys},
        base_revisions={field.code: shown.get(field.code, 0) for field in fields},
        by=by,
        now=now,
        source=ChangeSource.FILLED,
    )
    taken = sorted({form.by_answer[key].code for key in saved.changed})
    filled = FilledForm.objects.select_for_update(of=("self",)).get(pk=filled.pk)
    filled.taken = sorted({*filled.taken, *taken})
    filled.taken_at, filled.taken_by = now, by
    filled.save(update_fields=["taken", "taken_at", "taken_by"])
    audit.record(
        "took over answers",
        application,
        by=by,
        after={"file": filled.file.original_name, "fields": taken},
    )
    return Taken(tuple(taken), tuple(moved))


@transaction.atomic
def enter_from_email(
    *,
    cohort: Cohort,
    organization_name: str,
    email: str,
    language: str,
    emailed_at: datetime,
    by: User,
    now: datetime,
) -> Application:
    """Begin an application for somebody who sent theirs by email. Staff type it in.

    The member of staff leads it until the applicant, who is told by mail, takes it over. What
    counts for the deadline and for the decision clock is when the email came. One that came in
    time and is entered after the close stays open for a week. One that the same member of
    staff entered for the same address already is given back. Raises Closed, Refused.
    """
    name, email = " ".join(organization_name.split()), email.strip().lower()
    if emailed_at > now:
        raise Refused(_("The email can't have come later than now."))
    if not came_in_time(cohort, emailed_at):
        raise Closed(_("The email came when this program was not taking applications."))
    lock_counter(cohort)
    begun = Application.objects.drafts().filter(
        cohort=cohort,
        source=Source.EMAIL,
        lead=by,
        organization_name__iexact=name,
        invitations__email=email,
    )
    if before := begun.first():
        return before
    application = begin(
        cohort=cohort,
        organization_name=name,
        job="",
        organization=None,
        answers={"organization_name": name},
        source=Source.EMAIL,
        by=by,
        now=now,
    )
    application.emailed_at = emailed_at
    if not takes_answers(application, now):
        application.extended_until, application.extended_at = now + TIME_TO_ENTER, now
    application.save(update_fields=["emailed_at", "extended_until", "extended_at"])
    audit.record(
        "entered from an email",
        application,
        by=by,
        after={"email": email, "emailed_at": emailed_at.astimezone(UTC).isoformat()},
    )
    invitation = PersonInvitation(
        host_id=application.host_id,
        application=application,
        email=email,
        role=PersonRole.EDITOR,
        takes_over=True,
        language=language,
        invited_by=by,
    )
    token = way_in(invitation, now=now)
    emails.entered_for_you(invitation, token=token, about="entered")
    return application
