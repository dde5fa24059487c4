"""The steps that both programs share, named as the person who takes them would."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from collaboratives.blueprints.schema import Blueprint
from config.demo.answers import Facts
from tests.browser import filling
from tests.browser.seeing import faults_of
from tests.browser.site import Site

COORDINATOR = "coordinator@prairie.example"


@dataclass
class Walker:
    """Somebody in front of a browser window."""

    site: Site
    page: Page
    faults: list[str]

    def look(self) -> None:
        """Note what is wrong with this page; the test fails at its end, with all that was found."""
        self.faults += faults_of(self.page)

    def open(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer and answer.status == 200, f"{path}: {answer and answer.status}"

    def open_link(self, letter: dict[str, Any], part: str) -> None:
        """The link of a mail that leads to such a page."""
        self.open(urlsplit(next(one for one in letter["links"] if part in one)).path)

    def press(self, name: str, within: Locator | Page | None = None) -> None:
        with self.page.expect_navigation():
            (within or self.page).get_by_role("button", name=name).click()

    def follow(
        self, name: str, within: Locator | Page | None = None, *, exact: bool = False
    ) -> None:
        with self.page.expect_navigation():
            (within or self.page).get_by_role("link", name=name, exact=exact).click()

    def heading(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)

    def read(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator("#main")).to_contain_text(words)


def become(walker: Walker, name: str) -> None:
    """The demo's one click."""
    walker.open("/demo/")
    walker.press(f"Be {name}")


def prove_the_address(walker: Walker, email: str) -> None:
    """Type the address, then the code from the mail."""
    walker.heading("Your email address")
    walker.page.get_by_label("Email").fill(email)
    walker.press("Send me a code")
    walker.heading("Enter your code")
    letter = walker.site.mail(email, "your code")
    walker.page.locator("#id_code").fill(code_in(letter))
    walker.press("Continue")


def code_in(letter: dict[str, Any]) -> str:
    found = re.search(r"^\s*(\w{4}-\w{4})\s*$", letter["text"], re.MULTILINE)
    assert found, letter["text"]
    return found[1]


def start_an_application(walker: Walker, cohort: str, email: str, known: Facts) -> str:
    """From the public page to the task list. Returns the application's address."""
    walker.open("/prairie/")
    walker.look()
    walker.follow(cohort, walker.page.locator("#main"), exact=True)
    walker.heading(cohort)
    walker.look()
    walker.follow("Start application")
    walker.look()
    prove_the_address(walker, email)
    walker.heading("Start your application")
    walker.look()
    walker.page.get_by_label("Name of your organization").fill(known.name)
    walker.page.get_by_label("Your role there").fill("Quality director")
    walker.press("Start")
    walker.heading(known.name)
    walker.look()
    return walker.page.url


def answer_each_section(
    walker: Walker, tasks: str, blueprint: Blueprint, known: Facts, *, look: bool = True
) -> None:
    """Take the sections one after the other with “Save and continue”."""
    sections = [one for one in blueprint.form.sections if any(f.answer_codes for f in one.fields)]
    walker.open(tasks)
    walker.follow(str(sections[0].title), walker.page.locator(".tasks"))
    for section in sections:
        walker.page.wait_for_url(re.compile(rf"/s/{section.code}/"))
        filling.fill(walker.page, blueprint.form, section, known)
        if look:
            walker.look()
        walker.press("Save and continue")


def leave_and_return(walker: Walker, tasks: str, email: str) -> None:
    """Sign out, prove the address again, and find everything as it was."""
    walker.page.context.clear_cookies()
    walker.open("/accounts/start/")
    prove_the_address(walker, email)
    walker.open("/prairie/applications/")
    walker.look()
    with walker.page.expect_navigation():
        walker.page.locator(f'#main a[href="{tasks.removeprefix(walker.site.url)}"]').first.click()


def check_and_submit(walker: Walker, tasks: str, known: Facts, email: str) -> str:
    """Returns the reference."""
    walker.open(tasks)
    expect(walker.page.get_by_role("link", name="Check and submit")).to_be_visible()
    walker.follow("Check and submit")
    walker.heading("Check your answers")
    walker.read(known.name)
    walker.look()
    walker.follow("Continue to submit")
    walker.look()
    walker.page.get_by_label("Your full name").fill("Nadia Brooks")
    walker.page.get_by_label("Your role").fill("Quality director")
    walker.page.get_by_label("I agree with this statement").check()
    walker.press("Submit application")
    walker.heading("We have your application")
    walker.look()
    reference = tasks.rstrip("/").rpartition("/")[2]
    receipt = walker.site.mail(email, reference)
    assert known.name in receipt["text"] or reference in receipt["text"]
    return reference


def find_in_the_list(staff: Walker, cohort: str, organization: str) -> str:
    """From the coordinator's home to the application. Returns the address of the cohort's board."""
    become(staff, "Renata Solis")
    staff.look()
    staff.follow(cohort, staff.page.locator("#main"), exact=True)
    staff.heading(cohort)
    staff.look()
    board = staff.page.url
    staff.follow("Applications", staff.page.locator("#side-nav"))
    staff.heading("Applications")
    staff.look()
    staff.follow(organization, staff.page.locator("#main"))
    staff.heading(organization)
    return board


def admit_and_release(staff: Walker, email: str) -> None:
    """The applicant hears nothing until the release."""
    staff.look()
    before = len(staff.site.mails(email))
    staff.page.get_by_label("Admit", exact=True).check()
    staff.press("Record decision")
    staff.read("The applicant does not know yet.")
    assert len(staff.site.mails(email)) == before
    staff.look()
    staff.follow("Read the letter and release")
    staff.heading("Release decisions")
    staff.look()
    staff.press("Tell the selected applicants now")
    staff.site.mail(email, "your place in")


def accept_the_seat(walker: Walker, email: str) -> str:
    """By the link of the mail. Returns the address of the new team's page."""
    letter = walker.site.mail(email, "your place in")
    walker.open_link(letter, "/decision/")
    walker.look()
    walker.press("Accept the place")
    walker.site.mail(email, "is in: welcome")
    walker.follow("Go to your team")
    walker.look()
    return walker.page.url


def find_everybody_on_the_team(
    walker: Walker, team: str, blueprint: Blueprint, known: Facts
) -> None:
    """The roster and the leaders that the program asks for came from the application."""
    walker.open(team)
    walker.heading(known.name)
    walker.follow("Team members", walker.page.locator("#main"))
    walker.heading("Team members")
    walker.look()
    for person in known.people:
        expect(walker.page.get_by_role("row").filter(has_text=person.name)).to_be_visible()
    for code, leader, words in (
        ("senior_leader", known.leader, "Senior leader"),
        ("alternate_leader", known.alternate, "Alternate"),
    ):
        row = walker.page.get_by_role("row").filter(has_text=leader.name)
        if code in blueprint.form.by_code:
            expect(row).to_contain_text(words)
        else:
            expect(row).to_have_count(0)


def cohort_that_takes_applications(walker: Walker, blueprint: Blueprint) -> str:
    """The name of the program's cohort with an open door, as the public page shows it."""
    walker.open("/prairie/")
    program = walker.page.locator("section").filter(
        has=walker.page.get_by_role("heading", name=str(blueprint.name), exact=True)
    )
    row = program.get_by_role("listitem").filter(has_text="See and apply")
    return row.get_by_role("link").first.inner_text().strip()
