"""With the keyboard alone, and without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from collaboratives.blueprints.loader import load
from tests.browser import filling, walking
from tests.browser.seeing import PHONE
from tests.browser.walking import Walker

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# Of what has the focus: its name, how large it is, what shows that it has it, and who hides it.
FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  let shown = it;
  const hidden = it.getBoundingClientRect().width < 3;
  if (hidden && it.labels?.length) shown = it.labels[0];
  const box = shown.getBoundingClientRect();
  const style = getComputedStyle(it);
  const worn = [it, ...(it.labels ?? [])].map((one) => getComputedStyle(one));
  const above = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    what: `${it.localName}#${it.id} ${(it.innerText || it.value || it.name || "").slice(0, 40)}`,
    outlined: worn.some((one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 2),
    haloed: worn.some((one) => one.boxShadow !== "none"),
    height: Math.round(box.height),
    covered: above !== null && !shown.contains(above) && !above.contains(shown),
    inline: style.display === "inline",
  };
}"""
MOST_STOPS = 120


def tab_through(page: Page) -> list[str]:
    """What is wrong at each stop from the top of the page to its end."""
    faults, stops = [], []
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None:
            break
        stops.append(at["what"])
        if not (at["outlined"] or at["haloed"]):
            faults.append(f"no visible focus: {at['what']}")
        if at["covered"]:
            faults.append(f"hidden behind something: {at['what']}")
        if at["height"] < 24 and not at["inline"]:
            faults.append(f"only {at['height']} px high: {at['what']}")
    assert 3 < len(stops) < MOST_STOPS, f"{page.url}: no way out, or nothing to reach: {stops}"
    return [f"{page.url}: {fault}" for fault in faults]


def test_signing_in_and_a_section_by_keyboard(new_walker: Callable[..., Walker]) -> None:
    """From the address to a saved answer without touching a mouse."""
    walker = new_walker()
    page = walker.page
    walker.open("/accounts/start/?next=/prairie/applications/")
    walker.faults += tab_through(page)
    page.get_by_label("Email").focus()
    page.keyboard.type("applicant@prairie.example")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    letter = walker.site.mail("applicant@prairie.example", "your code")
    page.locator("#id_code").focus()
    page.keyboard.type(walking.code_in(letter))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    walker.follow("Riverbend Regional Medical Center", page.locator("#main"), exact=True)
    walker.faults += tab_through(page)
    with page.expect_navigation():
        page.locator(".tasks a").first.focus()
        page.keyboard.press("Enter")
    walker.faults += tab_through(page)
    page.get_by_label("City").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Springfield East")
    save = page.get_by_role("button", name="Save and continue")
    save.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.go_back()
    page.reload()
    expect(page.get_by_label("City")).to_have_value("Springfield East")


def test_applying_without_script(new_walker: Callable[..., Walker]) -> None:
    """Start, two sections, a row added: each by plain forms."""
    blueprint, email = load("progress-report-ian"), "una@quiet.example"
    known = filling.facts("Quiet River Hospital", "quiet.example", email)
    walker = new_walker(java_script_enabled=False)
    cohort = walking.cohort_that_takes_applications(walker, blueprint)
    walker.open("/prairie/")
    walker.follow(cohort, walker.page.locator("#main"), exact=True)
    walker.follow("Start application")
    walking.prove_the_address(walker, email)
    walker.page.get_by_label("Name of your organization").fill(known.name)
    walker.page.get_by_label("Your role there").fill("Quality director")
    walker.press("Start")
    tasks = walker.page.url
    sections = [one for one in blueprint.form.sections if one.code in ("organization", "team")]
    walker.follow(str(sections[0].title), walker.page.locator(".tasks"))
    for section in sections:
        filling.fill(walker.page, blueprint.form, section, known, script=False)
        walker.press("Save and continue")
    walker.open(f"{tasks}s/team/")
    filling.expect_filled(walker.page, blueprint.form, sections[1], known)


def test_replying_by_keyboard_and_without_script(new_walker: Callable[..., Walker]) -> None:
    """By a link of the demo that nobody has answered by."""
    walker = new_walker(PHONE)
    walker.open("/demo/")
    offered = walker.page.locator("a[href*='/r/reply/']").all()
    for link in [one.get_attribute("href") or "" for one in offered]:
        walker.open(link)
        if walker.page.get_by_role("textbox", name="Your reflection").count():
            break
    walker.faults += tab_through(walker.page)
    plain = new_walker(PHONE, java_script_enabled=False)
    plain.open(link)
    plain.page.get_by_role("textbox", name="Your reflection").fill(
        "I will come to the next meeting."
    )
    plain.press("Send reply")
    plain.heading("Your reply is sent")
