"""Calendar files that Outlook, Google and Apple can answer and update."""

from icalendar import Calendar, Event, vCalAddress, vText

from sessions.models import Invitee, Session
from sessions.states import Modality, Status


def calendar(session: Session, *, invitee: Invitee | None = None, page: str = "") -> bytes:
    """One session as RFC 5545 text, with its own zone written out.

    With an invitee it asks that person to answer (METHOD:REQUEST, or CANCEL once the session
    is cancelled); without one it is only published. The UID never changes, and SEQUENCE grows
    with each change, so that a calendar replaces what it has.
    """
    cancelled = session.status == Status.CANCELLED
    method = "CANCEL" if cancelled else "REQUEST" if invitee else "PUBLISH"
    event = Event()
    event.add("uid", f"{session.uid}@closer")
    event.add("sequence", session.sequence)
    event.add("dtstamp", session.cancelled_at or session.published_at or session.created_at)
    event.add("dtstart", session.starts_at.astimezone(session.zone))
    event.add("dtend", session.ends_at.astimezone(session.zone))
    event.add("summary", session.title)
    event.add("description", session.summary)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    if session.modality == Modality.IN_PERSON:
        event.add("location", session.venue)
    elif session.join_link:
        event.add("location", session.join_link)
    if page:
        event.add("url", page)
    organizer = vCalAddress(f"MAILTO:{session.host.contact_email}")
    organizer.params["cn"] = vText(session.host.name)
    event["organizer"] = organizer
    if invitee:
        attendee = vCalAddress(f"MAILTO:{invitee.member.email}")
        attendee.params["cn"] = vText(invitee.member.name)
        attendee.params["rsvp"] = vText("TRUE")
        event.add("attendee", attendee, encode=False)
    file = Calendar()
    file.add("prodid", "-//Closer//Learning collaboratives//EN")
    file.add("version", "2.0")
    file.add("method", method)
    file.add_component(event)
    file.add_missing_timezones()
    return file.to_ical()
