"""Whatever the demo's people can reach from their home opens, without an error in the console."""

from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import APIResponse, Error, Page, Response, expect

from config.demo.cast import PEOPLE, Person
from tests.browser.site import Site
from tests.browser.walking import Walker, become

pytestmark = pytest.mark.browser

MOST_PAGES = 100
SEES_LESS = {"coordinator", "editor", "member"}  # than the owner, the applicant, the lead
ONE_OF_EACH = [
    one for one in PEOPLE if one.address.removesuffix("@prairie.example") not in SEES_LESS
]
LINKS = """() => [...document.querySelectorAll("a[href]")]
  .filter((one) => !one.target && !one.hasAttribute("download")).map((one) => one.href)"""
ELSEWHERE = ("/demo/", "/r/", "/accounts/logout/")  # others' mail, others' links, the way out


@pytest.mark.parametrize("person", ONE_OF_EACH, ids=lambda person: person.address)
def test_every_page_within_reach_opens(
    site: Site, new_walker: Callable[..., Walker], person: Person
) -> None:
    walker = new_walker()
    become(walker, person.name)
    assert len(list(pages_within_reach(walker, site))) > 5


@pytest.mark.soak
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.address)
def test_every_page_within_reach_is_for_everybody(
    site: Site, new_walker: Callable[..., Walker], person: Person
) -> None:
    """axe finds nothing on it, wide or narrow, and a small screen needs no scrolling sideways."""
    walker = new_walker()
    become(walker, person.name)
    for _path in pages_within_reach(walker, site):
        walker.look()


@pytest.mark.soak
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.address)
def test_every_page_within_reach_is_there_without_script(
    site: Site, new_walker: Callable[..., Walker], person: Person
) -> None:
    walker = new_walker(java_script_enabled=False)
    become(walker, person.name)
    for _path in pages_within_reach(walker, site):
        expect(walker.page.locator("main h1")).to_be_visible()


def pages_within_reach(walker: Walker, site: Site) -> Iterator[str]:
    """Open one page of each kind, the first that a link leads to; what fails becomes a fault."""
    waiting, opened = [(urlsplit(walker.page.url).path, "the demo")], set[str]()
    while waiting and len(opened) < MOST_PAGES:
        path, linked_from = waiting.pop(0)
        kind = resolve(path).view_name
        if kind in opened or path.startswith(ELSEWHERE):
            continue
        opened.add(kind)
        answer = opening(walker.page, path)
        if not answer.ok:
            walker.faults.append(f"{answer.status} {path}, linked from {linked_from}")
        elif answer.headers["content-type"].startswith("text/html"):
            waiting += [(link, path) for link in links_of(walker.page, site)]
            yield path


def opening(page: Page, path: str) -> Response | APIResponse:
    """What a page or a file answers; a browser that gets a file stays where it is."""
    if path.endswith("/file/"):
        return page.request.get(path)  # a film's own policy lets nothing play it
    try:
        answer = page.goto(path)
        assert answer
    except Error as error:
        assert "Download is starting" in str(error), error
        return page.request.get(path)
    return answer


def links_of(page: Page, site: Site) -> list[str]:
    """Where the page leads within the installation."""
    found = [urlsplit(urljoin(page.url, link)) for link in page.evaluate(LINKS)]
    return [one.path for one in found if f"{one.scheme}://{one.netloc}" == site.url]
