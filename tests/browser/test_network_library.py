"""What one team learned reaches another, and then everybody."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.seeing import PHONE
from tests.browser.walking import Walker, become

pytestmark = pytest.mark.browser

TITLE = "Blood pressure checks at the barber shop"


def test_a_team_finds_asks_and_begins_from_what_another_learned(
    new_walker: Callable[..., Walker],
) -> None:
    """S3-22, S1-34. On a phone; then the host says its yes, and a visitor reads."""
    lead, host, visitor = new_walker(PHONE, has_touch=True), new_walker(), new_walker(PHONE)
    become(lead, "Marcus Okafor")
    lead.open("/prairie/library/")
    lead.look()
    lead.page.get_by_label("Search what was tried and learned").fill("barbers")
    lead.page.get_by_label("Result").select_option(label="Adopted")
    lead.press("Search", lead.page.get_by_role("search"))
    assert "q=barbers" in lead.page.url and "result=adopt" in lead.page.url
    expect(lead.page.locator("[id^=item-]")).to_have_count(1)
    lead.follow(TITLE)
    item = lead.page.url.partition("?")[0]
    lead.look()
    lead.page.get_by_label("Your question or comment").fill("Who took the blood pressure?")
    lead.press("Post")
    expect(lead.page).to_have_url(re.compile("#comment-"))
    lead.read("Who took the blood pressure?")

    assert "/accounts/login/" in visitor.page.goto(item).url
    become(host, "Renata Solis")
    host.open("/prairie/library/")
    host.follow(TITLE, host.page.get_by_role("region", name="Waiting for your yes"))
    host.look()
    host.press("Yes, make it public")
    visitor.page.goto(item)
    visitor.heading(TITLE)
    expect(visitor.page.get_by_text("Who took the blood pressure?")).to_have_count(0)
    visitor.look()

    lead.open(item)
    lead.press("Start from this change")
    lead.heading(TITLE)
    lead.read(f"Adapted from: {TITLE}")
    lead.look()
    for walker in (lead, host, visitor):
        assert walker.faults == []
