"""Two people in one section: whatever happens to the network, the login, the tab or the server,
every word typed is an answer or in the history, and whoever has a conflict is shown it."""

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.hands import SAID_BY_BROWSER, SAVED, account_for, changes, open_section, texts_on
from tests.browser.site import Site
from tests.browser.walking import Walker, become

pytestmark = pytest.mark.browser

DANA, THEO = "Dana Whitfield", "Theo Brandt"


@pytest.fixture
def open_by(new_walker: Callable[..., Walker], watch: Any) -> Callable[[str], Any]:
    watch.expected += SAID_BY_BROWSER
    return lambda name: open_section(new_walker, name)


def work_together(site: Site, open_by: Any, *, edits: int, restarts: int, seed: int) -> None:
    """Two browsers, `edits` by each, with pauses, reloads and restarts at times of a seed."""
    rng = random.Random(seed)
    hands = [open_by(DANA), open_by(THEO)]
    codes = texts_on(hands[0].page)[:3]
    assert len(codes) == 3
    before = {row["id"] for row in changes(site, hands[0].page, codes)}
    turns = [0, 1] * edits
    rng.shuffle(turns)
    restart_at = {len(turns) * (n + 1) // (restarts + 1) for n in range(restarts)}

    def edit(turn: int) -> None:
        hand, code = hands[turns[turn]], rng.choice(codes)
        if rng.random() < 0.8:  # the others write on beside the two versions
            hand.settle(code, rng)
        hand.type(code, f"{hand.name} wrote sentence {turn} here.")

    for turn in range(len(turns)):
        if turn in restart_at:
            with site.web_away(killed=rng.random() < 0.6):
                hands[0].page.wait_for_timeout(rng.randint(0, 2500))
        edit(turn)
        pause = rng.random()
        if pause < 0.5:
            hands[turns[turn]].page.wait_for_timeout(rng.randint(0, 250))
        elif pause > 0.93:
            hands[turns[turn]].reload()
    end(hands, codes, rng)
    made = [row for row in changes(site, hands[0].page, codes) if row["id"] not in before]
    account_for(hands, codes, made)
    assert sum(len(hand.shown) for hand in hands) > edits / 20  # they did meet
    for code in codes:
        standing = [row["value"] for row in made if row["field"] == code and row["kept"]][-1]
        for hand in hands:
            assert hand.given_up.get(code) != standing
            expect(hand.box(code)).to_have_value(standing)


def end(hands: list[Any], codes: list[str], rng: random.Random) -> None:
    """Both come to an end: no conflict is open, all is saved, and both see the same."""
    for _round in range(4):
        for hand in hands:
            hand.page.wait_for_timeout(500)
            hand.settle_all(codes, rng)
    for hand in hands:
        hand.wait_until_saved()
    for hand in hands:
        hand.reload()
        hand.settle_all(codes, rng)
        hand.wait_until_saved()
    for hand in hands:
        hand.reload()
        expect(hand.page.locator(".conflict")).to_have_count(0)


def test_two_people_in_one_section_lose_nothing(site: Site, open_by: Any) -> None:
    work_together(site, open_by, edits=25, restarts=1, seed=7)


@pytest.mark.soak
def test_two_people_lose_nothing_with_fifty_edits_each(site: Site, open_by: Any) -> None:
    work_together(site, open_by, edits=50, restarts=1, seed=7)


@pytest.mark.soak
def test_two_people_lose_nothing_for_long(site: Site, open_by: Any) -> None:
    work_together(site, open_by, edits=500, restarts=3, seed=11)


def last_answer(site: Site, hand: Any, code: str) -> str:
    return [row["value"] for row in changes(site, hand.page, [code]) if row["kept"]][-1]


def test_a_server_that_is_away_is_said_and_what_was_typed_is_saved_when_it_is_back(
    site: Site, open_by: Any
) -> None:
    hand = open_by(DANA)
    code = texts_on(hand.page)[0]
    hand.take(code)
    with site.web_away(killed=True):
        hand.type(code, "Typed while the server was away.")
        line = hand.page.locator("#saved-line")
        expect(line).to_contain_text("Not saved. Trying again.")
    hand.wait_until_saved()
    assert last_answer(site, hand, code) == "Typed while the server was away."


def test_a_login_that_ended_keeps_the_text_and_goes_on_after_signing_in(
    site: Site, open_by: Any, watch: Any
) -> None:
    hand = open_by(DANA)
    code = texts_on(hand.page)[0]
    hand.take(code)
    hand.page.context.clear_cookies()
    watch.expected.append("403")
    hand.type(code, "Typed after the login had ended.")
    expect(hand.page.get_by_role("dialog")).to_contain_text("Your text is safe")
    again = Walker(site, watch.look_at(hand.page.context.new_page()), watch.faults)
    become(again, DANA)
    again.page.close()
    hand.page.bring_to_front()
    hand.page.evaluate("window.dispatchEvent(new Event('focus'))")
    hand.wait_until_saved()
    assert last_answer(site, hand, code) == "Typed after the login had ended."


def test_a_closed_tab_loses_nothing(site: Site, open_by: Any, watch: Any) -> None:
    hand = open_by(DANA)
    code = texts_on(hand.page)[0]
    hand.take(code)
    context, text = hand.page.context, "Typed, and the tab was closed at once."
    hand.box(code).fill(text)  # no pause, no leaving the box
    path = hand.page.url
    hand.page.close(run_before_unload=False)
    again = watch.look_at(context.new_page())
    again.goto(path)
    expect(again.locator(f"#q-{code}")).to_have_value(text)


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(site: Site, open_by: Any) -> None:
    hand = open_by(DANA)
    code = texts_on(hand.page)[0]
    hand.take(code)
    arrived: list[int] = []

    def lose_the_answer(route: Route) -> None:
        if not arrived:
            arrived.append(route.fetch().status)
        route.abort()

    hand.page.route("**/autosave/", lose_the_answer)
    hand.type(code, "A first sentence.")
    expect(hand.page.locator("#saved-line")).to_contain_text("Not saved.")
    hand.type(code, "A first sentence. A second one.")
    hand.page.reload()
    hand.page.unroute("**/autosave/")
    hand.wait_until_saved()
    assert (arrived, hand.shown) == ([200], [])
    assert last_answer(site, hand, code) == "A first sentence. A second one."


def test_a_save_that_arrives_late_does_not_undo_a_newer_one(site: Site, open_by: Any) -> None:
    """Sent as the page went away, and overtaken by what the next page sent."""
    hand = open_by(DANA)
    code = texts_on(hand.page)[0]
    hand.take(code)
    late: list[tuple[str, str]] = []

    def hold(route: Route) -> None:
        late.append((route.request.url, route.request.post_data or ""))
        route.abort()

    hand.page.route("**/autosave/", hold)
    hand.type(code, "An earlier sentence.")
    expect(hand.page.locator("#saved-line")).to_contain_text("Not saved.")
    hand.page.unroute("**/autosave/")
    hand.page.reload()
    hand.wait_until_saved()
    hand.type(code, "A later sentence.")
    hand.wait_until_saved()
    url, body = late[0]
    as_form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    assert hand.page.request.post(url, headers=as_form, data=body).status == 200
    assert last_answer(site, hand, code) == "A later sentence."


REFRESH = "document.dispatchEvent(new CustomEvent('closer:refresh'))"


def test_a_page_that_was_fetched_before_a_save_does_not_take_it_back(
    site: Site, open_by: Any
) -> None:
    """The questions are fetched again when somebody pauses; that page may come late."""
    hand = open_by(DANA)
    code = texts_on(hand.page)[0]
    hand.take(code)
    held: list[tuple[Route, str]] = []

    def hold(route: Route) -> None:
        held.append((route, route.fetch().text()))

    address = re.split("[?#]", hand.page.url)[0]
    here = re.compile(re.escape(address) + r"(\?.*)?$")
    hand.page.route(here, hold)
    with hand.page.expect_request(here):
        hand.page.evaluate(REFRESH)
    for _ in range(300):
        if not held:
            hand.page.wait_for_timeout(100)
    assert held
    hand.type(code, "Saved while the page was on its way.")
    hand.wait_until_saved()
    revision = hand.question(code).get_attribute("data-rev")
    route, body = held[0]
    route.fulfill(body=body, content_type="text/html")
    hand.page.unroute(here)
    hand.page.wait_for_timeout(300)
    expect(hand.box(code)).to_have_value("Saved while the page was on its way.")
    expect(hand.question(code)).to_have_attribute("data-rev", str(revision))


def test_two_versions_that_are_shown_stay_until_one_is_chosen(site: Site, open_by: Any) -> None:
    first, second = open_by(DANA), open_by(THEO)
    code = texts_on(first.page)[1]
    first.take(code)
    second.take(code)
    first.type(code, "Dana came before.")
    first.wait_until_saved()
    second.type(code, "Theo tries, and gives way.")
    block = second.question(code).locator(".conflict")
    block.get_by_role("button", name="Keep theirs").click()
    expect(second.page.locator("#saved-line")).to_contain_text(SAVED)
    first.type(code, "Dana was first.")
    first.wait_until_saved()
    second.type(code, "Theo did not see it.")
    expect(block.locator("blockquote")).to_have_text("Dana was first.")
    with second.page.expect_response(lambda one: one.request.method == "GET"):
        second.page.evaluate(REFRESH)
    second.page.wait_for_timeout(200)
    expect(second.box(code)).to_have_value("Theo did not see it.")
    second.box(code).fill("Theo writes on.")  # beside the two versions
    block.get_by_role("button", name="Edit together").click()
    expect(second.box(code)).to_have_value("Dana was first.\n\nTheo writes on.")
    second.wait_until_saved()
    assert last_answer(site, second, code) == "Dana was first.\n\nTheo writes on."


def test_words_that_somebody_replaced_do_not_come_back_by_going_back(
    site: Site, open_by: Any
) -> None:
    """A browser fills a page that it opens again with what stood in its boxes before."""
    first = open_by(DANA)
    code = texts_on(first.page)[2]
    first.type(code, "An older sentence, saved by Dana.")
    first.wait_until_saved()
    first.walker.follow("Back to the task list")
    second = open_by(THEO)
    second.type(code, "A newer sentence, saved by Theo.")
    second.wait_until_saved()
    first.page.go_back()
    expect(first.box(code)).to_have_value("A newer sentence, saved by Theo.")
    first.page.wait_for_timeout(300)
    first.wait_until_saved()
    assert last_answer(site, first, code) == "A newer sentence, saved by Theo."


def test_a_text_in_which_somebody_types_opens_to_be_read_and_can_be_taken_over(
    site: Site, open_by: Any
) -> None:
    first = open_by(THEO)
    code = texts_on(first.page)[1]
    first.type(code, "Theo is in the middle of a")
    first.wait_until_saved()
    second = open_by(DANA)
    expect(second.box(code)).not_to_be_editable()
    held = second.question(code).locator(".held")
    expect(held).to_contain_text("Theo Brandt is typing here.")
    expect(second.page.locator("presence-bar")).to_contain_text("Theo Brandt is here too")
    second.walker.look()
    with second.page.expect_response("**/here/"):  # it hears again who types
        held.get_by_role("link").click()
    second.page.wait_for_timeout(200)
    expect(second.box(code)).to_be_editable()
    expect(second.box(code)).to_have_value("Theo is in the middle of a")
