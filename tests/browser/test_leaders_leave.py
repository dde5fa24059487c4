"""Whom a report waits for when its leader leaves, nobody stands in, or the leader wrote it; and
a report that is not asked for.

It waits for the clock of the worker again and again, so it takes longer than the ordinary run
has: soak.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import walking
from tests.browser.conftest import Watch
from tests.browser.leaving import ALTERNATE, COHORT, LEAD, LEADER, TEAM
from tests.browser.replying import asked_anew, latest_report, link_to, team_with_reports
from tests.browser.seeing import PHONE
from tests.browser.site import Site
from tests.browser.walking import Walker, become

pytestmark = [pytest.mark.browser, pytest.mark.soak]

ENDED = ["status of 404"]
ASKED, BOARD = "reply to the", f"/prairie/staff/p/{COHORT}/reports/"
WHY = "The clinic was closed for repairs."


@pytest.fixture(scope="module")
def prepared(site: Site) -> None:
    words = "from tests.browser.leaving import prepare; prepare()"
    site.wait(site.manage("shell", "-c", words, env=site.environment("DATABASE_URL")))


def remove(walker: Walker, team: str, name: str) -> None:
    walker.open(f"{team}members/")
    walker.follow(name, walker.page.get_by_role("table"))
    walker.follow("Remove from the team")
    walker.press("Remove")


def make_leader(walker: Walker, team: str, name: str, leadership: str) -> None:
    walker.open(f"{team}members/")
    walker.follow(name, walker.page.get_by_role("table"))
    walker.page.get_by_label("Senior leadership").select_option(leadership)
    walker.press("Save")


def waits_for(lead: Walker, team: str) -> Walker:
    """What the newest report says of its reply."""
    lead.open(latest_report(lead, team))
    lead.look()
    return lead


def expect_ended(leader: Walker, link: str) -> None:
    answer = leader.page.goto(link)
    assert answer and answer.status == 404


@pytest.mark.usefixtures("prepared")
def test_leaders_leave_refuse_and_write_the_report_themselves(
    site: Site, new_walker: Callable[..., Walker], watch: Watch
) -> None:
    """S1-16, S1-18."""
    watch.expected += ENDED
    lead, staff = new_walker(), new_walker()
    leader, alternate = (new_walker(PHONE, has_touch=True) for _ in range(2))
    lead.open("/accounts/start/")
    walking.prove_the_address(lead, LEAD[1])
    team = team_with_reports(site, TEAM)
    skip_the_late_one(staff, lead, team, site)

    # The leader leaves with the reply half written: the alternate is asked, the link ends.
    link = link_to(site, LEADER[1], ASKED)
    leader.page.goto(link)
    leader.read(LEADER[0])
    remove(lead, team, LEADER[0])
    site.mail(ALTERNATE[1], ASKED, seconds=60)
    expect_ended(leader, link)
    waits_for(lead, team).read(ALTERNATE[0])
    expect(lead.page.locator("#reply")).not_to_contain_text(LEADER[0])

    # The alternate is alone now, can't do it, and asks the team to name somebody.
    alternate.page.goto(link_to(site, ALTERNATE[1], ASKED))
    alternate.follow("Not you?")
    alternate.read("Your team has named nobody else who may.")
    alternate.look()
    alternate.press("Ask my team to name somebody")
    alternate.read("Until they name somebody, the reply waits for you.")
    alternate.look()
    site.mail(LEAD[1], "name an alternate")
    alternate.follow("Back")
    alternate.read("Send reply")

    # The lead becomes the leader, and is not asked about the report that they wrote.
    make_leader(lead, team, LEAD[0], "senior_leader")
    asked_anew(lead, team, ALTERNATE[1])
    assert not site.mails(LEAD[1], ASKED)
    waits_for(lead, team).read(ALTERNATE[0])
    alternate.page.goto(link_to(site, ALTERNATE[1], ASKED))
    expect(alternate.page.get_by_role("button", name="Hand over")).to_have_count(0)

    # The alternate leaves too: the report, a mail and the board say that nobody can reply.
    remove(lead, team, ALTERNATE[0])
    site.mail(LEAD[1], "name a senior leader", seconds=60)
    waits_for(lead, team).read("Nobody can reply at present.")
    staff.open(BOARD)
    staff.page.get_by_label(f"Select {TEAM}, Quarter 1").check()
    staff.press("Send a reminder")
    staff.read("The team has no leader to ask.")
    staff.look()

    # Somebody new is named, is asked at once, and replies.
    make_leader(lead, team, LEAD[0], "")
    lead.open(f"{team}members/")
    lead.follow("Add someone")
    for label, words in (("Name", "Mia Stone"), ("Work email", "mia@hollow.example")):
        lead.page.get_by_label(label, exact=True).fill(words)
    lead.page.get_by_label("Senior leadership").select_option("senior_leader")
    lead.press("Save")
    site.mail("mia@hollow.example", ASKED, seconds=60)
    leader.page.goto(link_to(site, "mia@hollow.example", ASKED))
    leader.page.get_by_role("textbox", name="Your reflection").fill("I am new, and I am in.")
    leader.press("Send reply")
    leader.heading("Your reply is sent")
    waits_for(lead, team).read("I am new, and I am in.")


def skip_the_late_one(staff: Walker, lead: Walker, team: str, site: Site) -> None:
    """It is not late any more, the team reads why, and may write it all the same."""
    become(staff, "Renata Solis")
    staff.open(f"{BOARD}?stands=late")
    staff.follow("Late", staff.page.get_by_role("table"))
    row = staff.page.get_by_role("row").filter(has_text=TEAM)
    staff.follow("More time or skip", row)
    staff.page.get_by_label("No report from this team").check()
    staff.page.get_by_label("Why?").fill(WHY)
    staff.press("Save and tell the team")
    staff.look()
    staff.open(f"{BOARD}?stands=late")
    staff.read("Not asked for")
    assert WHY in site.mail(LEAD[1], "is asked of you")["text"]
    lead.open(f"{team}reports/")
    lead.read(WHY)
    lead.look()
    lead.follow("Write it all the same")
    lead.heading("Write your report")
    lead.read(WHY)
    lead.look()
