"""A coach and a team about one report: feedback, an answer, two scores, a milestone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.walking import Walker, become

pytestmark = pytest.mark.browser

ASKED = "Name the two clinics, please."


def test_a_coach_asks_for_changes_and_the_team_answers(new_walker: Callable[..., Walker]) -> None:
    coach, lead = new_walker(), new_walker()
    become(coach, "Cora Lindqvist")
    coach.follow("Coaching")
    coach.heading("Coaching")
    coach.look()
    coach.follow("Cedar Valley Community Health, Quarter 4")
    coach.heading("Feedback on Quarter 4")
    coach.look()
    box = coach.page.get_by_label("Your feedback: Progress")
    with coach.page.expect_response(lambda answer: "/autosave/" in answer.url and answer.ok):
        box.fill(ASKED)  # it saves itself
    coach.page.reload()
    expect(box).to_have_value(ASKED)
    coach.page.get_by_label("Ask for changes").check()
    coach.press("Save the draft")
    coach.read("You changed this since it was shared.")

    become(lead, "Marcus Okafor")
    lead.follow("Feedback on Quarter 4")
    assert ASKED not in lead.page.content()
    coach.press("Share it again")
    coach.heading("Coaching")
    coach.read("Changes asked for")

    lead.page.reload()
    lead.read(ASKED)
    lead.look()
    lead.page.get_by_label("Your answer").fill("North and Main Street.")
    lead.press("We read the feedback")
    lead.read("North and Main Street.")
    coach.page.reload()
    coach.read("The team answered")

    lead.follow("See the levels")
    lead.heading("How far have we come?")
    lead.read("The coach sees it 1.0 lower than the team.")
    lead.look()
    lead.page.get_by_label("3.5 First gains").check()
    lead.press("Save the score")
    lead.read("Team and coach see it the same way.")

    lead.follow("Home")
    lead.follow("3 of 6 reached")
    lead.heading("Milestones")
    lead.look()
    projects = lead.page.locator("#milestone-projects")
    projects.get_by_text("Say where we are").click()
    projects.get_by_label("Reached").check()
    projects.get_by_label("What shows it?").fill("Two projects, one in daily work.")
    lead.press("Save", projects)
    lead.read("4 of 6 reached")
