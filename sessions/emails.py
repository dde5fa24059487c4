"""The mails of a session. Each carries a calendar file that answers and updates by itself."""

from datetime import timedelta
from typing import Any

from django.urls import reverse

from accounts.models import Membership
from messaging import outbox
from messaging.urls import absolute
from sessions.calendars import calendar
from sessions.models import Invitee, Session
from sessions.rules import prework_lacking
from tenancy import links


def _context(invitee: Invitee) -> tuple[dict[str, Any], str]:
    session = invitee.session
    token = links.issue(
        kind="rsvp",
        subject=invitee,
        expires_at=session.ends_at + timedelta(days=1),
        email=invitee.member.email,
    )
    link = absolute(reverse("sessions_links:rsvp", args=[token]))
    words = {"name": invitee.member.name, "session": session, "link": link, "leads": False}
    return words, token


def _post(invitee: Invitee, template: str, key: str, **more: Any) -> None:
    context, token = _context(invitee)
    session = invitee.session
    method = "CANCEL" if session.cancelled_at else "REQUEST"
    outbox.post(
        host_id=session.host_id,
        to=invitee.member.email,
        template=f"sessions/{template}",
        context=context | more,
        dedupe_key=f"session:{session.pk}:{invitee.pk}:{key}",
        about=session,
        language=invitee.member.user.language if invitee.member.user else "en",
        attachments=[
            outbox.Attachment(
                "session.ics",
                f"text/calendar; method={method}; charset=utf-8",
                calendar(session, invitee=invitee, page=context["link"]),
            )
        ],
        secrets=[token],
    )


def invitation(invitee: Invitee) -> None:
    _post(invitee, "invitation", "invited")


def moved(invitee: Invitee) -> None:
    _post(invitee, "moved", f"moved:{invitee.session.sequence}")


def cancelled(invitee: Invitee) -> None:
    _post(invitee, "cancelled", "cancelled")


def reminder(invitee: Invitee, *, offset: str) -> None:
    """Keyed on the offset and the sequence, never on the instant: a change of zone or of
    daylight time must not send it twice."""
    prework = prework_lacking(invitee.session, invitee.member.team)
    key = f"reminder:{offset}:{invitee.session.sequence}"
    _post(invitee, "reminder", key, prework=prework)


def facilitates(session: Session, template: str, key: str) -> None:
    """The same news to who facilitates the small group whose call it is, while they work here."""
    person = session.group.facilitator if session.group else None
    if person is None or not Membership.objects.present().filter(user=person).exists():
        return
    page = absolute(
        reverse(
            "program_sessions:staff_session",
            args=[session.host.slug, session.cohort.slug, session.pk],
        )
    )
    method = "CANCEL" if session.cancelled_at else "PUBLISH"
    outbox.post(
        host_id=session.host_id,
        to=person.email,
        template=f"sessions/{template}",
        context={
            "name": str(person),
            "session": session,
            "link": page,
            "leads": True,
            "prework": None,
        },
        dedupe_key=f"session:{session.pk}:facilitator:{person.pk}:{key}",
        about=session,
        language=person.language,
        attachments=[
            outbox.Attachment(
                "session.ics",
                f"text/calendar; method={method}; charset=utf-8",
                calendar(session, page=page),
            )
        ],
    )
