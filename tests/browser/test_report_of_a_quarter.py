"""A team that kept its work current reports in a few actions; and what happens around a report."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from tests.browser.site import Site
from tests.browser.walking import Walker, become

pytestmark = pytest.mark.browser

COHORT = "/prairie/staff/p/learning-network-"
TEAM = "Cedar Valley Community Health"
HOME = "/prairie/teams/cedar-valley-community-health/"
NAME = "Report of the fall"


@dataclass
class Hand:
    """Counts what a person does: each click, and each box that is filled in."""

    walker: Walker
    actions: int = 0

    def click(self, role: str, name: str) -> None:
        self.actions += 1
        with self.walker.page.expect_navigation():
            self.walker.page.get_by_role(role, name=name).first.click()

    def type(self, label: str, words: str) -> None:
        self.actions += 1
        self.walker.page.get_by_label(label, exact=True).fill(words)


def day(days: int) -> str:
    return f"{date.today() + timedelta(days=days):%Y-%m-%d}"


def open_reports(staff: Walker) -> str:
    """The matrix of the cohort that is in its second year. Returns its address."""
    become(staff, "Renata Solis")
    staff.open("/prairie/staff/")
    links = staff.page.locator(f'a[href^="{COHORT}"]')
    paths = links.evaluate_all("(found) => found.map((one) => one.pathname)")  # all at once:
    staff.open(f"{min(paths)}reports/")  # a part of the page that comes late moves the others
    staff.heading("Reports")
    staff.look()
    return staff.page.url


def ask_for_one_more(staff: Walker) -> str:
    """Of one team, open from today. Returns the address of its page."""
    staff.follow("One more report")
    staff.look()
    staff.page.get_by_label("Name", exact=True).fill(NAME)
    staff.page.get_by_label("Who writes it?").select_option(label=TEAM)
    for label, days in [
        ("First day it covers", -100),
        ("Last day it covers", -10),
        ("Opens on", -1),
        ("Due on", 3),
    ]:
        staff.page.get_by_label(label).fill(day(days))
    staff.press("Ask for it")
    staff.heading(NAME)
    staff.look()
    return staff.page.url


def give(staff: Walker, period: str, what: str, why: str, *, due: str = "") -> None:
    staff.open(period)
    row = staff.page.get_by_role("row").filter(has_text=TEAM)
    staff.follow("More time or skip", row)
    staff.look()
    staff.page.get_by_label(what).check()
    if due:
        staff.page.get_by_label("New due day").fill(due)
    staff.page.get_by_label("Why?").fill(why)
    staff.press("Save and tell the team")
    staff.read(why)
    staff.look()


def test_a_report_takes_less_than_twenty_actions(
    site: Site, new_walker: Callable[..., Walker]
) -> None:
    """S1-27 to S1-32; extra, extended, submitted, reopened, compared, printed."""
    staff, lead = new_walker(), new_walker()
    open_reports(staff)
    period = ask_for_one_more(staff)
    give(staff, period, "More time for this team", "The data team moves.", due=day(12))

    become(lead, "Marcus Okafor")
    lead.open(f"{HOME}reports/")
    lead.read("more time for your team")
    lead.read("The data team moves.")
    lead.look()

    lead.open(HOME)
    hand = Hand(lead)
    hand.click("link", "Write the report")
    lead.heading("Write your report")
    lead.read("Your team has more time.")
    lead.look()
    hand.type("Headline", "Control rose for Black patients, not yet for American Indian patients.")
    hand.type("Learning", "Calls in the patient's own language work.")
    hand.click("button", "Check and submit")
    lead.heading("Submit your report")
    lead.look()
    hand.click("link", "See it as they will")
    lead.read("This is how other teams will read it")
    lead.look()
    hand.click("link", "Back to submitting")
    hand.click("button", "Submit report")
    expect(lead.page.locator("#messages")).to_have_text("Your report is submitted.")
    lead.look()
    assert hand.actions < 20, hand.actions
    report = lead.page.url

    change_it(lead, report)
    print_it(lead, report)


def change_it(lead: Walker, report: str) -> None:
    """Reopened, version 1 stays; then what changed is said word by word."""
    lead.follow("Change", lead.page.locator(".page-actions"), exact=True)
    lead.look()
    lead.page.get_by_label("Why do you change it?").fill("One word was wrong.")
    with lead.page.expect_navigation():
        lead.page.locator("main form button[type=submit]").first.click()
    lead.heading("Write your report")
    lead.open(report)
    lead.read("Control rose for Black patients")
    lead.follow("Go on writing")
    lead.page.get_by_label("Headline", exact=True).fill("Control rose for nearly all patients.")
    lead.press("Check and submit")
    lead.press("Submit report")
    lead.read("Control rose for nearly all patients.")
    lead.follow("Version 1")
    lead.read("Control rose for Black patients")
    lead.look()
    lead.open(report)
    lead.follow("What changed")
    expect(lead.page.locator("ins").first).to_contain_text("nearly all")
    lead.look()


def print_it(lead: Walker, report: str) -> None:
    """A worker makes the file; the page waits for it."""
    lead.open(report)
    link = lead.page.locator(".page-actions").get_by_role("link", name="PDF")
    address = urljoin(report, link.get_attribute("href") or "")
    for _attempt in range(60):
        answer = lead.page.request.get(address)
        if answer.headers["content-type"] == "application/pdf":
            break
        lead.page.wait_for_timeout(1000)
    assert answer.body().startswith(b"%PDF")
