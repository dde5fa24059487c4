"""Staff at their boards: a reminder to a selection, numbers that lead on, a report for funders."""

from collections.abc import Callable

import pytest

from tests.browser.walking import Walker, become

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_staff_remind_and_report_to_funders(new_walker: Callable[..., Walker]) -> None:
    staff = new_walker()
    become(staff, "Renata Solis")
    staff.page.get_by_role("link", name="Learning Network 2025").first.click()
    staff.read("All teams together")
    staff.follow("1 late")
    staff.heading("Reports")
    staff.look()
    staff.page.get_by_label("Select Lakota Plains Health Center", exact=True).check()
    staff.read("4 selected")
    staff.page.get_by_label("Select Lakota Plains Health Center, Quarter 1").uncheck()
    staff.read("3 selected")
    staff.press("Send a reminder")
    staff.heading("What became of each")
    staff.read("1 of 3 reminded.")  # the demo asked its leader today
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
