"""Staff at their boards: a reminder to a selection, a report for funders."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.walking import Walker, become

pytestmark = pytest.mark.browser

TEAM = "Lakota Plains Health Center"


def test_staff_remind_and_report_to_funders(new_walker: Callable[..., Walker]) -> None:
    staff = new_walker()
    become(staff, "Renata Solis")
    staff.page.get_by_role("link", name="Learning Network 2025").first.click()
    staff.read("All teams together")
    staff.follow("Quarterly reports")
    staff.heading("Reports")
    staff.look()
    staff.page.get_by_label(f"Select {TEAM}", exact=True).check()
    ticked = int(staff.page.get_by_text(re.compile(r"^\d+ selected$")).inner_text().split()[0])
    assert ticked > 1
    staff.page.get_by_label(f"Select {TEAM}, Quarter 1").uncheck()
    staff.read(f"{ticked - 1} selected")
    staff.press("Send a reminder")
    staff.heading("What became of each")
    # How many were: other tests of this site write to the same people.
    expect(staff.page.locator("#main")).to_contain_text(re.compile(r"\d of \d reminded"))
    staff.look()

    staff.follow("Learning Network 2025")
    staff.follow("For funders")
    staff.press("Make a report as of today")
    staff.read("What teams have reached")
    staff.look()
    with staff.page.expect_download() as taken:
        staff.page.get_by_role("link", name="Download the PDF").click(timeout=60_000)
    assert taken.value.suggested_filename.endswith(".pdf")
    with staff.page.expect_download() as taken:
        staff.page.get_by_role("button", name="Workbook with codebook (XLSX)").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
