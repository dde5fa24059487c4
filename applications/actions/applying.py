"""What an applicant does: start, answer, take back. Sending is in submitting.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.locking import lock, lock_own, role_on
from applications.actions.refusals import Closed, Refused
from applications.models import Application, ApplicationPerson, Counter, Letter
from applications.queries.answers import organization_facts, percent_done
from applications.queries.conflicts import own_domain, ties_now
from applications.queries.history import answer_changes
from applications.queries.opened import opened
from applications.rules import (
    can_start,
    can_undo_withdrawal,
    can_withdraw,
    leads,
    may_edit,
    takes_answers,
)
from applications.states import RECEIVED, PersonRole, Source, Status, machine
from applications.ties import addresses_in, ties_of
from collaboratives.models import Cohort, Organization
from questionnaires import actions as questionnaires
from questionnaires.actions import Saved
from questionnaires.models import Response
from questionnaires.queries import form_of, lost_changes
from questionnaires.schema import KEPT_ELSEWHERE, Form, Kind
from tenancy import audit


def lock_counter(cohort: Cohort) -> Counter:
    Counter.objects.get_or_create(host_id=cohort.host_id, cohort=cohort)
    return Counter.objects.select_for_update(of=("self",)).get(cohort=cohort)


def next_reference(counter: Counter) -> str:
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{counter.cohort.code}-{counter.last:04d}"


def add_letters(application: Application, form: Form) -> None:
    """A row for each upload that the form asks for and that has none yet."""
    there = set(application.letters.values_list("field", flat=True))
    uploads = [field for field in form.fields() if field.kind == Kind.UPLOAD]
    Letter.objects.bulk_create(
        Letter(
            host_id=application.host_id,
            application=application,
            field=field.code,
            label=field.label.model_dump(),
            slot=field.slot,
            terms=field.letter or "",
            signatories=list(field.signatories),
            lacks=list(field.signatories),
            required=field.required,
            position=position,
        )
        for position, field in enumerate(uploads)
        if field.code not in there
    )


def _known_already(
    organization_name: str, job: str, by: User, organization: Organization | None
) -> dict[str, Any]:
    """What was typed to begin with, and what the directory knows of the organization that was
    chosen, is not asked again; the form drops what it doesn't ask."""
    contact = {"name": by.name, "title": job, "email": by.email}
    known = {
        "organization_name": organization_name,
        "lead_contact": {part: text for part, text in contact.items() if text},
    }
    if organization is not None:
        known |= {
            "organization_type": organization.type,
            "city": organization.city,
            "state": organization.state.lower(),
            "zip_code": organization.zip_code,
        }
    return known


@transaction.atomic
def start(
    *,
    cohort: Cohort,
    organization_name: str,
    job: str = "",
    organization: Organization | None = None,
    source: str = Source.WEB,
    by: User,
    now: datetime,
) -> Application:
    """Begin an application of one organization, with the person as its lead.

    organization: the directory's entry that the person recognized as theirs.

    The same person's draft for the same organization is given back instead of a second one.
    Raises Closed outside the window.
    """
    if cohort.application_form is None or not can_start(cohort, now):
        raise Closed(_("This program is not taking applications now."))
    name = " ".join(organization_name.split())
    lock_counter(cohort)
    own = (
        Application.objects.visible_to(by)
        .drafts()
        .filter(cohort=cohort, organization_name__iexact=name, lead=by)
        .first()
    )
    if own is not None:
        return own
    application = begin(
        cohort=cohort,
        organization_name=name,
        job=job,
        organization=organization,
        answers=_known_already(name, job, by, organization),
        source=source,
        by=by,
        now=now,
    )
    audit.record("started", application, by=by)
    emails.started(application)
    return application


def begin(
    *,
    cohort: Cohort,
    organization_name: str,
    job: str,
    organization: Organization | None,
    answers: Mapping[str, Any],
    source: str,
    by: User,
    now: datetime,
) -> Application:
    """The rows of a new application, led by `by`. For actions, which judge, record and mail."""
    assert cohort.application_form is not None
    response = questionnaires.start_response(
        version=cohort.application_form, answers=answers, now=now, by=by
    )
    application = Application.objects.create(
        host_id=cohort.host_id,
        cohort=cohort,
        reference=next_reference(lock_counter(cohort)),
        organization=organization,
        organization_name=" ".join(organization_name.split()),
        response=response,
        lead=by,
        source=source,
        started_at=now,
        started_by=by,
    )
    ApplicationPerson.objects.create(
        host_id=cohort.host_id,
        application=application,
        user=by,
        role=PersonRole.LEAD,
        job=job,
        typed_for_another=source == Source.EMAIL,
        added_at=now,
        added_by=by,
    )
    add_letters(application, form_of(response.version))
    application.ties = ties_now(application)
    application.save(update_fields=["ties"])
    return application


@transaction.atomic
def save_section(
    *,
    application: Application,
    values: Mapping[str, Any],
    base_revisions: Mapping[str, int] | None,
    by: User,
    now: datetime,
    key: str = "",
    whole_page: bool = False,
    source: str = "",
) -> Saved:
    """Keep what was typed, whatever it is; only submitting checks it.

    What was sent stays valid: later changes are kept beside it until they are sent too.
    key: the same one again changes nothing. whole_page: see `questionnaires.actions.save`.
    Raises Closed when the application takes no more answers, Refused for one who may only read.
    """
    lock_own(reference=application.reference, by=by)
    found = opened(application.reference, by, now)
    if found is None:
        raise Refused(_("You can read this application, but not change it."))
    return save_locked(
        application=found.application,
        values=values,
        base_revisions=base_revisions,
        by=by,
        now=now,
        key=key,
        whole_page=whole_page,
        source=source,
    )


@transaction.atomic
def save_locked(
    *,
    application: Application,
    values: Mapping[str, Any],
    base_revisions: Mapping[str, int] | None,
    by: User,
    now: datetime,
    key: str = "",
    whole_page: bool = False,
    source: str = "",
) -> Saved:
    """`save_section` of an application as `opened` gave it after `lock_own`."""
    if not may_edit(application.own_role):  # type: ignore[attr-defined]
        raise Refused(_("You can read this application, but not change it."))
    if not takes_answers(application, now):
        raise Closed(_("Applications have closed. What you changed just now is not saved."))
    response = application.working
    if application.status in RECEIVED and application.revision is None:
        if not _changes_something(response, values, base_revisions):
            return _nothing_saved(response, values)
        response = questionnaires.copy_response(response=response, now=now)
        application.revision = response
        application.save(update_fields=["revision"])
        audit.record("began to change", application, by=by)
    saved = questionnaires.save(
        response=response,
        locked=response == application.response,
        values=values,
        base_revisions=base_revisions,
        now=now,
        by=by,
        language=get_language() or "en",
        save_key=key,
        whole_page=whole_page,
        source=source,
    )
    if saved.changed and application.status not in RECEIVED:
        keep_summary(application, saved.response)
    return saved


def _changes_something(
    response: Response, values: Mapping[str, Any], base_revisions: Mapping[str, int] | None
) -> bool:
    """Whether a save would make a difference to what was sent. Tried on a copy of it."""
    form = form_of(response.version)
    return any(
        questionnaires.cleaned(form.by_answer[key], key, raw) != response.answers.get(key)
        for key, raw in values.items()
        if key in form.by_answer
    )


def _nothing_saved(response: Response, values: Mapping[str, Any]) -> Saved:
    form = form_of(response.version)
    codes = {form.by_answer[key].code for key in values if key in form.by_answer}
    revisions = {code: response.revisions.get(code, 0) for code in codes}
    return Saved(response, revisions, (), (), ())


def keep_summary(application: Application, response: Response) -> None:
    """What lists show of an application without reading its answers."""
    form, answers = form_of(response.version), response.answers
    before = application.progress, application.organization_name, application.ties
    ready = {field.code for field in form.fields() if field.kind in KEPT_ELSEWHERE}
    application.progress = percent_done(form, answers, ready)
    name = organization_facts(answers)["name"][:160]
    application.organization_name = name or application.organization_name
    add_ties(application, answers)
    if before != (application.progress, application.organization_name, application.ties):
        application.save(update_fields=["progress", "organization_name", "ties"])


def add_ties(application: Application, answers: Mapping[str, Any]) -> None:
    """Whom these answers tie to it. What was typed for a moment counts until it is sent in, when
    all is looked at anew. The caller saves."""
    found = ties_of(addresses_in(answers), said_nothing=own_domain(application))
    application.ties = sorted({*application.ties, *found})


@transaction.atomic
def restore_answer(*, application: Application, change_pk: int, by: User, now: datetime) -> Saved:
    """Put an earlier answer back; the one it replaces stays in the history.

    Raises Refused when the change is not one of this application.
    """
    application = lock(application)
    change = answer_changes(application).filter(pk=change_pk).first()
    if change is None:
        raise Refused(_("This version is not there any more."))
    return save_section(
        application=application,
        values={change.field: change.value},
        base_revisions=None,
        by=by,
        now=now,
    )


@transaction.atomic
def keep_mine(
    *, application: Application, field: str, revision: int, by: User, now: datetime
) -> Saved:
    """After a conflict: put one's own words in the place of those that stood.

    revision: of the words that were shown beside one's own. Whoever changed them once more
    meanwhile is a new conflict.
    """
    application = lock(application)
    asked = form_of(application.working.version).by_code.get(field)
    mine = lost_changes(application.working, asked, by=by) if asked else {}
    if asked is None or not mine:
        raise Refused(_("This version is not there any more."))
    return save_section(
        application=application,
        values=mine,
        base_revisions={field: revision},
        by=by,
        now=now,
    )


@transaction.atomic
def mark_section(*, application: Application, section: str, finished: bool, by: User) -> None:
    """Note whether somebody wants to come back to a section. A hint: it never bars sending."""
    application = lock(application)
    if not may_edit(role_on(application, by)):
        raise Refused(_("You can read this application, but not change it."))
    others = [code for code in application.not_finished if code != section]
    application.not_finished = others if finished else [*others, section]
    application.save(update_fields=["not_finished"])


@transaction.atomic
def withdraw(*, application: Application, reason: str = "", by: User, now: datetime) -> Application:
    """Take the application back. It can be undone for 14 days."""
    application = lock(application)
    if not leads(role_on(application, by)):
        raise Refused(_("Only the lead applicant can withdraw."))
    before = application.status
    to_state = machine.target("withdraw", before)
    if not can_withdraw(application):
        raise Refused(_("You have an offer. Accept or decline it instead."))
    application.status, application.withdrawn_from = to_state, before
    application.withdrawn_at, application.withdrawn_by = now, by
    application.withdrawn_reason = reason.strip()
    application.save()
    audit.record(
        "withdrew",
        application,
        by=by,
        before={"status": before},
        after={"status": to_state},
        reason=reason.strip(),
    )
    emails.withdrawn(application)
    return application


@transaction.atomic
def undo_withdrawal(*, application: Application, by: User, now: datetime) -> Application:
    """Bring a withdrawn application back to where it was; a quiet decision is taken anew."""
    application = lock(application)
    if not leads(role_on(application, by)):
        raise Refused(_("Only the lead applicant can bring it back."))
    was = application.withdrawn_from
    verb = {Status.DRAFT: "restore_draft", Status.RELEASED: "restore_released"}.get(
        Status(was) if was else Status.SUBMITTED, "restore_submitted"
    )
    to_state = machine.target(verb, application.status)
    if not can_undo_withdrawal(application, now):
        raise Closed(_("The 14 days to undo this have passed."))
    if verb == "restore_submitted":
        clear_decision(application)
    application.status = to_state
    application.withdrawn_from = application.withdrawn_reason = ""
    application.withdrawn_at = application.withdrawn_by = None
    application.save()
    audit.record(
        "undid withdrawal",
        application,
        by=by,
        before={"status": "withdrawn"},
        after={"status": to_state},
    )
    return application


def clear_decision(application: Application) -> None:
    application.outcome = application.feedback = ""
    application.release_planned_at = application.release_planned_by = None
    application.offered_cohort = application.decided_at = application.decided_by = None
