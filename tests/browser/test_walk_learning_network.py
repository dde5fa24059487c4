"""A hospital takes part in the Learning Network; a team in its second year reports."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from collaboratives.blueprints.loader import load
from tests.browser import filling, meeting, reporting, signing, walking
from tests.browser.seeing import PHONE
from tests.browser.site import Site
from tests.browser.walking import Walker

pytestmark = pytest.mark.browser

FILES = Path(__file__).resolve().parents[1] / "documents" / "files"
EMAIL = "nadia@prospect.example"
KNOWN = filling.facts("Prospect Heights Hospital", "prospect.example", EMAIL)
# A team of the demo whose report is late, and its senior leader.
REPORTER, LEADER = "peter.novak@lakota.example", "karen.whitebear@lakota.example"
TEAM = "Lakota Plains Health Center"


def photo() -> bytes:
    """As a phone takes it: on its side, with the place in it."""
    image = Image.new("RGB", (1200, 900), "white")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Fairphone"
    exif.get_ifd(0x8825)[1] = "N"
    made = io.BytesIO()
    image.save(made, "JPEG", exif=exif)
    return made.getvalue()


def upload_the_letter(walker: Walker, tasks: str) -> str:
    """First a photo of it; then the real one takes its place. Returns the file's address."""
    walker.open(tasks)
    walker.follow("Letter", walker.page.locator(".tasks"))
    walker.look()
    send(walker, {"name": "IMG_2041.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    walker.follow("Letter", walker.page.locator(".tasks"))
    shown = walker.page.get_by_role("link", name="IMG_2041")
    expect(shown).to_be_visible()
    kept = walker.page.request.get(shown.get_attribute("href") or "").body()
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()
    send(walker, FILES / "letter-libreoffice.pdf")
    walker.follow("Letter", walker.page.locator(".tasks"))
    shown = walker.page.get_by_role("link", name="letter-libreoffice.pdf")
    expect(shown).to_be_visible()
    walker.look()
    return shown.get_attribute("href") or ""


def send(walker: Walker, file: Path | dict[str, object]) -> None:
    """It leads back to the task list."""
    walker.page.locator("input[type=file]").set_input_files(file)
    with walker.page.expect_navigation():
        walker.page.get_by_role("button", name="Upload", exact=True).click()


def expect_a_private_file(guest: Walker, letter: str) -> None:
    """Without signing in there is nothing at that address."""
    answer = guest.page.request.get(letter, max_redirects=0)
    assert answer.status in (302, 404)
    assert b"%PDF" not in answer.body()


def accept_the_letter(staff: Walker) -> None:
    """Beside the answers."""
    letters = staff.page.get_by_role("region", name="Letters and files")
    expect(letters).to_contain_text("letter-libreoffice.pdf")
    for point in letters.get_by_role("checkbox").all():
        point.check()
    staff.press("Accept the letter")
    expect(letters).to_contain_text("Accepted")


def test_a_hospital_walks_the_learning_network(
    site: Site, new_walker: Callable[..., Walker], tmp_path: Path
) -> None:
    blueprint = load("learning-network")
    applicant, staff = new_walker(), new_walker()
    guest = new_walker(PHONE, has_touch=True)

    cohort = walking.cohort_that_takes_applications(applicant, blueprint)
    tasks = walking.start_an_application(applicant, cohort, EMAIL, KNOWN)
    walking.answer_each_section(applicant, tasks, blueprint, KNOWN)
    walking.leave_and_return(applicant, tasks, EMAIL)
    letter = upload_the_letter(applicant, tasks)
    expect_a_private_file(guest, letter)
    walking.check_and_submit(applicant, tasks, KNOWN, EMAIL)

    board = walking.find_in_the_list(staff, cohort, KNOWN.name)
    accept_the_letter(staff)
    walking.admit_and_release(staff, EMAIL)
    team = walking.accept_the_seat(applicant, EMAIL)
    walking.find_everybody_on_the_team(applicant, team, blueprint, KNOWN)

    meeting.plan_the_sessions(staff, board, count=13)
    guests = meeting.guests_of(KNOWN, leaders=True)
    title = meeting.publish_the_first(staff, guests=guests)
    meeting.move_it_to_tomorrow(staff, title, guests=guests)

    signing.write_the_charter(applicant, team, KNOWN)
    signing.ask_for_signatures(applicant)
    signing.sign_by_link(guest, KNOWN)
    kept = signing.watch_the_pdf_being_made(applicant, team, tmp_path)
    signing.expect_a_sound_pdf(applicant.page, kept, blueprint)
    meeting.expect_one_reminder_each(site, guests, title)


def test_a_team_reports_and_its_leader_replies(
    site: Site, new_walker: Callable[..., Walker]
) -> None:
    lead, other, leader = new_walker(), new_walker(), new_walker(PHONE, has_touch=True)

    lead.open("/accounts/start/")
    walking.prove_the_address(lead, REPORTER)
    lead.open("/prairie/")
    lead.follow(TEAM, lead.page.locator("#main"))
    lead.heading(TEAM)
    lead.look()
    team = lead.page.url
    reporting.define_a_measure(lead, team)
    reporting.send_a_file_with_mistakes(lead)
    reporting.send_the_corrected_file(lead, FILES / "measures-libreoffice.csv")
    reporting.note_a_change_tested(lead, team)
    report = reporting.write_and_submit(lead, team)
    reporting.expect_own_numbers_whole(lead, report)

    walking.become(other, "Marcus Okafor")
    other.look()
    reporting.expect_small_numbers_hidden(other, report)

    reporting.reply_on_the_phone(leader, LEADER)
    reporting.read_the_reply(lead, report, REPORTER)
