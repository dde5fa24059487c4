"""Another program is offered, taken up with what was answered already, and joined."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.applying import add_letters, lock_counter, next_reference
from applications.actions.letters import count_signatures
from applications.actions.locking import lock, role_on
from applications.actions.refusals import Closed, Full, Incomplete, Refused
from applications.actions.submitting import submit
from applications.models import Application, ApplicationPerson, Letter
from applications.queries.conflicts import ties_now
from applications.queries.deadlines import last_day_to_answer
from applications.queries.offers import Brought, brought, offered_seats
from applications.rules import can_answer_offer, leads
from applications.states import LetterState, Outcome, machine
from collaboratives.actions import lock_cohort
from collaboratives.models import Cohort
from questionnaires import actions as questionnaires
from questionnaires.queries import form_of
from tenancy import audit


@transaction.atomic
def take_up_offer(
    *, application: Application, signed_name: str, signed_title: str = "", by: User, now: datetime
) -> Application:
    """Join the offered program: a linked application with all that is known already.

    It passes the closed window of the other cohort and keeps one of its seats. Where nothing
    more is asked the team has its place at once; otherwise the linked draft stays open for
    the days that an offer has. Raises TransitionNotAllowed when it was answered already,
    Closed after the last day, Full when every seat is promised.
    """
    application = lock(application)
    if not leads(role_on(application, by)):
        raise Refused(_("Only the lead applicant can answer."))
    to_state = machine.target("accept_seat", application.status)
    if application.outcome != Outcome.OFFER_OTHER or application.offered_cohort is None:
        raise Refused(_("There is no other program to join here."))
    if not can_answer_offer(application, now):
        raise Closed(_("The last day to answer has passed."))
    cohort = lock_cohort(cohort=application.offered_cohort)
    _keep_a_seat(cohort, now)
    linked = _carry_over(application, cohort, by=by, now=now)
    application.status = to_state
    application.answered_at, application.answered_by = now, by
    application.save()
    audit.record(
        "accept_offer",
        application,
        by=by,
        after={"status": to_state, "application": linked.reference},
    )
    try:
        with transaction.atomic():
            return submit(
                application=linked,
                signed_name=signed_name,
                signed_title=signed_title,
                by=by,
                now=now,
            )
    except Incomplete as incomplete:
        emails.seat_kept(linked, open_questions=len(incomplete.missing))
        return linked


def _keep_a_seat(cohort: Cohort, now: datetime) -> None:
    """The offer that is answered now is one of those promised."""
    room = offered_seats(cohort, now)
    if room.left is None or room.left > 0:
        return
    admitted = Application.objects.filter(cohort=cohort).holding_a_seat().count()
    capacity = cohort.capacity or 0
    taken = cohort.teams.filter(ended_at=None).count()
    kept = Application.objects.keeping_a_seat(cohort, now).count()
    if taken + admitted + kept >= capacity:
        raise Full(_("Every place there is taken now. We kept your application."))


def _carry_over(
    application: Application, cohort: Cohort, *, by: User, now: datetime
) -> Application:
    known = brought(
        application, cohort, list(Letter.objects.for_list().filter(application=application))
    )
    counter = lock_counter(cohort)
    assert cohort.application_form is not None
    response = questionnaires.start_response(
        version=cohort.application_form, answers=known.answers, now=now, by=by
    )
    linked = Application.objects.create(
        host_id=cohort.host_id,
        cohort=cohort,
        reference=next_reference(counter),
        organization=application.organization,
        organization_name=application.organization_name,
        response=response,
        lead=application.lead,
        source=application.source,
        started_at=now,
        started_by=by,
        linked_from=application,
        respond_by=last_day_to_answer(cohort, now),
    )
    ApplicationPerson.objects.bulk_create(
        ApplicationPerson(
            host_id=linked.host_id,
            application=linked,
            user_id=one.user_id,
            role=one.role,
            job=one.job,
            added_at=now,
            added_by=by,
        )
        for one in ApplicationPerson.objects.present().filter(application=application)
    )
    add_letters(linked, form_of(response.version))
    _carry_letters(linked, known)
    linked.ties = ties_now(linked)
    linked.save(update_fields=["ties"])
    audit.record("started", linked, by=by, after={"application": application.reference})
    return linked


def _carry_letters(linked: Application, known: Brought) -> None:
    """The same file serves twice. Who made the offer saw which letters count."""
    offered_by = linked.linked_from.decided_by if linked.linked_from else None
    for letter in Letter.objects.filter(application=linked, field__in=known.letters):
        was = known.letters[letter.field]
        letter.file, letter.received_how = was.file, was.received_how
        letter.signature, letter.taken_from = was.signature, was
        signed_by = was.signed_by or letter.signatories
        letter.signed_by = [code for code in signed_by if code in letter.signatories]
        letter.received_at, letter.received_by = was.received_at, was.received_by
        letter.subject_line, letter.state = was.subject_line, was.state
        if was.state == LetterState.ACCEPTED:
            letter.judged_at, letter.judged_by = was.judged_at, offered_by or was.judged_by
        letter.save()
        audit.record(
            "carried over", linked, by=was.judged_by or "Closer", after={"file": letter.field}
        )
    count_signatures(linked)
