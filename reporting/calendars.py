"""The days on which a team's reports are due, for people's own calendars."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from reporting.queries import Standing

CALENDAR_TYPE = "text/calendar; method=PUBLISH; charset=utf-8"
NOTED = datetime(2026, 1, 1, tzinfo=UTC)


def calendar(standings: Iterable[Standing], *, page: str) -> bytes:
    """One entry for each report, on its last day.

    The UID never changes, and SEQUENCE grows with each move, so that a calendar moves the entry
    that it has. A report that is not asked for any more is cancelled.
    """
    file = Calendar()
    file.add("prodid", "-//Closer//Learning collaboratives//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    for standing in standings:
        file.add_component(_entry(standing, page))
    file.add_missing_timezones()
    return file.to_ical()


def _entry(standing: Standing, page: str) -> Event:
    team, period, allowance = standing.team, standing.period, standing.allowance
    due_at = standing.due_at.astimezone(team.cohort.zone)
    event = Event()
    event.add("uid", f"report-{team.host_id}-{team.pk}-{period.pk}@closer")
    event.add("sequence", standing.moves)
    event.add("dtstamp", allowance.given_at if allowance else NOTED)
    event.add("dtstart", due_at - timedelta(hours=1))
    event.add("dtend", due_at)
    event.add("summary", _("Report due: %(report)s") % {"report": period.label})
    event.add("description", team.name)
    event.add("status", "CANCELLED" if standing.code == "skipped" else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("url", page)
    return event
