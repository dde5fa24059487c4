"""All components on one page: nothing for axe to find, at every width, with and without script."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, expect

from config.gallery import samples
from tests.frontend.conftest import Site

pytestmark = pytest.mark.browser

AXE = (Path(__file__).resolve().parents[1] / "browser/vendor/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HOST = SimpleNamespace(
    slug="prairie", name="Prairie Health Equity Network", contact_email="a@b.example", accent="lake"
)
PERSON = SimpleNamespace(name="Dana Whitfield", email="dana@riverbend.example")


def gallery(**extra: object) -> str:
    request = RequestFactory().get("/demo/components/")
    navigation = [{"label": "Home", "url": "/", "current": True}]
    context = {
        "login_seconds": 0,
        **samples(),
        "request": request,
        "host": HOST,
        "person": PERSON,
        "navigation": navigation,
        "staff_navigation": [],
        "messages": [],
        "csrf_token": "seal",
        **extra,
    }
    template = "components/_gallery.html"
    return render_to_string(template, context).replace("/static/django_htmx/", "/static/")


@pytest.fixture
def address(site: Site) -> str:
    site.pages["/demo/components/"] = gallery()
    return f"{site.url}/demo/components/"


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(chromium: Browser, address: str, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("row-select [data-bulk]")).to_be_hidden()
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    context.close()
    assert [
        (fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found["violations"]
    ] == []


@pytest.mark.parametrize("script", [True, False])
def test_a_small_screen_never_scrolls_sideways(
    chromium: Browser, address: str, script: bool
) -> None:
    context = chromium.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=script, bypass_csp=True
    )
    page = context.new_page()
    page.goto(address)
    wide = page.locator("html").evaluate("node => node.scrollWidth")
    context.close()
    assert wide == 320


def test_keys_reach_everything_and_focus_is_seen(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("row-select [data-bulk]")).to_be_hidden()
    page.locator("body").evaluate("() => document.activeElement.blur()")
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                """() => {
                    const node = document.activeElement;
                    const style = getComputedStyle(node);
                    const box = node.getBoundingClientRect();
                    const label = node.closest("label");
                    const ring = label ? getComputedStyle(label) : style;
                    return {
                        node: node.outerHTML.slice(0, 80),
                        seen: [style, ring].some(
                            (s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2),
                        big: Math.max(box.height, ring === style ? 0 : 24) >= 24,
                    };
                }"""
            )
        )
    assert [stop for stop in stops if not (stop["seen"] and stop["big"])] == []
    assert len({stop["node"] for stop in stops}) > 30


def test_the_account_menu_opens_below_its_button_and_closes_with_escape(
    page: Page, address: str
) -> None:
    page.goto(address)
    button = page.locator("[popovertarget=account-menu]")
    button.click()
    menu = page.locator("#account-menu")
    expect(menu).to_be_visible()
    assert menu.bounding_box()["y"] >= button.bounding_box()["y"]
    assert menu.bounding_box()["x"] + menu.bounding_box()["width"] <= page.viewport_size["width"]
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_without_script_nothing_is_missing(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("[data-bulk] button[name=action]").first).to_be_visible()
    expect(page.locator("[data-clear]")).to_be_hidden()
    expect(page.locator("#g-file")).to_be_visible()
    expect(page.get_by_text("12 words at most")).to_be_visible()
    expect(page.locator("job-progress").get_by_role("link", name="Check again")).to_be_visible()
    context.close()


def test_the_first_view_of_a_plain_page_asks_for_little(page: Page, site: Site) -> None:
    """The page, one style sheet, one font, one script; icons and htmx only where they are used."""
    request = RequestFactory().get("/")
    site.pages["/"] = render_to_string(
        "404.html",
        {
            "request": request,
            "host": HOST,
            "person": None,
            "navigation": [],
            "messages": [],
            "csrf_token": "s",
        },
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site.url)))
    page.goto(site.url + "/")
    page.wait_for_load_state("networkidle")
    assert sorted(path for path in asked if not path.endswith("mark.svg")) == [
        "/",
        "/static/css/app.css",
        "/static/js/closer.js",
        "/static/vendor/fonts/source-sans-3-latin-wght-normal.woff2",
    ]


@pytest.mark.parametrize("mode", ["forced-colors", "text-spacing"])
def test_nothing_is_lost_when_the_reader_changes_the_looks(
    chromium: Browser, address: str, mode: str
) -> None:
    """Forced colors keep borders of controls; WCAG 1.4.12 spacing cuts nothing off."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844},
        forced_colors="active" if mode == "forced-colors" else "none",
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(address)
    if mode == "text-spacing":
        page.add_style_tag(
            content="*{line-height:1.5!important;letter-spacing:.12em!important;"
            "word-spacing:.16em!important}p{margin-bottom:2em!important}"
        )
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".btn, .tag, h1, h2, h3, label, p")]
            .filter((node) => node.checkVisibility() && node.scrollWidth > node.clientWidth + 1
                && getComputedStyle(node).overflowX === "hidden"
                && !node.closest(".visually-hidden"))
            .map((node) => node.outerHTML.slice(0, 90))"""
    )
    wide = page.locator("html").evaluate("node => node.scrollWidth")
    context.close()
    assert cut == []
    assert wide <= 390
