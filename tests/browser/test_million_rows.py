"""A million rows through the browser: progress moves, Stop works, a bad row is named."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.soak]

ROWS, GROUPS, MONTHS = 1_000_000, 20, 120
BAD_ROW = 654_321
TEAM = "/prairie/teams/cedar-valley-community-health/measures"


def lines() -> Iterator[str]:
    yield "month,group,site,numerator,denominator"
    for n in range(ROWS):
        place, group = divmod(n, GROUPS)
        site, month = divmod(place, MONTHS)
        yield (
            f"{2016 + month // 12}-{month % 12 + 1:02},Group {group},Site {site},"
            f"{(site + group) % 40},{40 + group}"
        )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A good one, and the same with one bad row."""
    folder = tmp_path_factory.mktemp("million")
    good, bad = folder / "good.csv", folder / "bad.csv"
    with good.open("w") as first, bad.open("w") as second:
        for number, line in enumerate(lines(), start=1):
            first.write(f"{line}\n")
            second.write(f"{line.rpartition(',')[0]},many\n" if number == BAD_ROW else f"{line}\n")
    return good, bad


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto("/demo/")
    page.get_by_role("button", name="Be Marcus Okafor").click()
    yield page
    context.close()


def memory(site: Site) -> int:
    """The largest of the worker's processes so far, in megabytes."""
    process = psutil.Process(site.running[1].process.pid)
    peaks = []
    for each in [process, *process.children(recursive=True)]:
        status = Path(f"/proc/{each.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        peaks.append(int(found[1]) // 1024 if found else 0)
    return max(peaks)


def send(page: Page, file: Path) -> None:
    page.goto(f"{TEAM}/visits-of-a-million/data/import/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()
    page.wait_for_url(re.compile(r"/import/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Checking your file")


def watched(page: Page, until: Callable[[dict[str, Any]], bool]) -> list[int]:
    """Every different progress that the page's own address tells, until it has ended."""
    seen: list[int] = []
    state = f"{page.url}state/"
    while True:
        told = json.loads(page.request.get(state).text())
        if told["progress"] not in seen:
            seen.append(told["progress"])
        if until(told):
            return seen
        page.wait_for_timeout(200)


def test_a_million_rows(page: Page, site: Site, files: tuple[Path, Path]) -> None:
    """PERFORMANCE P15: progress moves, Stop works, a bad row is named, memory is bounded."""
    good, bad = files
    page.goto(f"{TEAM}/add/?axis=own")
    page.get_by_label("Name", exact=True).fill("Visits of a million")
    page.get_by_label("Who or what you count").fill("Visits in time")
    page.get_by_label("Out of whom").fill("All visits")
    page.get_by_label("Groups, one on each line").fill(
        "\n".join(f"Group {n}" for n in range(GROUPS))
    )
    page.get_by_role("button", name="Save and add numbers").click()
    page.wait_for_url(re.compile("/data/$"))

    send(page, good)
    watched(page, lambda told: told["progress"] > 10 or told["state"] != "running")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stopped")
    expect(page.get_by_text("Nothing of it was saved.")).to_be_visible()

    send(page, bad)
    seen = watched(page, lambda told: told["state"] != "running")
    assert len(seen) >= 4 and seen == sorted(seen), seen
    page.reload()
    row = page.get_by_role("row").filter(has_text="many")
    expect(row.get_by_role("cell").first).to_have_text(str(BAD_ROW))
    expect(row).to_contain_text("denominator")
    expect(page.get_by_text("1 problem. Nothing is saved yet.")).to_be_visible()

    send(page, good)
    watched(page, lambda told: told["state"] != "running")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Numbers saved")
    expect(page.get_by_text(f"{ROWS:,}")).to_be_visible()
    expect(page.get_by_text(f"{GROUPS * MONTHS}")).to_be_visible()
    peak = memory(site)
    print(f"progress {seen}, worker at most {peak} MB", file=sys.stderr)  # noqa: T201
    assert peak <= 400
