"""The charter: written, promised, signed by link, and kept as a PDF."""

import re
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pypdf
from playwright.sync_api import Page, expect

from collaboratives.blueprints.schema import Blueprint
from config.demo.answers import Facts
from tests.browser.walking import Walker

PROMISE = "Call every patient within a week of going home"


def write_the_charter(walker: Walker, team: str, known: Facts) -> None:
    walker.open(f"{team}charter/")
    walker.look()
    walker.press("Begin the charter")
    walker.heading("Write the charter")
    walker.look()
    for box in walker.page.locator("#main textarea").all():
        box.fill("People in our town live ten years less on one side of the river.")
    walker.press("Save and add a commitment")
    walker.heading("Add a commitment")
    walker.page.locator("#main input[type=radio]").first.check()
    walker.page.get_by_label("What we commit to").fill(PROMISE)
    walker.page.get_by_label("Who owns it").fill(known.people[1].name)
    walker.page.get_by_label("By when").fill(f"{date.today() + timedelta(days=200):%Y-%m-%d}")
    walker.page.get_by_label("Or how you will see it").fill("Share of patients reached")
    walker.look()
    walker.press("Save commitment")
    walker.read(PROMISE)


def ask_for_signatures(walker: Walker) -> None:
    walker.press("Ask for signatures")
    walker.read("Version 1")
    walker.look()


def sign_by_link(leader: Walker, known: Facts) -> None:
    """Without an account. Opening the page signs nothing."""
    letter = leader.site.mail(known.leader.email, "sign the charter")
    leader.open_link(letter, "/r/sign/")
    leader.read(PROMISE)
    leader.look()
    leader.page.get_by_label("Your name, as your signature").fill(known.leader.name)
    leader.press("Sign the charter")
    leader.read("You have signed. Thank you.")
    leader.site.mail(known.people[0].email, "Signed: the charter")


def watch_the_pdf_being_made(walker: Walker, team: str, folder: Path) -> Path:
    """The page says how far the worker is, and offers the file when it is there."""
    walker.open(f"{team}charter/")
    walker.follow("Version 1")
    expect(walker.page.locator("job-progress")).to_be_attached()
    download = walker.page.get_by_role("link", name="Download the PDF")
    expect(download).to_be_visible(timeout=60_000)
    walker.look()
    with walker.page.expect_download() as coming:
        download.click()
    kept = folder / "charter.pdf"
    coming.value.save_as(kept)
    return kept


def expect_a_sound_pdf(page: Page, kept: Path, blueprint: Blueprint) -> None:
    """Tagged, titled, in a language, with table headers that say what they head, and sealed."""
    seal = page.locator("abbr").get_attribute("title")
    assert seal and re.fullmatch(r"[0-9a-f]{64}", seal)
    with pikepdf.open(kept) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("en")
        assert str(blueprint.charter.label) in str(pdf.docinfo.Title)
        heads = [one for one in elements(pdf.Root.StructTreeRoot) if one.get("/S") == "/TH"]
        assert heads
        scopes = {str(scope_of(one)) for one in heads}
        assert scopes == {"/Column", "/Row"}, scopes
    words = "".join(one.extract_text() for one in pypdf.PdfReader(kept).pages)
    assert seal in re.sub(r"\s", "", words)
    assert PROMISE in re.sub(r"\s+", " ", words)


def elements(node: pikepdf.Object) -> list[pikepdf.Object]:
    """Every structure element below a node."""
    kids = node.get("/K", [])
    found = []
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found += [kid, *elements(kid)]
    return found


def scope_of(head: pikepdf.Object) -> pikepdf.Object | None:
    given = head.get("/A", [])
    for one in given if isinstance(given, pikepdf.Array) else [given]:
        if isinstance(one, pikepdf.Dictionary) and "/Scope" in one:
            return one.Scope
    return None
