"""The form goes out as a PDF, is filled in with Chromium's own viewer, and comes back whole."""

from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from playwright.sync_api import Browser, expect

from collaboratives.blueprints.loader import load
from config.demo.answers import complete
from questionnaires.answers import clean
from questionnaires.schema import Kind
from tests.browser import filling, walking
from tests.browser.conftest import Watch
from tests.browser.site import Site
from tests.browser.viewer import Viewer
from tests.browser.walking import Walker
from tests.questionnaires.papers import boxes_for, filled_by_pypdf

pytestmark = pytest.mark.browser

BLUEPRINT = load("learning-network")
EMAIL = "nadia@kickapoo.example"
KNOWN = filling.facts("Kickapoo Valley Hospital", "kickapoo.example", EMAIL)
BY_EMAIL = "ruth@sangamon.example"
THEIRS = filling.facts("Sangamon Prairie Clinic", "sangamon.example", BY_EMAIL)


@pytest.fixture
def viewer(browser: Browser) -> Iterator[Callable[[Path], Viewer]]:
    opened: list[Viewer] = []

    def open_with(path: Path) -> Viewer:
        opened.append(Viewer(browser, path))
        return opened[-1]

    yield open_with
    for one in opened:
        one.close()


def download_blank(walker: Walker, folder: Path) -> Path:
    """From the page that the walker is on; a worker draws it the first time."""
    link = walker.page.locator("#main").get_by_role("link", name="Form in English (PDF)")
    address = link.get_attribute("href")
    assert address
    for _turn in range(600):  # the worker may have many to draw
        answer = walker.page.request.get(address)
        assert answer.status == 200
        if answer.body().startswith(b"%PDF"):
            break
        walker.page.wait_for_timeout(500)
    path = folder / "form.pdf"
    path.write_bytes(answer.body())
    return path


def boxes(known: filling.Facts) -> dict[str, str]:
    """What to write into which box."""
    form = BLUEPRINT.form
    raw = complete(form, known)
    return boxes_for(form, {code: clean(form.by_answer[code], raw[code]).value for code in raw})


def upload(walker: Walker, content: bytes) -> None:
    walker.page.get_by_label("The form that you filled in").set_input_files(
        {"name": "our form.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    walker.press("Upload and compare")
    walker.heading("Compare your filled form")


def test_an_applicant_fills_it_in_with_the_browsers_viewer(
    new_walker: Callable[..., Walker],
    viewer: Callable[[Path], Viewer],
    watch: Watch,
    tmp_path: Path,
) -> None:  # S3-30, S4-37
    watch.expected.append("422")  # a page that says what is wrong
    walker = new_walker()
    cohort = walking.cohort_that_takes_applications(walker, BLUEPRINT)
    tasks = walking.start_an_application(walker, cohort, EMAIL, KNOWN)
    walker.open(tasks)
    paper = viewer(download_blank(walker, tmp_path))
    wanted = boxes(KNOWN)
    paper.fill(wanted)
    filled = paper.save()

    walker.open(tasks)
    walker.follow("Upload a filled form")
    walker.look()
    walker.press("Upload and compare")
    walker.read("Choose a file first.")
    walker.look()
    upload(walker, filled)
    walker.look()
    expect(walker.page.locator("#unread")).to_have_count(0)
    # What was typed at the start is on the web already, and no file's date says it is older.
    lead = walker.page.locator("#take-lead_contact")
    expect(lead.get_by_role("checkbox")).not_to_be_checked()
    lead.get_by_role("checkbox").check()
    walker.press("Take the ticked answers")
    expect(walker.page.locator("body")).to_contain_text("answers taken over")
    walker.look()
    tags = walker.page.locator(".tasks").first.locator("li")
    expect(tags.filter(has_text="Not started")).to_have_count(0)
    expect(tags.filter(has_text="In progress")).to_have_count(0)

    walker.follow("Upload a filled form")
    walker.follow("our form.pdf")
    walker.read("Everything that we could read in your file is on the website already.")
    walker.look()
    asked = [one for one in BLUEPRINT.form.fields() if one.answer_codes]
    walker.open(f"{tasks}q/city/")
    walker.read("From a filled form")
    assert {name.partition("-")[0] for name in wanted} <= {
        code for one in asked for code in one.answer_codes
    }


def test_staff_enter_what_came_by_email_and_the_applicant_takes_over(
    site: Site, new_walker: Callable[..., Walker], watch: Watch, tmp_path: Path
) -> None:  # S3-30, S4-37
    watch.expected += ["422", "404"]  # a field is missing; the draft is not theirs any more
    staff, applicant = new_walker(), new_walker()
    cohort = walking.cohort_that_takes_applications(staff, BLUEPRINT)
    staff.follow(cohort, staff.page.locator("#main"), exact=True)
    blank = download_blank(staff, tmp_path).read_bytes()
    with pikepdf.open(BytesIO(blank)) as document:
        assert document.Root.MarkInfo.Marked
    signed = {"_signed_name": "Ruth Adeyemi", "_signed_title": "Director"}
    filled = filled_by_pypdf(blank, boxes(THEIRS) | signed)

    walking.become(staff, "Renata Solis")
    staff.follow(cohort, staff.page.locator("#main"), exact=True)
    staff.follow("Applications", staff.page.locator("#side-nav"))
    staff.follow("Enter from an email")
    staff.look()
    staff.press("Start and go on to the form")
    staff.look()
    staff.page.get_by_label("Name of the organization").fill(THEIRS.name)
    staff.page.get_by_label("Email address of the applicant").fill(BY_EMAIL)
    there = datetime.now(ZoneInfo("America/Chicago"))
    staff.page.get_by_label("Day on which the email came").fill(f"{there:%Y-%m-%d}")
    staff.page.get_by_label("Time at which it came").fill("00:00")
    staff.press("Start and go on to the form")
    staff.heading("Upload a filled form")
    upload(staff, filled)
    staff.look()
    name = staff.page.locator("#take-organization_name")
    expect(name).to_have_count(0)  # the same on both sides
    staff.press("Take the ticked answers")
    tasks = staff.page.url

    letter = site.mail(BY_EMAIL, "We enter your application for you")
    applicant.open_link(letter, "/join/")
    applicant.look()
    applicant.read("Lead applicant, can submit")
    applicant.press("Send me a code")
    letter = site.mail(BY_EMAIL, "your code")
    applicant.page.locator("#id_code").fill(walking.code_in(letter))
    applicant.press("Continue")
    applicant.press("Start working on it")
    applicant.heading(THEIRS.name)
    applicant.look()
    assert applicant.page.url == tasks
    section = BLUEPRINT.form.sections[0]
    applicant.follow(str(section.title), applicant.page.locator(".tasks"))
    expect(applicant.page.get_by_label("City", exact=True)).to_have_value(THEIRS.city)
    assert staff.page.goto(tasks).status == 404  # type: ignore[union-attr]
    site.mail("coordinator@prairie.example", "took over the application you entered")
    assert any(one.kind == Kind.TABLE for one in BLUEPRINT.form.fields())
