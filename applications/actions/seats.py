"""An offered seat is taken, declined, or runs out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.locking import hand_on, lock
from applications.actions.refusals import Closed, Full, Refused
from applications.actions.waitlist import offer_next_seat
from applications.models import Application, ApplicationPerson
from applications.queries.answers import team_facts
from applications.rules import can_answer_offer, leads
from applications.states import OFFERS, Outcome, machine
from collaboratives.actions import CohortFull, enroll_team, lock_cohort
from collaboratives.models import Cohort, Team
from collaboratives.queries import seats
from questionnaires.queries import form_of
from tenancy import audit


@transaction.atomic
def accept_seat(*, application: Application, by: User, now: datetime) -> Team:
    """Take the offered seat: the team, its people and its leaders come from the application.

    Raises TransitionNotAllowed when it was answered already, Closed after the last day, Full
    when another team took the last seat first: the cohort is locked before seats are counted.
    """
    application = lock(application)
    _refuse_all_but_the_lead(application, by)
    to_state = machine.target("accept_seat", application.status)
    if application.outcome != Outcome.ADMIT or application.organization is None:
        raise Refused(_("There is no seat to accept here."))
    if not can_answer_offer(application, now):
        raise Closed(_("The last day to answer has passed."))
    cohort = lock_cohort(cohort=application.cohort)
    if seats(cohort).free == 0:
        raise Full(_("The last seat was taken just before you. We kept your application."))
    team = _enroll(application, cohort, by=by)
    _answer(application, to_state, by=by, now=now)
    audit.record("accept_seat", application, by=by, after={"status": to_state, "team": team.slug})
    _welcome(application, team)
    return team


def _refuse_all_but_the_lead(application: Application, by: User) -> None:
    hand = hand_on(application, by)
    if hand is None or not leads(hand.role):
        raise Refused(_("Only the lead applicant can answer."))
    if hand.typed_for_another:
        raise Refused(_("You entered this for somebody. They take it over first, then answer."))


def _enroll(application: Application, cohort: Cohort, *, by_offer: bool = False, by: User) -> Team:
    facts = team_facts(
        form_of(application.response.version),
        application.response.answers,
        people=ApplicationPerson.objects.present().for_list().filter(application=application),
    )
    assert application.organization is not None
    try:
        return enroll_team(
            cohort=cohort,
            organization=application.organization,
            application_reference=application.reference,
            roster=facts.roster,
            clinical_areas=facts.clinical_areas,
            aim=facts.aim,
            by_offer=by_offer,
            by=by,
        )
    except CohortFull as full:
        raise Full(_("The last seat was taken just before you.")) from full


def _welcome(application: Application, team: Team) -> None:
    home = reverse("collaboratives:team_home", args=[application.cohort.host.slug, team.slug])
    emails.seat_accepted(application, team_url=home)


def take_kept_seat(application: Application, *, by: User, now: datetime) -> Team:
    """Who was offered this program and has now answered what it asks on top joins it.

    The decision is the one that the offer was: the same people stand for it.
    """
    offer = application.linked_from
    assert offer is not None
    cohort = lock_cohort(cohort=application.cohort)
    application.outcome, application.feedback = Outcome.ADMIT, offer.feedback
    application.decided_at, application.decided_by = offer.decided_at, offer.decided_by
    application.released_at, application.released_by = offer.released_at, offer.released_by
    for verb in ("decide", "release"):
        before = application.status
        application.status = machine.target(verb, before)
        audit.record(
            verb,
            application,
            by=offer.decided_by or "Closer",
            before={"status": before},
            after={"status": application.status},
            reason=offer.reference,
        )
    team = _enroll(application, cohort, by_offer=True, by=by)
    to_state = machine.target("accept_seat", application.status)
    _answer(application, to_state, by=by, now=now)
    audit.record("accept_seat", application, by=by, after={"status": to_state, "team": team.slug})
    _welcome(application, team)
    return team


def _answer(application: Application, to_state: str, *, by: User, now: datetime) -> None:
    application.status = to_state
    application.answered_at, application.answered_by = now, by
    application.save()


@transaction.atomic
def decline_seat(
    *, application: Application, reason: str = "", by: User, now: datetime
) -> Application:
    """Say no to an offer, of this program or of another."""
    application = lock(application)
    _refuse_all_but_the_lead(application, by)
    to_state = machine.target("decline_seat", application.status)
    if application.outcome not in OFFERS:
        raise Refused(_("There is no offer to decline here."))
    if not can_answer_offer(application, now):
        raise Closed(_("The last day to answer has passed."))
    application.answer_reason = reason.strip()
    _answer(application, to_state, by=by, now=now)
    audit.record(
        "decline_seat", application, by=by, after={"status": to_state}, reason=reason.strip()
    )
    emails.seat_declined(application)
    offer_next_seat(cohort=application.cohort, now=now)
    return application


@transaction.atomic
def expire_offer(*, application: Application, now: datetime) -> bool:
    """End an offer whose last day is over in its program's zone. False when it is not."""
    application = lock(application)
    last = application.last_moment_to_answer(application.cohort.zone)
    over = last is not None and now >= last
    if not over or not machine.allows("expire_offer", application.status):
        return False
    application.status = machine.target("expire_offer", application.status)
    application.save()
    audit.record("expire_offer", application, by="Closer", after={"status": application.status})
    emails.offer_expired(application)
    offer_next_seat(cohort=application.cohort, now=now)
    return True
