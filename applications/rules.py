"""Who may do what with an application, and when. No queries beyond the thing itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Membership
from accounts.roles import Permission
from applications.models import UNDO_WITHDRAWAL, Application, Letter
from applications.states import (
    CHANGEABLE,
    MANAGEABLE,
    OFFERS,
    OPEN,
    LetterState,
    Outcome,
    PersonRole,
    Status,
    letter_machine,
    machine,
)
from collaboratives.blueprints.schema import Refusal, Reviewing
from collaboratives.models import Cohort
from collaboratives.states import ReviewsShown

LAST_DAY = timedelta(days=1)
ASK_FROM = timedelta(days=3)


def can_start(cohort: Cohort, now: datetime) -> bool:
    return (
        cohort.published_at is not None
        and cohort.application_form_id is not None
        and cohort.is_open(now)
    )


def came_in_time(cohort: Cohort, at: datetime) -> bool:
    """Whether what came by email at that moment counts: while the window is open, with the same
    grace as on the website."""
    return (
        cohort.published_at is not None
        and cohort.application_form_id is not None
        and cohort.takes_submission(at)
    )


def may_edit(role: str | None) -> bool:
    return role in (PersonRole.LEAD, PersonRole.EDITOR)


def may_submit(role: str | None, granted: bool | None = False) -> bool:
    """The lead; and an editor to whom the lead has granted it."""
    return role == PersonRole.LEAD or (role == PersonRole.EDITOR and bool(granted))


def leads(role: str | None) -> bool:
    """Invites and removes people, withdraws, answers an offer."""
    return role == PersonRole.LEAD


def may_manage_people(application: Application) -> bool:
    """Until it is over: taken back, or its offer answered or run out."""
    return application.status in MANAGEABLE


def is_open(application: Application, now: datetime) -> bool:
    """Before its own close, which may be later than the cohort's."""
    opens_at, closes_at = application.cohort.opens_at, application.closes_at
    return bool(opens_at and opens_at <= now) and (closes_at is None or now < closes_at)


def in_grace(application: Application, now: datetime) -> bool:
    """Closed, but for less than the silent grace."""
    closes_at, grace = application.closes_at, timedelta(minutes=application.cohort.grace_minutes)
    return closes_at is not None and closes_at <= now < closes_at + grace


def takes_changes(application: Application, now: datetime) -> bool:
    """It was sent, and may be changed and sent again."""
    return application.status in CHANGEABLE and (
        is_open(application, now) or in_grace(application, now)
    )


def takes_answers(application: Application, now: datetime) -> bool:
    """A draft until the end of the grace; changes of what was sent; and while staff wait.

    One that takes up an offer passes the window: it has the days that the offer gives.
    """
    if application.status == Status.INFO_ASKED:
        return True
    if takes_up_an_offer(application):
        last = application.last_moment_to_answer(application.cohort.zone)
        return last is not None and now < last
    if application.status == Status.DRAFT:
        return is_open(application, now) or in_grace(application, now)
    return takes_changes(application, now)


def takes_up_an_offer(application: Application) -> bool:
    return application.status == Status.DRAFT and application.linked_from_id is not None


def takes_submission(application: Application, now: datetime) -> bool:
    """Until the close; in the grace, if sending had begun before it."""
    if takes_up_an_offer(application):
        return takes_answers(application, now)
    if is_open(application, now):
        return True
    begun, closes_at = application.submission_begun_at, application.closes_at
    return (
        in_grace(application, now)
        and begun is not None
        and closes_at is not None
        and begun < closes_at
    )


def begins_to_submit(application: Application, now: datetime) -> bool:
    """Whether opening the last pages now is worth a note: on the last day, once."""
    closes_at, begun = application.closes_at, application.submission_begun_at
    if closes_at is None or not closes_at - LAST_DAY <= now < closes_at:
        return False
    return begun is None or begun < closes_at - LAST_DAY


def is_late(application: Application, now: datetime) -> bool:
    """A draft that can no longer be sent. It is kept and stays readable."""
    return application.status == Status.DRAFT and not takes_answers(application, now)


def can_ask_for_time(application: Application, now: datetime) -> bool:
    """Near or after the close, while no wish waits for staff."""
    closes_at = application.closes_at
    return (
        application.status == Status.DRAFT
        and closes_at is not None
        and now >= closes_at - ASK_FROM
        and application.more_time_asked_at is None
    )


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


def may_see_others(
    membership: Membership | None, *, shown: str, is_reader: bool, finished: bool
) -> bool:
    """Whether a reader may see others' scores of an application. shown: the phase.

    Who decides sees them in every phase; a reader among those who decide, once they finished.
    """
    if shown == ReviewsShown.ALWAYS:
        return True
    if membership is not None and membership.may(Permission.APPLICATION_DECIDE):
        return finished or not is_reader
    return finished and shown == ReviewsShown.AFTER_OWN


def names_hidden(membership: Membership | None, reviewing: Reviewing | None) -> bool:
    """Whether this member of staff is not to know who the people of an application are."""
    decides = membership is not None and membership.may(Permission.APPLICATION_DECIDE)
    return reviewing is not None and reviewing.names_hidden and not decides


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
