"""With the keyboard alone, and without script."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collaboratives.blueprints.loader import load
from tests.browser import filling, walking
from tests.browser.keyboard import Keys, sections_of, tab_through
from tests.browser.replying import LEADER, asked_anew, at_riverbend
from tests.browser.seeing import PHONE
from tests.browser.walking import Walker

pytestmark = pytest.mark.browser

LETTER = Path(__file__).resolve().parents[1] / "documents" / "files" / "letter-libreoffice.pdf"
FILM = "https://youtu.be/dQw4w9WgXcQ"
SIGNS = "opal.reyes@kestrel.example"


def label(blueprint: Any, code: str) -> str:
    return str(blueprint.form.by_code[code].label)


def expect_a_receipt(walker: Walker, tasks: str, email: str) -> None:
    walker.heading("We have your application")
    reference = tasks.rstrip("/").rpartition("/")[2]
    walker.read(reference)
    assert reference in walker.site.mail(email, "We have your application")["text"]


def test_the_action_community_by_keyboard_from_start_to_receipt(
    new_walker: Callable[..., Walker],
) -> None:
    """No mouse is touched, and at each stop one sees where one is."""
    blueprint, email = load("action-community"), "kit@kestrel.example"
    known = filling.facts("Kestrel Hills Hospital", "kestrel.example", email)
    walker = new_walker()
    keys = Keys(walker)
    cohort = walking.cohort_that_takes_applications(walker, blueprint)
    keys.follow(cohort)
    keys.follow("Start application")
    walker.heading("Your email address")
    keys.write("email", email)
    keys.press("Send me a code")
    keys.write("code", walking.code_in(walker.site.mail(email, "your code")))
    keys.press("Continue")
    keys.write("organization_name", known.name)
    keys.write("job", "Quality director")
    keys.press("Start")
    walker.heading(known.name)
    tasks, sections = walker.page.url, sections_of(blueprint)
    keys.follow(str(sections[0].title))
    for section in sections:
        walker.heading(str(section.title))
        keys.fill(blueprint.form, section, known)
        keys.press("Save and continue")
    walker.heading(known.name)
    keys.follow(label(blueprint, "team_video"))
    keys.write("link", FILM)
    keys.press("Save the link")
    walker.open(tasks)
    keys.follow(label(blueprint, "ceo_letter"))
    keys.upload(LETTER)
    keys.press("Upload")
    keys.follow(label(blueprint, "board_letter"))
    keys.write("name", "Opal Reyes")
    keys.write("email", SIGNS)
    keys.press("Email the link")
    walker.site.mail(SIGNS)
    walker.open(tasks)
    keys.follow("Check and submit")
    walker.heading("Check your answers")
    keys.follow("Continue to submit")
    keys.write("signed_name", "Nadia Brooks")
    keys.write("signed_title", "Quality director")
    keys.tick("agree")
    keys.press("Submit application")
    walker.heading("We have your application")
    expect_a_receipt(walker, tasks, email)


def test_the_action_community_without_script_from_start_to_receipt(
    new_walker: Callable[..., Walker],
) -> None:
    """By plain forms and links, on a phone."""
    blueprint, email = load("action-community"), "una@quiet.example"
    known = filling.facts("Quiet River Hospital", "quiet.example", email)
    walker = new_walker(PHONE, java_script_enabled=False)
    page = walker.page
    cohort = walking.cohort_that_takes_applications(walker, blueprint)
    walker.follow(cohort, page.locator("#main"), exact=True)
    walker.follow("Start application")
    walking.prove_the_address(walker, email)
    page.get_by_label("Name of your organization").fill(known.name)
    page.get_by_label("Your role there").fill("Quality director")
    walker.press("Start")
    tasks, sections = page.url, sections_of(blueprint)
    for section in sections:
        answer_without_script(walker, tasks, blueprint.form, section, known)
    walker.open(f"{tasks}s/team/")
    filling.expect_filled(page, blueprint.form, blueprint.form.section("team"), known)
    walker.open(tasks)
    beside = page.locator(".tasks")
    walker.follow(label(blueprint, "team_video"), beside, exact=True)
    page.get_by_label("Link to your video").fill(FILM)
    walker.press("Save the link")
    walker.open(tasks)
    walker.follow(label(blueprint, "ceo_letter"), beside, exact=True)
    page.locator("input[type=file]").set_input_files(LETTER)
    walker.press("Upload")
    walker.follow(label(blueprint, "board_letter"), beside, exact=True)
    page.get_by_label("Name of the person who signs").fill("Opal Reyes")
    page.get_by_label("Email address").fill("opal.reyes@quiet.example")
    walker.press("Email the link")
    walker.open(tasks)
    walker.follow("Check and submit")
    walker.follow("Continue to submit")
    page.get_by_label("Your full name").fill("Nadia Brooks")
    page.get_by_label("Your role").fill("Quality director")
    page.get_by_label("I agree with this statement").check()
    walker.press("Submit application")
    expect_a_receipt(walker, tasks, email)


def answer_without_script(
    walker: Walker, tasks: str, form: Any, section: Any, known: filling.Facts
) -> None:
    """An answer that brings further questions shows them once it is saved."""
    controls, asked = walker.page.locator("#fields [name]"), -1
    walker.open(f"{tasks}s/{section.code}/")
    while asked < controls.count():
        asked = controls.count()
        filling.fill(walker.page, form, section, known, script=False)
        walker.press("Save and go back to the list")
        walker.follow(str(section.title), walker.page.locator(".tasks"), exact=True)


def test_replying_by_keyboard_and_without_script(new_walker: Callable[..., Walker]) -> None:
    """By a link of its own, so that no other test has answered by it."""
    lead, walker = new_walker(), new_walker(PHONE)
    link = asked_anew(lead, at_riverbend(lead), LEADER)
    walker.open(link)
    walker.faults += tab_through(walker.page)
    plain = new_walker(PHONE, java_script_enabled=False)
    plain.open(link)
    plain.page.get_by_role("textbox", name="Your reflection").fill(
        "I will come to the next meeting."
    )
    plain.press("Send reply")
    plain.heading("Your reply is sent")
