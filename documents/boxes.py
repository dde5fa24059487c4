"""Boxes of a PDF form: made so that any program can fill them in, and read again.

WeasyPrint lists each radio button as a field of its own beside its group, and names its state
by a number. Here a group is one field whose state is the code of the option, as the standard
has it and every viewer writes it.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Name

MARK = "/CloserForm"  # in the file's properties
READ_ONLY = 1
MOST_BOXES = 10_000
MOST_TEXT = 50_000


def finish(document: pikepdf.Pdf, *, fixed: str) -> None:
    """Put right what WeasyPrint wrote; fixed: the box that nobody may change."""
    root = document.Root.AcroForm
    tops = []
    for field in root.Fields:
        if "/Parent" in field:
            continue
        if "/Kids" in field:
            _as_one_group(field)
        elif str(field.get("/FT")) == "/Btn":
            field.AP.N.Off = _nothing(document, field)
        if str(field.get("/T")) == fixed:
            field.Ff = int(field.get("/Ff", 0)) | READ_ONLY
            document.docinfo[MARK] = field.V
        tops.append(field)
    root.Fields = pikepdf.Array(tops)


def _as_one_group(group: Any) -> None:
    codes = [str(code) for code in group.Opt]
    for kid, code in zip(group.Kids, codes, strict=True):
        [drawn] = [state for state in kid.AP.N if state != "/Off"]
        picture = kid.AP.N[drawn]
        kid.AP.N = pikepdf.Dictionary({f"/{code}": picture})
        kid.AS = Name.Off
        del kid["/T"]
    del group["/Opt"]


def _nothing(document: pikepdf.Pdf, field: Any) -> Any:
    left, bottom, right, top = (float(one) for one in field.Rect)
    empty = document.make_stream(b"")
    empty.Type, empty.Subtype = Name.XObject, Name.Form
    empty.BBox = [0, 0, right - left, top - bottom]
    return empty


# --- read again -----------------------------------------------------------------------------------


class NotAForm(ValueError):
    """The file has no boxes that could have been filled in."""


class Boxes(NamedTuple):
    """What stands in each box that has something in it, by the box's whole name.

    A ticked box has the name of its state. Names and texts are what the file says: whoever
    asks must know them or leave them. mark: what `finish` wrote into the properties. saved_at:
    when a program saved it, where it says so; only as good as its clock.
    """

    values: dict[str, str]
    mark: str
    saved_at: datetime | None


def read(path: Path) -> Boxes:
    """The boxes of a file that has passed the way in. Raises NotAForm, or what pikepdf raises."""
    with pikepdf.open(path) as document:
        return Boxes(values(document), mark(document), _saved_at(document))


def as_json(path: Path) -> bytes:
    """For `documents.checks.alone`, which judges whatever goes wrong. Empty without boxes."""
    try:
        found = read(path)
    except NotAForm:
        return b"{}"
    saved = found.saved_at.isoformat() if found.saved_at else ""
    return json.dumps({"values": found.values, "mark": found.mark, "saved_at": saved}).encode()


def _saved_at(document: pikepdf.Pdf) -> datetime | None:
    text = str(document.docinfo.get("/ModDate", ""))
    match = re.fullmatch(r"D:(\d{14})(Z|[+-]\d\d'\d\d'?)?.*", text)
    if match is None:
        return None
    zone = match[2].replace("'", "") if match[2] and match[2] != "Z" else "+0000"
    try:
        return datetime.strptime(match[1] + zone, "%Y%m%d%H%M%S%z").astimezone(UTC)
    except ValueError:
        return None


def values(document: pikepdf.Pdf) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, field in _fields(document):
        text = _value(field)
        if text:
            found[name] = text
    return found


def mark(document: pikepdf.Pdf) -> str:
    return str(document.docinfo.get(MARK, ""))[:200]


def _fields(document: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    root = document.Root.get("/AcroForm")
    if not isinstance(root, pikepdf.Dictionary) or "/Fields" not in root:
        raise NotAForm
    left = MOST_BOXES
    waiting = [(field, "", 0) for field in root.Fields]
    while waiting:
        field, above, depth = waiting.pop()
        left -= 1
        if left < 0 or depth > 5 or not isinstance(field, pikepdf.Dictionary):
            continue
        own = str(field.get("/T", ""))[:200]
        name = f"{above}.{own}" if above and own else above or own
        kids: Any = field.get("/Kids")
        named = isinstance(kids, pikepdf.Array) and any(
            isinstance(kid, pikepdf.Dictionary) and "/T" in kid for kid in kids
        )
        if named and "/V" not in field:
            waiting += [(kid, name, depth + 1) for kid in kids]
        elif name:
            yield name, field


def _value(field: Any) -> str:
    value = field.get("/V")
    if isinstance(value, pikepdf.Array) and len(value) == 1:
        value = value[0]
    ticks = str(field.get("/FT")) == "/Btn"  # pypdf writes a radio's state as a text
    if ticks or value is None or isinstance(value, pikepdf.Name):
        return _state(field, str(value or "/Off"))
    if isinstance(value, pikepdf.Stream):
        value = value.read_bytes()[:MOST_TEXT].decode("utf-8", "replace")
    return str(value)[:MOST_TEXT].replace("\r\n", "\n").replace("\r", "\n").strip()


def _state(field: Any, value: str) -> str:
    """The state of ticked boxes, by the field or, where a program left that, by its pictures."""
    if value == "/Off":
        kids: Any = field.get("/Kids", [])
        shown = [kid.get("/AS") for kid in kids if "/AS" in kid]
        shown += [field.get("/AS")]
        value = next((str(one) for one in shown if one not in (None, Name.Off)), "/Off")
    return "" if value == "/Off" else value.removeprefix("/")
