"""Text documents: nothing in them runs, nothing is fetched when somebody opens them."""

import re
import xml.parsers.expat
import zipfile
import zlib
from pathlib import Path

from django.utils.translation import gettext as _

from documents.checks import Refused
from documents.checks.package import Limits, members, pieces

MB = 2**20
XML_LIMIT = 10 * MB  # of one part; a letter of thirty pages has less than one
LIMITS = Limits(60 * MB, 400, frozenset({"[content_types].xml", "word/document.xml"}))
FETCHES = re.compile(r"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|MACROBUTTON)\b", re.I)
HOLDS = ("word/embeddings/", "word/activex/", "word/afchunk", "customui/")
PLAIN_LINKS = ("http://", "https://", "mailto:")


def _damaged() -> Refused:
    return Refused(
        _("We could not read this document. Save it again as a PDF and upload that."), "damaged"
    )


def _reaches_out() -> Refused:
    return Refused(
        _(
            "This document takes in parts from other places when it is opened. "
            "Save it as a PDF and upload that."
        ),
        "reaches_out",
    )


def check(path: Path) -> None:
    names = members(path, LIMITS, _damaged())
    if any(name.startswith(HOLDS) for name in names):
        raise Refused(
            _(
                "This document has other files or forms inside it. "
                "Save it as a PDF and upload that."
            ),
            "files_inside",
        )
    try:
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                if name.lower().endswith((".xml", ".rels")):
                    _part(packed, name)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError):
        raise _damaged() from None
    except xml.parsers.expat.ExpatError:
        raise _damaged() from None


def _part(packed: zipfile.ZipFile, name: str) -> None:
    """Read one part as a stream: no tree is built, so its size and depth cost nothing."""
    reader, commands = xml.parsers.expat.ParserCreate(), _Commands()
    reader.StartElementHandler = commands.start
    reader.EndElementHandler = commands.end
    reader.CharacterDataHandler = commands.text
    reader.StartDoctypeDeclHandler = _refuse_doctype
    for piece in pieces(packed, name, XML_LIMIT):
        reader.Parse(piece, False)
    reader.Parse(b"", True)
    if FETCHES.search("".join(commands.found)):
        raise _reaches_out()


def _refuse_doctype(*_what: object) -> None:
    raise _damaged()


class _Commands:
    """What fields say to the word processor, and where relationships lead."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        self.inside = local == "instrText"
        if local == "fldSimple":
            self.found += [v for k, v in attributes.items() if k.rpartition(":")[2] == "instr"]
        if local == "Relationship" and attributes.get("TargetMode", "").lower() == "external":
            kind = attributes.get("Type", "").rpartition("/")[2]
            target = attributes.get("Target", "").strip().lower()
            if kind != "hyperlink" or not target.startswith(PLAIN_LINKS):
                raise _reaches_out()
        if local == "Override" and "macroenabled" in attributes.get("ContentType", "").lower():
            raise Refused(_("This file has macros in it. Save it without macros."), "macros")

    def end(self, _name: str) -> None:
        self.inside = False

    def text(self, words: str) -> None:
        if self.inside and len(self.found) < 10_000:
            self.found.append(words)
