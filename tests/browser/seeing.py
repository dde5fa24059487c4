"""What a page is like for somebody who sees, hears or holds it otherwise."""

from pathlib import Path

from playwright.sync_api import Page

DESK, PHONE = 1280, 390
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
AXE_RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  return found.violations.flatMap((one) => one.nodes.map(
    (node) => `${one.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""


def faults_of(page: Page) -> list[str]:
    """What axe finds wide and narrow, and whether a small screen has to scroll sideways."""
    size = page.viewport_size
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(f"() => {{ {AXE} }}")
    found = []
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{page.url} at {width}: {fault}" for fault in page.evaluate(AXE_RUN)]
    page.set_viewport_size({"width": 320, "height": 800})
    needs, has = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    if needs > has:
        found.append(f"{page.url} is {needs} wide on a screen of {has}: {sticking_out(page)}")
    page.set_viewport_size(size)
    return found


def sticking_out(page: Page) -> list[str]:
    return page.evaluate(
        """() => [...document.body.querySelectorAll("*")]
          .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
          .slice(0, 8)
          .map((e) => e.tagName + "." + e.className + " " + (e.textContent || "").slice(0, 40))"""
    )
