"""The waitlist of a cohort: its order, the seat that comes free, and an offer made again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.locking import lock
from applications.actions.people import tell_who_emailed
from applications.actions.refusals import Refused
from applications.models import Application
from applications.queries.deadlines import last_day_to_answer
from applications.queries.offers import free_seats, offered_seats
from applications.states import OFFERS, Outcome, machine
from collaboratives.actions import lock_cohort
from collaboratives.models import Cohort
from tenancy import audit


def join_waitlist(application: Application) -> None:
    """Give a released application the last place. The caller saves it and holds the cohort."""
    waiting = Application.objects.filter(cohort=application.cohort).waiting()
    last = waiting.aggregate(last=Max("waitlist_place"))["last"]
    application.waitlist_place = (last or 0) + 1


@transaction.atomic
def move_on_waitlist(
    *, application: Application, place: int, reason: str, by: User
) -> list[Application]:
    """Put a waiting team at another place, 1 being the next. Returns the new order.

    Raises Refused without a reason, or when the team is not waiting any more.
    """
    if not reason.strip():
        raise Refused(_("Say why this team moves."))
    cohort = lock_cohort(cohort=application.cohort)
    order = list(
        Application.objects.filter(cohort=cohort).waiting().select_for_update(of=("self",))
    )
    moved = next((one for one in order if one.pk == application.pk), None)
    if moved is None:
        raise Refused(_("This team is not on the waitlist any more."))
    before = order.index(moved) + 1
    order.remove(moved)
    order.insert(max(0, min(place, len(order) + 1) - 1), moved)
    for number, one in enumerate(order, start=1):
        if one.waitlist_place != number:
            one.waitlist_place = number
            one.save(update_fields=["waitlist_place"])
    audit.record(
        "moved on the waitlist",
        moved,
        by=by,
        before={"place": before},
        after={"place": order.index(moved) + 1},
        reason=reason.strip(),
    )
    return order


@transaction.atomic
def offer_next_seat(
    *, cohort: Cohort, by: User | str = "Closer", now: datetime
) -> Application | None:
    """Offer one seat that is free and promised to nobody to the first team on the waitlist.

    Called when an offer is declined or ends, and by staff. Whoever is put on the waitlist
    while seats are free waits on: that is a decision of people, which no clock undoes. The
    offer ends by itself after the days that the cohort gives; then the next is asked.
    """
    cohort = lock_cohort(cohort=cohort)
    waiting = Application.objects.filter(cohort=cohort).waiting()
    application = waiting.select_for_update(of=("self",), no_key=True).first()
    if application is None or free_seats(cohort, now) == 0:
        return None
    application.outcome, application.waitlist_place = Outcome.ADMIT, None
    application.respond_by = last_day_to_answer(cohort, now)
    application.save()
    audit.record(
        "offered a seat",
        application,
        by=by,
        before={"outcome": Outcome.WAITLIST},
        after={"outcome": Outcome.ADMIT},
    )
    emails.seat_offered_from_waitlist(application)
    tell_who_emailed(application, about="news", now=now)
    return application


@transaction.atomic
def offer_again(
    *, application: Application, respond_by: date, reason: str, by: User, now: datetime
) -> Application:
    """Give more time to answer an offer, or make one again that was declined or has ended.

    Reminders follow the new day by themselves. Raises Refused without a reason, for a day
    that has passed, and where every seat is promised to somebody else by now.
    """
    if not reason.strip():
        raise Refused(_("Say why you give more time."))
    application = lock(application)
    to_state = machine.target("offer_again", application.status)
    if application.outcome not in OFFERS:
        raise Refused(_("There is no offer here."))
    cohort = lock_cohort(cohort=application.offered_cohort or application.cohort)
    if respond_by < now.astimezone(application.cohort.zone).date():
        raise Refused(_("Choose a day that is still to come."))
    if application.status != to_state and not _has_room(application, cohort, now):
        raise Refused(_("Every seat is promised to somebody else by now."))
    before = {"status": application.status, "respond_by": str(application.respond_by)}
    application.status, application.respond_by = to_state, respond_by
    application.answered_at = application.answered_by = None
    application.answer_reason = ""
    application.save()
    after = {"status": to_state, "respond_by": str(respond_by)}
    audit.record(
        "offer_again", application, by=by, before=before, after=after, reason=reason.strip()
    )
    emails.offered_again(application)
    tell_who_emailed(application, about="news", now=now)
    return application


def _has_room(application: Application, cohort: Cohort, now: datetime) -> bool:
    if application.outcome == Outcome.ADMIT:
        return free_seats(cohort, now) != 0
    return offered_seats(cohort, now).left != 0
