"""A hospital takes part in the Progress Report IAN, from the public page to the signed charter."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from collaboratives.blueprints.loader import load
from tests.browser import filling, meeting, signing, walking
from tests.browser.seeing import PHONE
from tests.browser.site import Site
from tests.browser.walking import Walker

pytestmark = pytest.mark.browser

EMAIL = "nadia@illini.example"
KNOWN = filling.facts("Illini Bluffs Hospital", "illini.example", EMAIL)


def answer_the_consent_page(walker: Walker, tasks: str) -> None:
    """A person's own answer, which can be taken back."""
    walker.open(tasks)
    walker.follow("Participant information sheet")
    walker.look()
    walker.page.get_by_label("I have read the information sheet").check()
    walker.page.get_by_label("I consent", exact=True).check()
    walker.press("Save my answer")
    walker.site.mail(EMAIL, "about the study")
    walker.read("Completed")


def test_a_hospital_walks_the_progress_report_network(
    site: Site, new_walker: Callable[..., Walker], tmp_path: Path
) -> None:
    blueprint = load("progress-report-ian")
    applicant, staff = new_walker(), new_walker()
    guest = new_walker(PHONE, has_touch=True)

    cohort = walking.cohort_that_takes_applications(applicant, blueprint)
    tasks = walking.start_an_application(applicant, cohort, EMAIL, KNOWN)
    walking.answer_each_section(applicant, tasks, blueprint, KNOWN)
    walking.leave_and_return(applicant, tasks, EMAIL)
    answer_the_consent_page(applicant, tasks)
    walking.check_and_submit(applicant, tasks, KNOWN, EMAIL)

    board = walking.find_in_the_list(staff, cohort, KNOWN.name)
    expect(staff.page.locator("#main")).not_to_contain_text("I consent")
    walking.admit_and_release(staff, EMAIL)
    team = walking.accept_the_seat(applicant, EMAIL)
    walking.find_everybody_on_the_team(applicant, team, blueprint, KNOWN)

    meeting.plan_the_sessions(staff, board, count=4)
    guests = meeting.guests_of(KNOWN, leaders=True)
    title = meeting.publish_the_first(staff, guests=guests)
    meeting.say_yes_by_link(guest, guests[1], title)
    before = meeting.keep_the_date(applicant, team, title, tmp_path)
    starts_at = meeting.move_it_to_tomorrow(staff, title, guests=guests)
    after = meeting.keep_the_date(applicant, team, title, tmp_path)
    assert after == before | {"sequence": before["sequence"] + 1, "starts_at": starts_at}
    assert after["zone"] == "America/Chicago"
    meeting.expect_one_reminder_each(site, guests, title)

    signing.write_the_charter(applicant, team, KNOWN)
    signing.ask_for_signatures(applicant)
    signing.sign_by_link(guest, KNOWN)
    kept = signing.watch_the_pdf_being_made(applicant, team, tmp_path)
    signing.expect_a_sound_pdf(applicant.page, kept, blueprint)
    meeting.expect_one_reminder_each(site, guests, title)
