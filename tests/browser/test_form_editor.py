"""A coordinator without any training changes a form; an applicant finds it on her draft."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from collaboratives.blueprints.loader import load
from tests.browser import walking
from tests.browser.seeing import PHONE
from tests.browser.site import Site
from tests.browser.walking import Walker

pytestmark = pytest.mark.browser


def told(walker: Walker, words: str) -> None:
    """The message above the page."""
    expect(walker.page.locator("body")).to_contain_text(words)


def save(walker: Walker) -> None:
    walker.look()
    walker.press("Save question")
    walker.heading("Application form")


def reword(walker: Walker, question: str, english: str, spanish: str) -> None:
    walker.follow(question, walker.page.locator("#main"), exact=True)
    walker.page.get_by_label("Question, in English").fill(english)
    walker.page.get_by_label("Question, in Spanish").fill(spanish)
    save(walker)


def add_a_choice(walker: Walker, section: str) -> None:
    walker.follow(re.compile(rf"^Add a question ?: {section}$"))
    walker.heading("How do you want to ask?")
    walker.look()
    walker.follow("One choice from a list")
    walker.page.get_by_label("Question, in English").fill("How did you hear of us?")
    walker.page.get_by_label("Question, in Spanish").fill("¿Cómo supo de nosotros?")
    for number, (english, spanish) in enumerate([("A friend", "Un amigo"), ("Email", "Correo")]):
        answer = walker.page.get_by_role("group", name=f"Answer {number + 1}", exact=True)
        answer.get_by_label("English").fill(english)
        answer.get_by_label("Spanish").fill(spanish)
    save(walker)


def delete(walker: Walker, question: str) -> None:
    walker.follow(re.compile(rf"^Delete ?: {question}$"))
    walker.heading(f"Delete “{question}”?")
    walker.look()
    walker.press("Delete")
    told(walker, "Deleted. Undo brings it back.")


@pytest.fixture
def put_back(site: Site) -> Iterator[list[str]]:
    """Names of cohorts whose form is put back after the test, however it ended."""
    cohorts: list[str] = []
    yield cohorts
    for name in cohorts:
        words = f"from tests.browser.editing import publish_as_shipped as again; again({name!r})"
        site.wait(site.manage("shell", "-c", words, env=site.environment("DATABASE_URL")))


def test_a_coordinator_copies_a_form_changes_five_questions_and_publishes(
    new_walker: Callable[..., Walker], put_back: list[str]
) -> None:
    staff, applicant = new_walker(), new_walker()
    walking.become(staff, "Renata Solis")
    cohort = walking.cohort_that_takes_applications(staff, load("learning-network"))
    put_back.append(cohort)
    staff.open("/prairie/staff/")
    staff.follow(cohort, staff.page.locator("#main"), exact=True)
    staff.follow("Application form")
    staff.look()
    staff.follow("Start from another form")
    staff.look()
    staff.page.get_by_role("radio", name=re.compile(r"^Learning Network \(As it")).check()
    staff.press("Copy this form")
    told(staff, "The form now begins as a copy of “Learning Network”.")
    staff.look()

    reword(staff, "City", "Town or city", "Pueblo o ciudad")  # one
    delete(staff, "ZIP code")  # two
    add_a_choice(staff, "Your organization")  # three
    staff.follow("How many staffed beds?", exact=True)  # four
    staff.page.get_by_label("Must be answered before the application is sent").check()
    save(staff)
    staff.press("Move down: Town or city", staff.page.locator("#main"))  # five
    staff.follow("Try it as an applicant")
    staff.read("Town or city")
    staff.look()
    staff.follow("Phone", exact=True)
    staff.look()
    staff.follow("Application form", staff.page.get_by_role("navigation", name="Breadcrumb"))
    staff.follow("Check and publish")
    expect(staff.page.locator("#form-impact")).to_contain_text("begun and not sent")
    staff.read("reworded")
    staff.look()
    staff.press("Publish this form")
    told(staff, "is published. Applicants see it from now on.")
    staff.look()

    walking.become(applicant, "Dana Whitfield")
    applicant.open("/prairie/applications/")
    applicant.page.locator("#main a[href*='/applications/LN27-']").first.click()
    applicant.read("The form has changed")
    applicant.read("1 question is new.")
    applicant.read("1 question is gone; your answer to it is kept in the history.")
    applicant.look()
    applicant.follow("See what changed")
    applicant.read("How did you hear of us?")
    applicant.look()
    applicant.follow("How did you hear of us?")
    expect(applicant.page.get_by_label("Town or city")).not_to_have_value("")
    applicant.read("A friend")


def test_a_question_is_changed_without_script_on_a_phone(
    new_walker: Callable[..., Walker], watch: Any
) -> None:
    watch.expected.append("422")
    staff = new_walker(PHONE, java_script_enabled=False)
    walking.become(staff, "Renata Solis")
    cohort = walking.cohort_that_takes_applications(staff, load("action-community"))
    staff.open("/prairie/staff/")
    staff.follow(cohort, staff.page.locator("#main"), exact=True)
    staff.follow("Settings", staff.page.locator("#main"))
    staff.follow("Change the application form")
    staff.press("Change this form")
    staff.follow("City", staff.page.locator("#main"), exact=True)
    staff.page.get_by_label("Question, in English").fill("")
    staff.page.get_by_label("Question, in Spanish").fill("")
    staff.press("Save question")
    staff.read("Write it in one language at least.")
    staff.page.get_by_label("Question, in English").fill("Town")
    staff.press("Save question")
    staff.read("Spanish words are missing.")
    staff.press("Undo the last change")
    told(staff, "The last change is taken back.")
