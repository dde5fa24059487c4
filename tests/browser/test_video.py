"""A film that is interrupted goes on where it stopped, and is watched."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.seeing import PHONE
from tests.browser.walking import Walker, become
from tests.documents import movies

pytestmark = pytest.mark.browser

LENGTH = 9_000_000


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "Our team.mp4"
    path.write_bytes(movies.mp4(size=LENGTH))
    return path


def to_the_video(walker: Walker) -> str:
    """Dana's draft for the Action Community; the first time it is begun. Gives the address."""
    become(walker, "Dana Whitfield")
    walker.open("/prairie/applications/")
    begun = walker.page.get_by_role("link", name=re.compile("Action Community"))
    if begun.count():
        begun.first.click()
    else:
        walker.open(f"/prairie/p/action-community-{date.today().year + 1}/apply/")
        walker.page.fill("#id_organization_name", "Quartz Hill Hospital")
        walker.page.fill("#id_job", "Quality director")
        walker.page.locator("main form button[type=submit]").click()
    walker.page.locator(".tasks a[href*='/videos/']").first.click()
    walker.page.wait_for_url("**/videos/**")
    return walker.page.url


def offsets(walker: Walker) -> list[int]:
    """Where each piece that this window sends begins."""
    seen: list[int] = []

    def note(request: Request) -> None:
        if request.method == "PATCH":
            seen.append(int(request.headers["upload-offset"]))

    walker.page.on("request", note)
    return seen


def test_a_film_survives_a_closed_laptop(new_walker: Callable[..., Walker], film: Path) -> None:
    first = new_walker()
    url = to_the_video(first)
    first.look()
    first.page.route("**/upload/*/", lambda route: _two_pieces(route, first))
    began = offsets(first)
    first.page.set_input_files("#id_file", film)
    first.page.get_by_role("button", name="Upload", exact=True).click()
    expect(first.page.get_by_role("progressbar")).to_be_visible()
    expect(first.page.get_by_text(re.compile("3[0-9]% uploaded"))).to_be_visible()
    first.page.close()  # the third piece never arrives
    assert began[:2] == [0, 2**20]

    second = new_walker(PHONE)
    to_the_video(second)
    expect(second.page.get_by_text("Choose the same file to go on.")).to_be_visible()
    second.look()
    went_on = offsets(second)
    second.page.set_input_files("#id_file", film)
    second.page.get_by_role("button", name="Upload", exact=True).click()
    second.page.wait_for_url(url)
    expect(second.page.get_by_role("heading", name="Your video", exact=True)).to_be_visible()
    assert went_on[0] > 2**20
    player = second.page.locator("video")
    for _ in range(60):
        if player.count():
            break
        second.page.wait_for_timeout(1000)
        second.page.reload()
    expect(player).to_have_count(1)
    expect(second.page.get_by_text("The team asks for help")).to_have_count(0)


def _two_pieces(route: Route, walker: Walker) -> None:
    """Lets two pieces through; the next one is on its way for ever."""
    sent = getattr(walker, "pieces", 0)
    if route.request.method == "PATCH":
        walker.pieces = sent + 1  # type: ignore[attr-defined]
        if sent >= 2:
            return
    route.continue_()
