"""Chromium's own PDF viewer: fills a form with mouse and keyboard, and saves it.

A box is found by the place that the file gives it; nothing is set from inside. Only the save is
asked for by the viewer's own call, because its window for choosing a file needs a desktop.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from playwright.sync_api import Browser, CDPSession, Page

from documents import boxes
from questionnaires.paper import STAMP

EXTENSION = "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/index.html"
DOTS = 96 / 72  # at 100 %
GO_TO = """(() => {
  const view = document.querySelector('pdf-viewer').viewport;
  view.setZoom(1); view.goToPage(%d);
})()"""
PLACE = """new Promise((done) => setTimeout(() => {
  const viewer = document.querySelector('pdf-viewer');
  const page = viewer.viewport.getPageScreenRect(%d);
  const around = viewer.shadowRoot.querySelector('#scroller').getBoundingClientRect();
  done([page.x + around.x, page.y + around.y]);
}, %d))"""
LOADED = "document.querySelector('pdf-viewer')?.documentDimensions?.pageDimensions.length || 0"
SAVE = """(async () => {
  const made = await document.querySelector('pdf-viewer').currentController.save('EDITED');
  const bytes = new Uint8Array(made.dataToSave);
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192)
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
})()"""


@dataclass(frozen=True)
class Box:
    """One place to click. state: of a radio button or tick box. alone: a tick box, which a
    click also empties. codes: of a list, in order."""

    page: int
    name: str
    x: float
    y: float
    state: str = ""
    alone: bool = False
    codes: tuple[str, ...] = ()


class Viewer:
    def __init__(self, browser: Browser, path: Path) -> None:
        context = browser.new_context(viewport={"width": 1280, "height": 1240})
        self.page: Page = context.new_page()
        self.page.goto(path.as_uri())
        self.path, self.answers = path, {}
        self.session: CDPSession = browser.new_browser_cdp_session()
        self.session.on("Target.receivedMessageFromTarget", self._heard)
        self.inside = self._attach()
        while not self._ask(LOADED):
            self.page.wait_for_timeout(50)

    def fill(self, values: Mapping[str, str]) -> None:
        """values: text, code or state, by the name of the box.

        As a person does, it looks again: on a slow machine a click may come before its page.
        """
        with pikepdf.open(self.path) as document:
            found = list(_boxes(document))
        assert set(values) <= {box.name for box in found}
        for _look in range(6):
            wrong = self._wrong(values)
            if not wrong:
                return
            self._fill([box for box in found if box.name in wrong], values)
        raise AssertionError(f"could not fill in {wrong}")

    def _wrong(self, values: Mapping[str, str]) -> set[str]:
        with pikepdf.open(BytesIO(self.save())) as document:
            there = {name: text for name, text in boxes.values(document).items() if name != STAMP}
        return {name for name in {*values, *there} if there.get(name) != values.get(name)}

    def _fill(self, found: list[Box], values: Mapping[str, str]) -> None:
        at = -1
        for box in found:
            wanted = values.get(box.name, "")
            if box.state and box.state != wanted and not (wanted == "" and box.alone):
                continue
            if box.page != at:
                at = box.page
                self._ask(GO_TO % at)
                self._ask(PLACE % (at, 300))
            left, top = self._ask(PLACE % (at, 0))
            self.page.mouse.click(left + box.x * DOTS, top + box.y * DOTS)
            self._enter(box, wanted)

    def _enter(self, box: Box, wanted: str) -> None:
        keys = self.page.keyboard
        if box.codes:
            keys.press("Home")
            for _step in range(box.codes.index(wanted) + 1):
                keys.press("ArrowDown")
        elif not box.state:
            keys.press("Control+a")
            keys.press("Delete")
            for number, line in enumerate(wanted.split("\n")):
                if number:
                    keys.press("Enter")
                keys.insert_text(line)

    def save(self) -> bytes:
        return base64.b64decode(self._ask(SAVE))

    def close(self) -> None:
        self.page.context.close()

    # --- into the viewer's own frame ------------------------------------------------------------

    def _attach(self) -> str:
        while True:
            everything = self.session.send("Target.getTargets", {"filter": [{}]})
            for target in everything["targetInfos"]:
                if target["url"] == EXTENSION:
                    asked = {"targetId": target["targetId"], "flatten": False}
                    return str(self.session.send("Target.attachToTarget", asked)["sessionId"])
            self.page.wait_for_timeout(50)

    def _heard(self, event: dict[str, Any]) -> None:
        message = json.loads(event["message"])
        if "id" in message:
            self.answers[message["id"]] = message

    def _ask(self, code: str) -> Any:
        number = len(self.answers) + 1
        evaluate = {"expression": code, "awaitPromise": True, "returnByValue": True}
        message = {"id": number, "method": "Runtime.evaluate", "params": evaluate}
        self.session.send(
            "Target.sendMessageToTarget",
            {"sessionId": self.inside, "message": json.dumps(message)},
        )
        while number not in self.answers:
            self.page.wait_for_timeout(10)
        told = self.answers[number]["result"]
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")


def _boxes(document: pikepdf.Pdf) -> Iterator[Box]:
    for number, page in enumerate(document.pages):
        height = float(page.mediabox[3])
        for one in page.get("/Annots", []):
            if one.get("/Subtype") != pikepdf.Name.Widget:
                continue
            field = one if "/T" in one else one.Parent
            left, bottom, right, top = (float(edge) for edge in one.Rect)
            state = ""
            if field.get("/FT") == pikepdf.Name.Btn:
                [state] = [str(key)[1:] for key in one.AP.N if key != "/Off"]
            codes = tuple(str(pair[0]) for pair in field.get("/Opt", []) if pair[0] != "")
            place = (left + right) / 2, height - (bottom + top) / 2
            alone = bool(state) and "/Kids" not in field
            yield Box(number, str(field.T), *place, state=state, alone=alone, codes=codes)
