"""What staff do: read, ask, decide quietly, release in one act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.applying import clear_decision
from applications.actions.locking import lock, role_on
from applications.actions.people import tell_who_emailed
from applications.actions.refusals import Refused
from applications.actions.submitting import (
    take_over_changes,
    write_down,
    write_down_the_first,
)
from applications.actions.waitlist import join_waitlist
from applications.models import Application, Asked, Note
from applications.queries.conflicts import ties_now
from applications.queries.deadlines import last_day_to_answer
from applications.queries.reviews import latest_version
from applications.rules import allowed_outcomes, can_offer, feedback_needed, may_edit
from applications.states import OFFERS, Outcome, machine
from collaboratives.actions import lock_cohort
from collaboratives.models import Cohort
from questionnaires.queries import form_of
from tenancy import audit


def _move(application: Application, verb: str, *, by: User | str, reason: str = "") -> str:
    before = application.status
    application.status = machine.target(verb, before)
    application.save()
    audit.record(
        verb,
        application,
        by=by,
        before={"status": before},
        after={"status": application.status},
        reason=reason,
    )
    return before


@transaction.atomic
def begin_review(*, application: Application, by: User) -> Application:
    application = lock(application)
    _move(application, "begin_review", by=by)
    return application


@transaction.atomic
def ask(
    *,
    application: Application,
    question: str = "",
    about: Sequence[tuple[str, str]] = (),
    by: User,
    now: datetime,
) -> Application:
    """Ask the applicants for more. Their form opens again until they answer, and the decision
    clock stands still.

    about: code of a question and what is asked about it, as often as there are such.
    Raises Refused when nothing is asked, or about a question that the form doesn't have.
    """
    application = lock(application)
    form = form_of(application.response.version)
    asked = [(code, text.strip()) for code, text in about if text.strip()]
    if not question.strip() and not asked:
        raise Refused(_("Write what you need."))
    if any(code not in form.by_code for code, _text in asked):
        raise Refused(_("This question is not in the form."))
    application.question, application.question_at = question.strip(), now
    _move(application, "ask", by=by, reason=question.strip())
    write_down_the_first(application)
    version = latest_version(application)
    for code, text in [*([("", question.strip())] if question.strip() else []), *asked]:
        Asked.objects.create(
            host_id=application.host_id,
            application=application,
            field=code,
            text=text,
            asked_at=now,
            asked_by=by,
            before=version,
        )
    emails.information_asked(application)
    tell_who_emailed(application, about="news", now=now)
    return application


@transaction.atomic
def answer(*, application: Application, by: User, now: datetime) -> Application:
    """The applicants have answered what staff asked: from now on the changed answers count. The
    decision clock stood still meanwhile."""
    application = lock(application)
    if not may_edit(role_on(application, by)):
        raise Refused(_("You can read this application, but not change it."))
    application.waited += application.waiting(now)
    if application.revision is not None:
        write_down_the_first(application)
        take_over_changes(application)
        application.submitted_at, application.submitted_by = now, by
        application.ties = ties_now(application)
        write_down(application)
    Asked.objects.open_of(application).update(answered_at=now, after=latest_version(application))
    _move(application, "answer", by=by)
    return application


@transaction.atomic
def note(
    *, application: Application, text: str, criterion: str = "", by: User, now: datetime
) -> Note:
    made = Note.objects.create(
        host_id=application.host_id,
        application=application,
        criterion=criterion,
        text=text.strip(),
        written_at=now,
        written_by=by,
    )
    audit.record("noted", application, by=by)
    return made


@transaction.atomic
def decide(
    *,
    application: Application,
    outcome: str,
    feedback: str = "",
    offered_cohort: Cohort | None = None,
    by: User,
    now: datetime,
) -> Application:
    """Record a decision quietly: the applicant hears nothing until it is released.

    Raises Refused for what the program's policy does not know, TransitionNotAllowed when a
    colleague has released it meanwhile.
    """
    application = lock(application)
    to_state = machine.target("decide", application.status)
    refusal = application.cohort.program.blueprint.refusal
    if outcome not in allowed_outcomes(refusal):
        raise Refused(_("This program does not give this answer."))
    if feedback_needed(refusal, outcome) and not feedback.strip():
        raise Refused(_("Write the feedback that goes with this answer."))
    if (outcome == Outcome.OFFER_OTHER) != (offered_cohort is not None):
        raise Refused(_("Name the program that you offer."))
    if offered_cohort is not None and not can_offer(refusal, offered_cohort, now):
        raise Refused(_("This program can't offer that one."))
    before = {"status": application.status, "outcome": application.outcome}
    application.status, application.outcome = to_state, outcome
    application.feedback, application.offered_cohort = feedback.strip(), offered_cohort
    application.decided_at, application.decided_by = now, by
    application.release_planned_at = application.release_planned_by = None
    application.save()
    after = {"status": to_state, "outcome": outcome}
    audit.record("decide", application, by=by, before=before, after=after)
    return application


@transaction.atomic
def undo_decision(*, application: Application, by: User) -> Application:
    """Take a decision back before anybody heard of it."""
    application = lock(application)
    target = machine.target("undo_decision", application.status)
    clear_decision(application)
    before, application.status = application.status, target
    application.save()
    audit.record(
        "undo_decision", application, by=by, before={"status": before}, after={"status": target}
    )
    return application


@dataclass(frozen=True)
class Release:
    """What became of one selected application."""

    application: Application
    released: bool


def _release(application: Application, *, by: User, now: datetime) -> None:
    cohort = application.cohort
    if application.outcome in OFFERS:
        application.respond_by = last_day_to_answer(cohort, now)
    elif application.outcome == Outcome.WAITLIST:
        lock_cohort(cohort=cohort)
        join_waitlist(application)
    application.release_planned_at = application.release_planned_by = None
    application.released_at, application.released_by = now, by
    _move(application, "release", by=by)
    emails.decision_released(application)
    tell_who_emailed(application, about="news", now=now)


@transaction.atomic
def plan_release(
    *, applications: Sequence[Application], at: datetime, by: User, now: datetime
) -> list[Application]:
    """Let these be told at a later moment, together. Raises Refused for one that has passed.

    Deciding anew, taking the decision back or releasing by hand ends the plan.
    """
    if at <= now:
        raise Refused(_("Choose a moment that is still to come."))
    planned = []
    for application in _locked(applications):
        if machine.allows("release", application.status):
            application.release_planned_at, application.release_planned_by = at, by
            application.save()
            after = {"release_planned_at": at.isoformat()}
            audit.record("planned the release", application, by=by, after=after)
            planned.append(application)
    return planned


@transaction.atomic
def cancel_planned_release(*, application: Application, by: User) -> Application:
    application = lock(application)
    if application.release_planned_at is not None:
        application.release_planned_at = application.release_planned_by = None
        application.save()
        audit.record("cancelled the planned release", application, by=by)
    return application


@transaction.atomic
def release_as_planned(*, application: Application, now: datetime) -> bool:
    """The clock's part. False when the plan was changed meanwhile."""
    application = lock(application)
    at, by = application.release_planned_at, application.release_planned_by
    if at is None or by is None or at > now or not machine.allows("release", application.status):
        return False
    _release(application, by=by, now=now)
    return True


@transaction.atomic
def say_why_late(*, application: Application, reason: str, by: User) -> Application:
    """Keep why the promised day of an answer was missed. Raises Refused without a reason."""
    if not reason.strip():
        raise Refused(_("Say why the answer is late."))
    application = lock(application)
    application.late_reason = reason.strip()
    application.save()
    audit.record("said why it is late", application, by=by, reason=reason.strip())
    return application


def _locked(applications: Sequence[Application]) -> list[Application]:
    return list(
        Application.objects.select_for_update(of=("self",), no_key=True)
        .select_related("cohort__host")
        .filter(pk__in=[application.pk for application in applications])
        .order_by("pk")
    )


@transaction.atomic
def release(*, application: Application, by: User, now: datetime) -> Application:
    """Tell one applicant. Raises TransitionNotAllowed when a colleague has done it already."""
    application = lock(application)
    machine.target("release", application.status)
    _release(application, by=by, now=now)
    return application


@transaction.atomic
def release_selected(
    *, applications: Sequence[Application], by: User, now: datetime
) -> list[Release]:
    """Tell all of these in one act. What has no pending decision any more is left as it is."""
    done = []
    for application in _locked(applications):
        pending = machine.allows("release", application.status)
        if pending:
            _release(application, by=by, now=now)
        done.append(Release(application, released=pending))
    return done
