"""PDFs: readable by anybody, no longer than a person reads, and with nothing in them that runs.

A clean one is kept byte for byte, so that a signature in it stays valid. Scripts and actions
are taken out; what can't be taken out without losing what the sender meant is refused.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from django.utils.translation import gettext as _

from documents.checks import Refused

MAX_PAGES = 30
MAX_OBJECTS = 100_000
RUNS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/Rendition",
    "/Movie",
    "/Sound",
    "/GoToE",
    "/GoToR",
    "/RichMediaExecute",
}
HOLDS_FILES = {"/FileAttachment", "/RichMedia", "/Screen", "/3D"}


def check(path: Path, most_pages: str = str(MAX_PAGES)) -> bytes | None:
    """None when the file may stay as it is; its cleaned bytes when something was taken out."""
    _is_nothing_else(path)
    try:
        with pikepdf.open(path) as document:
            _limits(document, int(most_pages))
            _no_files_inside(document)
            if not _take_out_what_runs(document):
                return None
            return _saved(document)
    except pikepdf.PasswordError:
        raise Refused(
            _(
                "This PDF is locked with a password. Save a copy without the password, "
                "then upload that copy."
            ),
            "encrypted",
        ) from None
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError, OverflowError):
        raise _damaged() from None


def _damaged() -> Refused:
    return Refused(
        _("We could not read this PDF. Open it, save or print it as a new PDF, and upload that."),
        "damaged",
    )


def _is_nothing_else(path: Path) -> None:
    """A PDF from its first byte to its last: nothing put before or behind it."""
    content = path.read_bytes()
    if not content.startswith(b"%PDF-"):
        raise _damaged()
    _before, marker, behind = content.rpartition(b"%%EOF")
    if not marker or behind.strip(b"\0\t\n\x0c\r "):
        raise _damaged()


def _limits(document: pikepdf.Pdf, most_pages: int) -> None:
    if len(document.objects) > MAX_OBJECTS:
        raise _damaged()
    pages = len(document.pages)
    if pages == 0:
        raise _damaged()
    if pages > most_pages:
        raise Refused(
            _(
                "This PDF has %(pages)s pages. The limit is %(limit)s. "
                "Send the pages that matter most."
            )
            % {"pages": pages, "limit": most_pages},
            "too_many_pages",
        )


def _no_files_inside(document: pikepdf.Pdf) -> None:
    root = document.Root
    if "/XFA" in root.get("/AcroForm", {}):
        raise Refused(
            _(
                "This PDF is a form that only some programs can show. "
                "Print it to a new PDF and upload that."
            ),
            "form",
        )
    if (
        "/EmbeddedFiles" in root.get("/Names", {})
        or "/Collection" in root
        or any(str(d.get("/Subtype")) in HOLDS_FILES for d in _dictionaries(document))
        or any("/EF" in d for d in _dictionaries(document))
    ):
        raise Refused(
            _(
                "This PDF has other files inside it. Print it to a new PDF, "
                "so that all can be seen on its pages, and upload that."
            ),
            "files_inside",
        )


def _take_out_what_runs(document: pikepdf.Pdf) -> bool:
    """Remove scripts and actions wherever they hang. Returns whether there were any."""
    found = False
    for dictionary in list(_dictionaries(document)):
        for key in ("/AA", "/JS", "/JavaScript"):
            if key in dictionary:
                del dictionary[key]
                found = True
        opens = dictionary.get("/OpenAction")
        if isinstance(opens, pikepdf.Dictionary) and str(opens.get("/S")) != "/GoTo":
            del dictionary["/OpenAction"]
            found = True
        if str(dictionary.get("/S")) in RUNS:
            for key in list(dictionary.keys()):
                del dictionary[key]
            found = True
    return found


def _dictionaries(document: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary of the file, those inside other objects too."""
    for holder in document.objects:
        yield from _inside(holder, 0)


def _inside(thing: Any, depth: int) -> Iterator[Any]:
    if depth > 50:
        raise RecursionError
    if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        yield thing
        children = [thing.get(key) for key in list(thing.keys())]
    elif isinstance(thing, pikepdf.Array):
        children = list(thing)
    else:
        return
    for child in children:
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            yield from _inside(child, depth + 1)


def _saved(document: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()
