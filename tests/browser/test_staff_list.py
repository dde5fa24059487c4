"""The staff's list by keys and by its address; and, without script at 320 px, scoring."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser.walking import Walker, become

pytestmark = pytest.mark.browser

LIST = f"/prairie/staff/p/learning-network-{date.today().year + 1}/applications/"
NARROW = 320


def test_the_address_holds_the_list_and_single_keys_move_in_it(
    new_walker: Callable[..., Walker],
) -> None:
    """Chips, columns and filters stay in the address; J, K and X, which can be switched off."""
    walker = new_walker()
    become(walker, "Renata Solis")
    page, keys = walker.page, walker.page.keyboard
    walker.open(f"{LIST}?stage=released&state=IL,IA,MO&columns=stage,email")
    heads = page.get_by_role("columnheader").all_inner_texts()
    assert [one.strip() for one in heads if one.strip()] == [
        "Organization",
        "Stage",
        "Lead's email",
    ]
    walker.look()
    keys.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.locator("h1").click()
    for _row in range(2):
        keys.press("j")
        keys.press("x")
    expect(page.locator("[data-bulk]")).to_contain_text("2 selected")
    walker.press("Begin the review")
    walker.read("0 of 2 done.")
    walker.follow("Back to the list")
    expect(page).to_have_url(
        re.compile(r"state=IL%2CIA%2CMO&stage=released.*columns=stage%2Cemail")
    )
    chips = page.locator(".chip")
    before = chips.count()
    with page.expect_navigation():
        chips.first.get_by_role("link").click()
    expect(chips).to_have_count(before - 1)
    walker.follow("Read next")
    first = page.url
    page.wait_for_function("() => Boolean(customElements.get('read-keys'))")
    with page.expect_navigation():
        keys.press("j")
    assert page.url != first
    page.wait_for_function("() => Boolean(customElements.get('read-keys'))")
    with page.expect_navigation():
        keys.press("k")
    expect(page).to_have_url(first)
    own = first.partition("/read/")[0].removeprefix(walker.site.url)
    pages = ["written/", "write/?everybody=1&view=to_decide"]
    for path in [LIST + one for one in pages] + [f"{own}/conflicts/", f"{own}/log/"]:
        walker.open(path)
        walker.look()
    walker.open(LIST)
    page.get_by_role("button", name="Use these keys").click()
    keys.press("j")
    expect(page.locator("tr[data-current]")).to_have_count(0)


def test_a_saved_view_and_scores_without_script_on_a_small_screen(
    new_walker: Callable[..., Walker],
) -> None:
    staff = new_walker(NARROW, java_script_enabled=False)
    become(staff, "Renata Solis")
    staff.open(f"{LIST}views/?state=NE")
    staff.page.get_by_label("Name of the view").fill("Nebraska")
    staff.press("Save this view")
    staff.follow("Nebraska", staff.page.locator(".views"))
    staff.read("State is NE")
    expect(staff.page.get_by_role("row").filter(has_text="St. Brigid")).to_have_count(1)

    reader = new_walker(NARROW, java_script_enabled=False)
    become(reader, "Ravi Anand")
    reader.open(f"{LIST}next/")
    page = reader.page
    if page.get_by_label("No, I can read it fairly").count():
        page.get_by_label("No, I can read it fairly").check()
        reader.press("Save my answer")
    needs, has = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert needs <= has, f"{page.url} is {needs} wide"
    scores = page.locator(".score-line")
    for line in scores.all():
        line.get_by_text("3", exact=True).click()
    page.get_by_label("In all").fill("Honest about what is missing.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("body")).to_contain_text("Your scores are saved.")
    expect(page.locator(".score-line input:checked")).to_have_count(scores.count())
    expect(page.get_by_label("In all")).to_have_value("Honest about what is missing.")
