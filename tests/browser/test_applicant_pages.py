"""Each page of an applicant is sound for everybody: empty, filled, and when it refuses something.
Seen by axe at two widths, and at 320 pixels without scrolling sideways."""

from collections.abc import Callable
from typing import Any

import pytest

from collaboratives.blueprints.loader import load
from tests.browser import filling, walking
from tests.browser.keyboard import sections_of
from tests.browser.walking import Walker, become

pytestmark = pytest.mark.browser

REFUSED = "422"  # a page that says what is wrong, which the browser calls an error
OTHER_PAGES = (
    "people/",
    "people/sections/",
    "history/",
    "form/",
    "withdraw/",
    "more-time/",
    "copy/",
)


@pytest.fixture
def newcomer(new_walker: Callable[..., Walker], watch: Any) -> Walker:
    """Has just begun with the Action Community: every page is empty."""
    watch.expected.append(REFUSED)
    walker = new_walker()
    blueprint, email = load("action-community"), "noor@willow.example"
    walker.open("/accounts/start/")
    if walker.page.get_by_label("Email").count():
        walking.prove_the_address(walker, email)
    walker.open("/prairie/applications/")
    begun = walker.page.locator("#main li a")
    if begun.count():
        begun.first.click()
        return walker
    walker.look()  # nothing begun yet
    cohort = walking.cohort_that_takes_applications(walker, blueprint)
    walker.follow(cohort, walker.page.locator("#main"), exact=True)
    walker.follow("Start application")
    refuse(walker, "Start")
    walker.page.get_by_label("Name of your organization").fill("Willow Bend Clinic")
    walker.page.get_by_label("Your role there").fill("Director")
    walker.press("Start")
    walker.heading("Willow Bend Clinic")
    return walker


def refuse(walker: Walker, button: str) -> None:
    """Send an empty form, and look at what it says."""
    walker.page.get_by_role("button", name=button, exact=True).first.click()
    walker.page.locator(".error-summary").wait_for()
    walker.look()


def test_signing_in_and_the_questions_before_it(
    new_walker: Callable[..., Walker], watch: Any
) -> None:
    watch.expected.append(REFUSED)
    walker = new_walker()
    cohort = walking.cohort_that_takes_applications(walker, load("action-community"))
    walker.follow(cohort, walker.page.locator("#main"), exact=True)
    page = walker.page.url
    for path in ("fit/", "fit/?levels=no", "apply/"):
        walker.open(f"{page}{path}")
        walker.look()
    walker.open("/accounts/start/")
    refuse(walker, "Send me a code")
    walker.page.get_by_label("Email").fill("noor@willow.example")
    walker.press("Send me a code")
    walker.look()
    walker.page.locator("#id_code").fill("WRON-GONE")
    refuse(walker, "Continue")


def test_every_section_empty_and_with_what_is_missing(newcomer: Walker) -> None:
    tasks = newcomer.page.url
    newcomer.look()
    for section in sections_of(load("action-community")):
        newcomer.open(f"{tasks}s/{section.code}/")
        newcomer.look()
        newcomer.open(f"{tasks}s/{section.code}/?check")
        newcomer.look()
    newcomer.open(f"{tasks}s/organization/check/")
    newcomer.look()
    newcomer.page.get_by_role("button", name="Save", exact=True).click()
    newcomer.page.wait_for_load_state()
    newcomer.look()


def test_the_pages_beside_the_sections(newcomer: Walker) -> None:
    tasks, page = newcomer.page.url, newcomer.page
    for path in OTHER_PAGES:
        newcomer.open(f"{tasks}{path}")
        newcomer.look()
    newcomer.open(f"{tasks}q/city/")
    newcomer.look()
    newcomer.open(f"{tasks}people/")
    page.locator("form[action$='/people/invite/'] button[type=submit]").click()
    page.wait_for_load_state()
    newcomer.look()
    newcomer.open(f"{tasks}letters/ceo_letter/")
    newcomer.look()
    refuse(newcomer, "Upload")
    refuse(newcomer, "Email the link")
    newcomer.open(f"{tasks}videos/team_video/")
    newcomer.look()
    refuse(newcomer, "Save the link")
    newcomer.open(f"{tasks}check/?missing")
    newcomer.look()
    newcomer.open(f"{tasks}submit/")
    newcomer.look()
    refuse(newcomer, "Submit application")


def test_the_pages_of_a_half_done_application(new_walker: Callable[..., Walker]) -> None:
    walker = new_walker()
    become(walker, "Dana Whitfield")
    walker.open("/prairie/applications/")
    walker.look()
    walker.follow("Riverbend Regional Medical Center", walker.page.locator("#main"), exact=True)
    tasks = walker.page.url
    for path in ("", "people/", "history/", "q/staffed_beds/", "letters/ceo_letter/", "check/"):
        walker.open(f"{tasks}{path}")
        walker.look()


@pytest.mark.parametrize(
    "subject", ["your place in", "our answer to your application", "you are on the waitlist"]
)
def test_the_answer_however_it_reads(new_walker: Callable[..., Walker], subject: str) -> None:
    """The decision and the status page of somebody in the demo who was answered."""
    walker = new_walker()
    letter = next(
        one
        for one in walker.site.outbox()
        if subject in one["subject"].lower() and any("/decision/" in link for link in one["links"])
    )
    walker.open("/accounts/start/")
    walking.prove_the_address(walker, letter["to"])
    walker.open_link(letter, "/decision/")
    walker.look()
    applications = walker.page.url.partition("/decision/")[0]
    walker.open(f"{applications}/status/")
    walker.look()
    walker.open(f"{applications}/submitted/")
    walker.look()


def test_the_choice_about_the_study(new_walker: Callable[..., Walker], watch: Any) -> None:
    watch.expected.append(REFUSED)
    walker, email = new_walker(), "sol@willow.example"
    blueprint = load("progress-report-ian")
    known = filling.facts("Willow Bend Hospital", "willow.example", email)
    cohort = walking.cohort_that_takes_applications(walker, blueprint)
    tasks = walking.start_an_application(walker, cohort, email, known)
    reference = tasks.rstrip("/").rpartition("/")[2]
    walker.open(f"/prairie/me/consent/{reference}/")
    walker.look()
    refuse(walker, "Save my answer")
