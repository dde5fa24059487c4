"""Whatever the demo's people can reach from their home opens, without an error in the console."""

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import APIResponse, Error, Page, Response

from config.demo.cast import PEOPLE, Person
from tests.browser.site import Site
from tests.browser.walking import Walker, become

pytestmark = pytest.mark.browser

MOST_PAGES = 60
LINKS = """() => [...document.querySelectorAll("a[href]")]
  .filter((one) => !one.target && !one.hasAttribute("download")).map((one) => one.href)"""
ELSEWHERE = ("/demo/", "/r/", "/accounts/logout/")  # others' mail, others' links, the way out


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.address)
def test_every_page_within_reach_opens(
    site: Site, new_walker: Callable[..., Walker], person: Person
) -> None:
    """One page of each kind: the first that a link leads to."""
    walker = new_walker()
    become(walker, person.name)
    waiting, opened = [(urlsplit(walker.page.url).path, "the demo")], dict[str, str]()
    while waiting and len(opened) < MOST_PAGES:
        path, linked_from = waiting.pop(0)
        kind = resolve(path).view_name
        if kind in opened or path.startswith(ELSEWHERE):
            continue
        opened[kind] = path
        answer = opening(walker.page, path)
        if not answer.ok:
            walker.faults.append(f"{answer.status} {path}, linked from {linked_from}")
        elif answer.headers["content-type"].startswith("text/html"):
            waiting += [(link, path) for link in links_of(walker.page, site)]
    assert len(opened) > 5, opened


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
