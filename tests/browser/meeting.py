"""Sessions: planned by staff, moved once, invited to, reminded of."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from icalendar import Calendar
from playwright.sync_api import expect

from config.demo.answers import Facts
from tests.browser.site import Site
from tests.browser.walking import Walker

Event = dict[str, object]
ZONE = ZoneInfo("America/Chicago")  # of the demo's cohorts


def plan_the_sessions(staff: Walker, board: str, *, count: int) -> None:
    """The program's own plan, taken over with one press."""
    staff.open(board)
    staff.follow("Sessions", staff.page.locator("#side-nav"))
    staff.heading("Sessions")
    staff.press("Plan from the program")
    expect(staff.page.locator("tbody tr")).to_have_count(count)
    staff.look()


def publish_the_first(staff: Walker, *, guests: Sequence[str]) -> str:
    """Everybody on the team is invited. Returns the session's title."""
    first = staff.page.locator("tbody tr").first.get_by_role("link")
    title = first.inner_text().strip()
    with staff.page.expect_navigation():
        first.click()
    staff.heading(title)
    staff.press("Publish and invite")
    staff.look()
    for address in guests:
        staff.site.mail(address, f"will you come to {title}")
    return title


def say_yes_by_link(guest: Walker, address: str, title: str) -> None:
    letter = guest.site.mail(address, f"will you come to {title}")
    guest.open_link(letter, "/r/rsvp/")
    guest.look()
    guest.page.get_by_label("Coming", exact=True).check()
    guest.press("Send my answer")
    guest.read("Your answer so far")


def keep_the_date(walker: Walker, team: str, title: str, folder: Path) -> Event:
    """The calendar file of the team's page, read back."""
    walker.open(f"{team}sessions/")
    walker.look()
    card = walker.page.locator("section").filter(
        has=walker.page.get_by_role("heading", name=title, exact=True)
    )
    with walker.page.expect_download() as coming:
        card.get_by_role("link", name="Add to calendar").click()
    coming.value.save_as(folder / "session.ics")
    calendar = Calendar.from_ical((folder / "session.ics").read_bytes())
    (event,) = calendar.walk("VEVENT")
    return {
        "uid": str(event["UID"]),
        "sequence": int(event.get("SEQUENCE", 0)),
        "starts_at": event["DTSTART"].dt,
        "zone": event["DTSTART"].params.get("TZID", "UTC"),
    }


def move_it_to_tomorrow(staff: Walker, title: str, *, guests: Sequence[str]) -> datetime:
    """Less than a day ahead, so that the reminder is due at once."""
    staff.follow("Move")
    staff.look()
    soon = datetime.now().astimezone() + timedelta(hours=20)
    soon = soon.astimezone(ZONE).replace(second=0, microsecond=0)
    staff.page.get_by_label("Date").fill(f"{soon:%Y-%m-%d}")
    staff.page.get_by_label("Starts at").fill(f"{soon:%H:%M}")
    staff.page.get_by_label("Why it moves").fill("The speaker can come earlier.")
    staff.press("Move session")
    staff.heading(title)
    for address in guests:
        staff.site.mail(address, f"New time for {title}")
    return soon


def expect_one_reminder_each(site: Site, guests: Sequence[str], title: str) -> None:
    """Sent by beat and worker, without anybody asking."""
    for address in guests:
        site.mail(address, f"Reminder: {title}", seconds=60)
        assert len(site.mails(address, f"Reminder: {title}")) == 1, address


def guests_of(known: Facts, *, leaders: bool) -> list[str]:
    people = [*known.people, known.leader] if leaders else [*known.people]
    return [person.email for person in people]
