"""The whole decision day of an Action Community: 40 applications, 12 seats, one release."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.deciding import (
    ADMITTED,
    DAY,
    IN_CONFLICT,
    OFFERED,
    WAITING,
    address,
)
from tests.browser.site import Site
from tests.browser.walking import Walker, become

pytestmark = pytest.mark.browser

LIST = f"/prairie/staff/p/{DAY}/applications/"


@pytest.fixture(scope="module")
def prepared(site: Site) -> None:
    words = "from tests.browser.deciding import prepare; prepare()"
    site.wait(site.manage("shell", "-c", words, env=site.environment("DATABASE_URL")))


def select_all(staff: Walker, words: str) -> None:
    """Of the list that a search shows."""
    staff.open(f"{LIST}?q={words}&view=to_decide")
    staff.page.get_by_label("Select all on this page").check()


def give_all_to_a_reader(staff: Walker) -> None:
    """Page by page; the three with a conflict are refused in words."""
    refused = []
    for page in (1, 2):
        staff.open(f"{LIST}?sort=organization&page={page}")
        staff.page.get_by_label("Select all on this page").check()
        staff.press("Give to a reader")
        staff.page.get_by_label("Reader").select_option(label="Ravi Anand")
        staff.press("Give the selected ones")
        rows = staff.page.get_by_role("row").filter(has_text="has a conflict of interest")
        refused += rows.get_by_role("rowheader").all_inner_texts()
    assert [one.split("\n")[0] for one in refused] == sorted(IN_CONFLICT)


def find_nothing_of_the_three(reader: Walker) -> None:
    """He reads 37 applications, and no page of his holds a name of the others."""
    become(reader, "Ravi Anand")
    reader.open(LIST)
    reader.read("37 submitted")
    for path in (f"{LIST}?sort=organization", f"{LIST}?q=clinic+01", f"{LIST}board/"):
        reader.open(path)
        for name in IN_CONFLICT:
            expect(reader.page.locator("body")).not_to_contain_text(name)


def record(staff: Walker, words: str, outcome: str, count: int, **more: str) -> None:
    """The same decision for all that a search shows. Nobody is told."""
    select_all(staff, words)
    expect(staff.page.locator("[data-bulk]")).to_contain_text(f"{count} selected")
    staff.press("Record a decision")
    if words == "Birch":
        expect(staff.page.get_by_label("Decline with feedback")).to_have_count(0)
        staff.look()
    staff.page.get_by_label(outcome, exact=True).check()
    if more:
        staff.page.get_by_label("Program to offer").select_option(label=more["offer"])
        staff.page.get_by_label("Feedback to the applicant").fill(more["feedback"])
    staff.press("Record decision")
    staff.read(f"{count} of {count} done.")


def release_all_at_once(staff: Walker) -> None:
    staff.open(f"{LIST}release/")
    expect(staff.page.locator("tbody tr")).to_have_count(40)
    staff.press("Tell the selected applicants now")
    expect(staff.page.locator("body")).to_contain_text("40 decisions released.")


def move_the_last_to_the_front(staff: Walker) -> None:
    staff.open(f"{LIST}waitlist/")
    last = staff.page.locator("tbody tr").last
    name = last.get_by_role("link").inner_text()
    last.locator("summary").click()
    last.get_by_label("New place").fill("1")
    last.get_by_label("Why does this team move?").fill("They serve a county that nobody else does.")
    staff.press("Change the order", last)
    expect(staff.page.locator("tbody tr").first).to_contain_text(name)
    staff.look()


def test_forty_people_get_exactly_one_right_mail(
    site: Site, prepared: None, new_walker: Callable[..., Walker]
) -> None:  # S4-35, S4-36
    staff, reader = new_walker(), new_walker()
    become(staff, "Renata Solis")
    give_all_to_a_reader(staff)
    find_nothing_of_the_three(reader)
    record(staff, "Alder", "Admit", 12)
    record(staff, "Birch", "Waitlist", 23)
    offer = {"offer": "Network that is closed", "feedback": "Your aim fits that program better."}
    record(staff, "Cedar", "Offer another program", 5, **offer)
    staff.open(f"{LIST}?view=to_release")
    staff.read(re.compile(r"12\s+likely"))
    told = {name: site.mails(address(name)) for name in ADMITTED + OFFERED + WAITING}
    assert not any(told.values())
    release_all_at_once(staff)
    move_the_last_to_the_front(staff)

    mails = site.outbox()
    right = dict.fromkeys(ADMITTED, "Action needed: your place in Decision day")
    right |= dict.fromkeys(WAITING, "Your application to Decision day: you are on the waitlist")
    offered = "Action needed: an offer after your application to Decision day"
    right |= dict.fromkeys(OFFERED, offered)
    for name, subject in right.items():
        to_them = [mail for mail in mails if mail["to"] == address(name)]
        assert [mail["subject"] for mail in to_them] == [subject], name
        assert ("Network that is closed" in to_them[0]["text"]) == (name in OFFERED)
