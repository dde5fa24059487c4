"""Who may do what with an application, and when. No queries beyond the thing itself."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Membership
from accounts.roles import Permission
from applications.models import UNDO_WITHDRAWAL, Application, Letter
from applications.states import (
    OFFERS,
    OPEN,
    LetterState,
    Outcome,
    PersonRole,
    Status,
    letter_machine,
    machine,
)
from collaboratives.blueprints.schema import Refusal
from collaboratives.models import Cohort


def can_start(cohort: Cohort, now: datetime) -> bool:
    return (
        cohort.published_at is not None
        and cohort.application_form_id is not None
        and cohort.is_open(now)
    )


def may_edit(role: str | None) -> bool:
    return role in (PersonRole.LEAD, PersonRole.EDITOR)


def may_submit(role: str | None) -> bool:
    """Also withdraw, and answer an offer."""
    return role == PersonRole.LEAD


def takes_answers(application: Application, now: datetime) -> bool:
    """A draft until the end of the grace; and while staff wait for an answer.

    One that takes up an offer passes the window: it has the days that the offer gives.
    """
    if application.status == Status.INFO_ASKED:
        return True
    if application.status == Status.DRAFT and application.linked_from_id is not None:
        last = application.last_moment_to_answer(application.cohort.zone)
        return last is not None and now < last
    return application.status == Status.DRAFT and application.cohort.takes_submission(now)


def is_late(application: Application, now: datetime) -> bool:
    """A draft that can no longer be sent. It is kept and stays readable."""
    return application.status == Status.DRAFT and not takes_answers(application, now)


def takes_letter(application: Application, letter: Letter, now: datetime) -> bool:
    """Until the deadline; and later for what is missing or was returned."""
    if not letter_machine.allows("receive", letter.state):
        return False
    if application.status in OPEN:
        return not letter.is_here
    return takes_answers(application, now)


def can_remove_letter(application: Application, letter: Letter, now: datetime) -> bool:
    return takes_answers(application, now) and letter_machine.allows("remove", letter.state)


def can_answer_offer(application: Application, now: datetime) -> bool:
    """A seat was offered, and its last day has not ended in the program's zone."""
    last = application.last_moment_to_answer(application.cohort.zone)
    return (
        machine.allows("accept_seat", application.status)
        and application.outcome in OFFERS
        and (last is None or now < last)
    )


def can_withdraw(application: Application) -> bool:
    """An offer is declined, not withdrawn; everything else may be taken back."""
    offered = application.status == Status.RELEASED and application.outcome != Outcome.WAITLIST
    return machine.allows("withdraw", application.status) and not offered


def can_undo_withdrawal(application: Application, now: datetime) -> bool:
    return (
        application.status == Status.WITHDRAWN
        and application.withdrawn_at is not None
        and now < application.withdrawn_at + UNDO_WITHDRAWAL
    )


def can_decide(membership: Membership | None, application: Application) -> bool:
    return (
        membership is not None
        and membership.may(Permission.APPLICATION_DECIDE)
        and machine.allows("decide", application.status)
    )


def can_offer_again(membership: Membership | None, application: Application) -> bool:
    return (
        membership is not None
        and membership.may(Permission.APPLICATION_DECIDE)
        and application.outcome in OFFERS
        and machine.allows("offer_again", application.status)
    )


def can_judge(letter: Letter) -> bool:
    return letter.state in (LetterState.RECEIVED, LetterState.ACCEPTED, LetterState.RETURNED)


def allowed_outcomes(refusal: Refusal) -> list[Outcome]:
    """The answers that a program's policy knows, in the order they are offered."""
    known = {
        Outcome.ADMIT: True,
        Outcome.WAITLIST: refusal.waitlist,
        Outcome.DECLINE: refusal.decline,
        Outcome.OFFER_OTHER: refusal.offer is not None,
    }
    return [outcome for outcome, given in known.items() if given]


def can_offer(refusal: Refusal, cohort: Cohort, now: datetime) -> bool:
    """Whether a program may offer this run of another one to its applicants."""
    return (
        cohort.program.blueprint_key == refusal.offer
        and cohort.application_form_id is not None
        and (refusal.offer_passes_closed_window or can_start(cohort, now))
    )


def feedback_needed(refusal: Refusal, outcome: str) -> bool:
    """An offer of another program always says why."""
    if outcome == Outcome.DECLINE:
        return refusal.feedback_required
    return outcome == Outcome.OFFER_OTHER
