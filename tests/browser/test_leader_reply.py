"""A senior leader answers from a phone, by a link, whatever happens meanwhile."""

from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Page, Request, expect

from tests.browser import replying
from tests.browser.conftest import Watch
from tests.browser.replying import LEADER, Thumb, asked_anew, at_riverbend, link_to
from tests.browser.seeing import PHONE
from tests.browser.site import Site
from tests.browser.walking import Walker

pytestmark = pytest.mark.browser

GONE = ["status of 404", "status of 409", "status of 410"]


def test_a_mail_scanner_changes_nothing_in_a_hundred_tries(
    site: Site, new_walker: Callable[..., Walker], new_page: Callable[..., Page]
) -> None:
    """HEAD, GET, and a browser that runs scripts, moves about and never presses."""
    lead = new_walker()
    link = asked_anew(lead, at_riverbend(lead), LEADER)
    before = replying.everything(site)
    scanner = new_page(PHONE)
    for _ in range(60):
        assert scanner.request.head(link).status == 200
    for _ in range(4):  # the addresses of a mail are followed so often in a minute
        assert scanner.request.get(link).status == 200
    for _ in range(4):
        look_around(new_page(PHONE), link)
    scanner.goto(link)
    for _ in range(32):
        look_around(scanner, scanner.url)
    assert replying.everything(site) == before
    scanner.get_by_label("Yes, I will do this").first.check()  # the first press does
    site.until(lambda: replying.everything(site) != before, seconds=15)


def look_around(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer and answer.status == 200
    page.get_by_role("button", name="Send reply").focus()
    page.get_by_role("button", name="Send reply").hover()
    page.mouse.wheel(0, 2000)


def test_a_leader_replies_from_a_phone_in_under_ten_actions(
    site: Site, new_walker: Callable[..., Walker], watch: Watch
) -> None:
    """S1-18. Then the same press again, a change, and what the team makes of it."""
    lead, leader = new_walker(), new_walker(PHONE, has_touch=True)
    team = at_riverbend(lead)
    link = asked_anew(lead, team, LEADER)
    page, thumb = leader.page, Thumb(leader.page)
    page.goto(link)
    thumb.actions += 1
    leader.look()
    brief = page.locator(".brief").bounding_box()
    assert brief and brief["y"] + brief["height"] <= 844  # on one phone screen
    assert page.locator(".brief svg[role=img]").count() == 1
    thumb.press(page.get_by_label("Yes, I will do this").first)
    thumb.write(page.get_by_label("By when?").first, "2027-03-01")
    thumb.press(page.get_by_label("Let’s talk first").nth(1))
    thumb.write(page.get_by_role("textbox", name="Your reflection"), "I will fund the posts.")
    leader.look()
    expect(page.locator("#saved-line")).to_contain_text("All changes saved", timeout=15_000)
    second = page.context.new_page()
    second.goto(link)
    with page.expect_request(is_a_form) as pressed, page.expect_navigation():
        thumb.press(page.get_by_role("button", name="Send reply"))
    leader.heading("Your reply is sent")
    leader.look()
    assert thumb.actions < 10
    for words in ("Yes, I will do this", "Let’s talk first", "March 1, 2027"):
        leader.read(words)

    sent = replying.everything(site)
    for _ in range(5):
        again = press_again(page, pressed.value)
        assert "Your reply is sent" in again.text()
    with second.expect_navigation():
        second.get_by_role("button", name="Send reply").click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("Your reply is sent")
    page.goto(link)
    leader.heading("Your reply is sent")
    assert replying.everything(site) == sent

    leader.follow("Change my reply")
    type_and_wait(page, "I will fund three posts.")
    page.goto(link)
    leader.read("You have typed something since that is not sent.")
    leader.read("I will fund the posts.")
    leader.follow("Change my reply")
    leader.press("Send the changed reply")
    leader.read("I will fund three posts.")

    lead.open(replying.latest_report(lead, team))
    lead.read("I will fund three posts.")
    lead.look()
    lead.press("We read the reply")
    site.mail(LEADER, "has read your reply")
    lead.follow("Follow what our leader said yes to")
    lead.look()
    first = lead.page.locator(".commitments > li").filter(has_text="March 1, 2027").first
    lead.press("Mark as done", first)
    done = lead.page.locator(".commitments > li").filter(has_text="Not done after all").first
    expect(done).to_contain_text("Done")
    page.reload()
    leader.read("Your team has read it.")
    leader.read("Done")


def type_and_wait(page: Page, words: str) -> None:
    """Until the page has saved itself."""
    with page.expect_response(lambda answer: "/autosave/" in answer.url and answer.ok):
        page.get_by_role("textbox", name="Your reflection").fill(words)


def is_a_form(request: Request) -> bool:
    return request.method == "POST" and "autosave" not in request.url


def press_again(page: Page, request: Request) -> APIResponse:
    """The very same request, as a browser sends it that is asked to load the page again."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": request.url}
    return page.request.post(request.url, data=request.post_data or "", headers=headers)


def test_reopened_while_the_leader_writes_then_late(
    site: Site, new_walker: Callable[..., Walker], watch: Watch
) -> None:
    watch.expected += GONE
    lead, leader = new_walker(), new_walker(PHONE, has_touch=True)
    team = at_riverbend(lead)
    link = asked_anew(lead, team, LEADER)
    page = leader.page
    page.goto(link)
    type_and_wait(page, "Half a thought.")

    # Reopened: the link ends, and what was typed waits in the next version's reply.
    report = replying.latest_report(lead, team)
    replying.write_on(lead, report)
    answer = page.goto(link)
    assert answer and answer.status == 404
    leader.look()
    before = len(site.mails(LEADER, "reply to the"))
    replying.submit(lead)
    site.until(lambda: len(site.mails(LEADER, "reply to the")) > before, seconds=30)
    link = link_to(site, LEADER, "reply to the")
    page.goto(link)
    expect(page.get_by_role("textbox", name="Your reflection")).to_have_value("Half a thought.")

    # Late: the link has run out, the leader asks for a new one and replies all the same.
    past = "UPDATE reporting_leaderreply SET asked_at = asked_at - interval '40 days', "
    past += "due_at = due_at - interval '40 days' WHERE state = 'draft' AND email = %s"
    replying.rows(site, past, LEADER)
    ended = "UPDATE tenancy_link SET expires_at = now() - interval '1 hour' WHERE email = %s"
    replying.rows(site, f"{ended} AND kind = 'reply' AND revoked_at IS NULL", LEADER)
    answer = page.goto(link)
    assert answer and answer.status == 410
    leader.heading("This link has expired")
    leader.look()
    leader.press("Email me a new one")
    page.goto(link_to(site, LEADER, "your link to reply"))
    expect(page.get_by_role("textbox", name="Your reflection")).to_have_value("Half a thought.")
    leader.press("Send reply")
    leader.heading("Your reply is sent")
    lead.open(report)
    lead.read("Half a thought.")
