"""The decision, and the seat that it may give."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from applications.emails.posting import editors, page_of, post
from applications.models import Application
from applications.states import OFFERS, Outcome
from messaging import outbox
from messaging.rendering import Rendered
from messaging.urls import absolute


def offer_reminder(application: Application) -> None:
    post(
        application,
        "offer_reminder",
        to=editors(application),
        key=f"offer_soon:{application.respond_by}",
        page="decision",
        last_minute=_last_minute(application),
    )


def decision_released(application: Application) -> None:
    """One mail for each outcome: admit, waitlist, decline, offer_other."""
    key = f"released:{application.released_at.isoformat() if application.released_at else ''}"
    post(
        application,
        _released_template(application),
        to=editors(application),
        key=key,
        page="decision",
        last_minute=_last_minute(application),
    )


def _released_template(application: Application) -> str:
    return f"released_{Outcome(application.outcome).value}"


def _last_minute(application: Application) -> datetime | None:
    """The last minute to answer: nobody reads a midnight as the end of the day before."""
    last = application.last_moment_to_answer(application.cohort.zone)
    return last - timedelta(minutes=1) if last else None


def preview_of_release(application: Application, *, respond_by: date) -> Rendered:
    """The letter as its lead would get it now. Nothing is written."""
    application.respond_by = respond_by if application.outcome in OFFERS else None
    return outbox.preview(
        host=application.cohort.host,
        template=f"applications/{_released_template(application)}",
        context={
            "application": application,
            "cohort": application.cohort,
            "reader": application.lead,
            "url": page_of(application, "decision"),
            "last_minute": _last_minute(application),
        },
        language=application.lead.language,
    )


def seat_offered_from_waitlist(application: Application) -> None:
    post(
        application,
        "seat_offered",
        to=editors(application),
        key=f"seat_offered:{application.respond_by}",
        page="decision",
        last_minute=_last_minute(application),
    )


def offered_again(application: Application) -> None:
    post(
        application,
        "offered_again",
        to=editors(application),
        key=f"offered_again:{application.respond_by}",
        page="decision",
        last_minute=_last_minute(application),
    )


def seat_kept(application: Application, *, open_questions: int) -> None:
    """The offer of another program is taken up; some answers are still open."""
    post(
        application,
        "seat_kept",
        to=editors(application),
        key="seat_kept",
        open_questions=open_questions,
        last_minute=_last_minute(application),
    )


def kept_seat_reminder(application: Application, *, offset: str) -> int:
    return post(
        application,
        "kept_seat_reminder",
        to=editors(application),
        key=f"kept_seat:{offset}",
        last_minute=_last_minute(application),
    )


def seat_accepted(application: Application, *, team_url: str) -> None:
    post(
        application,
        "seat_accepted",
        to=editors(application),
        key="seat_accepted",
        page="status",
        team_url=absolute(team_url),
    )


def seat_declined(application: Application) -> None:
    post(
        application,
        "seat_declined",
        to=editors(application),
        key="seat_declined",
        page="status",
    )


def offer_expired(application: Application) -> None:
    post(application, "offer_expired", to=editors(application), key="offer_expired", page="status")
