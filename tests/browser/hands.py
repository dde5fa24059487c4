"""Two people in one section, and the books that are kept on what each of them typed."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs

import psycopg
from playwright.sync_api import Dialog, Error, Locator, Page, Request, expect

from tests.browser.site import Site
from tests.browser.walking import Walker, become

SECTION = "equity"
SAVED = "All changes saved"
# What a browser says by itself when a save meets another's words, or no server.
SAID_BY_BROWSER = ["409", "ERR_CONNECTION", "ERR_EMPTY_RESPONSE", "ERR_FAILED", "net::ERR"]
WATCH_CONFLICTS = """
new MutationObserver((records) => {
  for (const record of records) for (const node of record.addedNodes) {
    if (!node.classList?.contains("conflict")) continue;
    const question = node.closest("[data-field]");
    conflictShown({
      field: question.dataset.field,
      mine: question.querySelector("textarea").value,
      theirs: node.querySelector("blockquote").textContent,
    });
  }
}).observe(document, { childList: true, subtree: true });"""


@dataclass
class Hand:
    """One of the two, with what they typed last in each question, and each conflict they saw."""

    walker: Walker
    name: str
    typed: dict[str, str] = field(default_factory=dict)
    shown: list[dict[str, str]] = field(default_factory=list)
    sent: list[tuple[str, str, int]] = field(default_factory=list)  # question, text, revision
    insisted: Counter[str] = field(default_factory=Counter)  # texts kept by “Keep mine”
    given_up: dict[str, str] = field(default_factory=dict)  # texts that made room for theirs

    def __post_init__(self) -> None:
        self.page.on("dialog", leave)
        self.page.on("request", self.note_request)
        self.page.expose_function("conflictShown", self.note_conflict)
        self.page.add_init_script(WATCH_CONFLICTS)

    @property
    def page(self) -> Page:
        return self.walker.page

    def note_request(self, request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/autosave/"):
            sent = parse_qs(request.post_data or "", keep_blank_values=True)
            for code in sent.get("_changed", ()):
                self.sent.append((code, sent[code][0], int(sent[f"_rev.{code}"][0])))

    def note_conflict(self, conflict: dict[str, str]) -> None:
        self.shown.append(conflict)

    def question(self, code: str) -> Locator:
        return self.page.locator(f"[data-field={code}]")

    def box(self, code: str) -> Locator:
        return self.page.locator(f"#q-{code}")

    def take(self, code: str) -> None:
        """Take a text over where somebody else is typing; nobody holds one that has the focus."""
        self.box(code).focus()
        if self.box(code).get_attribute("readonly") is not None:
            held = self.question(code).locator(".held")
            held.get_by_role("link").or_(held.get_by_role("button")).click()
            self.page.wait_for_load_state()
            expect(self.box(code)).to_be_editable()
            self.box(code).focus()

    def type(self, code: str, text: str) -> None:
        """Write, and leave the box."""
        self.take(code)
        self.box(code).fill(text)
        self.box(code).blur()
        self.typed[code] = text
        self.given_up.pop(code, None)

    def settle(self, code: str, rng: random.Random) -> None:
        """Choose one of the two versions, if both are shown."""
        block = self.question(code).locator(".conflict")
        if not block.count():
            return
        mine = self.box(code).input_value()
        theirs = block.locator("blockquote").inner_text()
        choice = rng.choice(["Keep mine", "Keep theirs", "Edit together"])
        block.get_by_role("button", name=choice).click()
        if choice == "Keep theirs":
            self.given_up[code] = mine
        else:
            text = mine if choice == "Keep mine" else f"{theirs}\n\n{mine}"
            self.insisted[text] += 1
            self.typed[code] = text
            self.given_up.pop(code, None)

    def settle_all(self, codes: list[str], rng: random.Random) -> None:
        for code in codes:
            self.settle(code, rng)

    def reload(self) -> None:
        """As somebody who presses the key again when there was no answer."""
        self.page.wait_for_timeout(50)
        try:
            self.page.reload()
        except Error:
            self.page.goto(self.page.url)
        expect(self.page.locator("auto-save:defined")).to_have_count(1)

    def wait_until_saved(self) -> None:
        """By the script: before it came, the page says that all is saved, and knows no better."""
        expect(self.page.locator("auto-save:defined")).to_have_count(1)
        line = self.page.locator("#saved-line")
        expect(line).to_contain_text(SAVED, timeout=90_000)
        expect(self.page.locator(".conflict")).to_have_count(0)


def leave(dialog: Dialog) -> None:
    """A page with unsaved words asks before it goes; these people go."""
    dialog.accept()


def open_section(new_walker: Callable[..., Walker], name: str) -> Hand:
    walker = new_walker()
    hand = Hand(walker, name)
    become(walker, name)
    walker.open("/prairie/applications/")
    walker.follow("Riverbend Regional Medical Center", walker.page.locator("#main"), exact=True)
    walker.open(f"{walker.page.url}s/{SECTION}/")
    return hand


def texts_on(page: Page) -> list[str]:
    boxes = page.locator("[data-field] > textarea").all()
    return [str(box.get_attribute("id")).removeprefix("q-") for box in boxes]


def changes(site: Site, page: Page, codes: list[str]) -> list[dict[str, Any]]:
    """Every change of these questions in the application of the page, oldest first."""
    query = """
        SELECT change.id, change.field, change.revision, change.value, change.kept,
               person.name AS who
        FROM questionnaires_answerchange change
        JOIN accounts_user person ON person.id = change.changed_by_id
        JOIN applications_application application
          ON application.response_id = change.response_id
        WHERE change.field = ANY(%s) AND application.reference = %s
        ORDER BY change.id"""
    reference = page.url.split("/applications/")[1].split("/")[0]
    rows = psycopg.rows.dict_row
    with psycopg.connect(site.address("DATABASE_OWNER_URL"), row_factory=rows) as owner:
        host = owner.execute("SELECT id FROM tenancy_host WHERE slug = 'prairie'").fetchone()
        assert host
        owner.execute("SELECT set_config('app.host_id', %s, true)", [str(host["id"])])
        return owner.execute(query, [codes, reference]).fetchall()


def account_for(hands: list[Hand], codes: list[str], made: list[dict[str, Any]]) -> None:
    """Each word typed last stands or is in the history; each conflict was shown, and was one."""
    for code in codes:
        rows = [row for row in made if row["field"] == code]
        kept = [row for row in rows if row["kept"]]
        revisions = [row["revision"] for row in kept]
        assert revisions == list(range(revisions[0], revisions[0] + len(kept))), code
        for hand in hands:
            own = [row for row in rows if row["who"] == hand.name]
            nothing_typed_is_lost(hand, code, own)
            nothing_comes_back_unasked(hand, code, own)
            nobody_is_overwritten_unseen(hand, code, kept)
            each_conflict_was_shown(hand, code, own)
        for hand, other in (hands, hands[::-1]):
            words_of_other = {row["value"] for row in rows if row["who"] == other.name}
            for one in hand.shown:
                if one["field"] == code:
                    assert one["theirs"] in words_of_other, (hand.name, one, rows[-12:])


def nothing_typed_is_lost(hand: Hand, code: str, own: list[dict[str, Any]]) -> None:
    if code in hand.typed:
        said = f"{hand.name} typed “{hand.typed[code]}” in {code}, and it is nowhere"
        assert any(row["value"] == hand.typed[code] for row in own), said


def nothing_comes_back_unasked(hand: Hand, code: str, own: list[dict[str, Any]]) -> None:
    """An old text over a newer one only where its writer chose so."""
    for text, times in Counter(row["value"] for row in own if row["kept"]).items():
        assert times <= 1 + hand.insisted[text], (hand.name, code, text)


def nobody_is_overwritten_unseen(hand: Hand, code: str, kept: list[dict[str, Any]]) -> None:
    """Whoever replaced another's words sent theirs from a page that had them."""
    for before, after in pairwise(kept):
        if after["who"] == hand.name != before["who"]:
            seen = (code, after["value"], before["revision"])
            sent = [one for one in hand.sent if one[1] == after["value"]]
            assert seen in sent, (hand.name, before, after, sent)


def each_conflict_was_shown(hand: Hand, code: str, own: list[dict[str, Any]]) -> None:
    """Words that lost were shown beside the others, or their writer had written on already."""
    shown = {one["mine"] for one in hand.shown if one["field"] == code}
    for row in own:
        written_on = row["value"] != hand.typed[code]
        assert row["kept"] or row["value"] in shown or written_on, (hand.name, row)
