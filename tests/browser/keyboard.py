"""Somebody who has a keyboard and no mouse: Tab from stop to stop, and say what is wrong there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from collaboratives.blueprints.schema import Blueprint
from config.demo.answers import Facts, complete
from questionnaires.schema import ANSWERLESS, Field, Form, Kind, Section
from tests.browser import filling
from tests.browser.walking import Walker

# Of what has the focus: its name, how large it is, what shows that it has it, and who hides it.
FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  let shown = it;
  const hidden = it.getBoundingClientRect().width < 3;
  if (hidden && it.labels?.length) shown = it.labels[0];
  const box = shown.getBoundingClientRect();
  const style = getComputedStyle(it);
  const worn = [it, ...(it.labels ?? [])].map((one) => getComputedStyle(one));
  const above = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    what: `${it.localName}#${it.id} ${(it.innerText || it.value || it.name || "").slice(0, 40)}`,
    outlined: worn.some((one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 2),
    haloed: worn.some((one) => one.boxShadow !== "none"),
    height: Math.round(box.height),
    covered: above !== null && !shown.contains(above) && !above.contains(shown),
    inline: style.display === "inline",
    name: it.name ?? "",
    value: it.value ?? "",
    checked: it.checked === true,
  };
}"""
MOST_STOPS = 200
CHOSEN_BY_ARROWS = (Kind.SINGLE, Kind.YES_NO, Kind.SCALE, Kind.CHOSEN_ROW)


def faults_at(stop: dict[str, Any]) -> Iterator[str]:
    if not (stop["outlined"] or stop["haloed"]):
        yield f"no visible focus: {stop['what']}"
    if stop["covered"]:
        yield f"hidden behind something: {stop['what']}"
    if stop["height"] < 24 and not stop["inline"]:
        yield f"only {stop['height']} px high: {stop['what']}"


def tab_through(page: Page) -> list[str]:
    """What is wrong at each stop from the top of the page to its end."""
    faults, stops = [], []
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None:
            break
        stops.append(at["what"])
        faults += faults_at(at)
    assert 3 < len(stops) < MOST_STOPS, f"{page.url}: no way out, or nothing to reach: {stops}"
    return [f"{page.url}: {fault}" for fault in faults]


def sections_of(blueprint: Blueprint) -> list[Section]:
    """The sections that ask for answers, in their order."""
    return [one for one in blueprint.form.sections if any(f.answer_codes for f in one.fields)]


@dataclass
class Keys:
    """Whatever is done here is done by pressing keys."""

    walker: Walker

    @property
    def page(self) -> Page:
        return self.walker.page

    def to(self, name: str, value: str | None = None) -> dict[str, Any]:
        """Tab to the control of this name; to a box with this value, where boxes share a name."""
        for _stop in range(MOST_STOPS):
            at = self.stop()
            if at and at["name"] == name and value in (None, at["value"]):
                return at
        raise AssertionError(f"{self.page.url}: Tab does not lead to {name} {value or ''}")

    def stop(self) -> dict[str, Any] | None:
        self.page.keyboard.press("Tab")
        at: dict[str, Any] | None = self.page.evaluate(FOCUSED)
        if at:
            self.walker.faults += [f"{self.page.url}: {fault}" for fault in faults_at(at)]
        return at

    def reach(self, there: Locator) -> None:
        """Tab to a link or a button."""
        expect(there).to_be_attached()
        for _stop in range(MOST_STOPS):
            self.stop()
            if there.evaluate("(it) => it === document.activeElement"):
                return
        raise AssertionError(f"{self.page.url}: Tab does not lead to {there}")

    def press(self, name: str) -> None:
        self.enter(self.page.get_by_role("button", name=name, exact=True))

    def follow(self, name: str) -> None:
        self.enter(self.page.locator("#main").get_by_role("link", name=name, exact=True).first)

    def enter(self, there: Locator) -> None:
        self.reach(there)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, name: str, text: str) -> None:
        self.to(name)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def tick(self, name: str, value: str | None = None) -> None:
        if not self.to(name, value)["checked"]:
            self.page.keyboard.press("Space")

    def choose(self, name: str, value: str) -> None:
        """Among radio buttons, by the arrows."""
        at = self.to(name)
        if not at["checked"]:
            self.page.keyboard.press("Space")
        for _option in range(40):
            at = self.page.evaluate(FOCUSED)
            if at["value"] == value:
                assert at["checked"]
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.page.url}: no arrow leads to {value} of {name}")

    def pick(self, name: str, value: str) -> None:
        """In a list that opens, by the first letters of the option; again where a busy machine
        took so long between two letters that the list began anew."""
        self.to(name)
        chosen = self.page.locator(f'[name="{name}"]')
        label = self.page.locator(f'[name="{name}"] option[value="{value}"]').inner_text()
        for _try in range(3):
            self.page.keyboard.type(label)
            if chosen.input_value() == value:
                break
            self.page.wait_for_timeout(1500)  # the list forgets the letters
        expect(chosen).to_have_value(value)

    def upload(self, file: Path) -> None:
        self.page.once("filechooser", lambda chooser: chooser.set_files(file))
        self.reach(self.page.get_by_role("button", name="Choose a file"))
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#main")).to_contain_text(file.name)

    # --- a section of a form ---

    def fill(self, form: Form, section: Section, known: Facts) -> None:
        """Every question of the section, in its order. An answer may bring further ones."""
        answers = complete(form, known)
        for field in section.fields:
            if field.kind in ANSWERLESS or field.code not in answers:
                continue
            expect(self.page.locator(f'[data-field="{field.code}"]')).to_be_attached()
            if field.kind == Kind.TABLE:
                for number, row in enumerate(answers[field.code]):
                    self.need_row(field, number)
                    self.give(filling.row_controls(field, number, row))
            else:
                self.give(filling.controls(field, answers))

    def need_row(self, table: Field, number: int) -> None:
        there = self.page.locator(f'[name^="{table.code}-{number}-"]')
        if not there.count():
            self.enter(self.page.locator(f'button[name="_add"][value="{table.code}"]'))
            expect(there.first).to_be_attached()

    def give(self, controls: Iterable[tuple[Field, str, Any]]) -> None:
        for field, name, value in controls:
            expect(self.page.locator(f'[name="{name}"]').first).to_be_attached()
            if field.shown_as == "select" and field.kind == Kind.SINGLE:
                self.pick(name, str(value))
            elif field.kind in CHOSEN_BY_ARROWS:
                self.choose(name, str(value))
            elif field.kind == Kind.MULTIPLE:
                for one in value:
                    self.tick(name, one)
            elif field.kind == Kind.ACKNOWLEDGEMENT:
                self.tick(name)
            elif field.kind == Kind.DATE:
                self.to(name)
                year, month, day = str(value).split("-")
                self.page.keyboard.type(f"{month}{day}{year}")
            else:
                self.write(name, str(value))
