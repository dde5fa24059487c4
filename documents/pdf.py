"""HTML to tagged PDF, in the worker. The same HTML gives the same bytes."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from django.conf import settings
from django.contrib.staticfiles import finders

from documents import boxes

BASE = "https://static.invalid/"  # never asked: what begins so is read from our static files
MAX_CHARACTERS = 4_000_000
MAX_ROWS = 2_000
ASSETS = {
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
}


class CannotRender(ValueError):
    """The page lacks what a PDF needs, or is larger than we draw."""


def render(html: str, *, form: str = "") -> bytes:
    """A PDF/UA-1 file of a page whose `<html>` has `lang` and whose head has a title.

    form: makes its boxes fillable; the name of the one that nobody may change, whose text also
    goes into the file's properties. Nothing is fetched but `data:` addresses and our own static
    files, which may be named relative to the static folder ("css/print.css") or by their
    address. Raises CannotRender.
    """
    _has_what_it_needs(html)
    # Its libraries come from the system, and only workers need them.
    import weasyprint

    try:
        document = weasyprint.HTML(string=html, base_url=BASE, url_fetcher=_fetcher()).render(
            font_config=_fonts(), pdf_variant="pdf/ua-1", pdf_forms=bool(form)
        )
        raw = document.write_pdf(pdf_variant="pdf/ua-1", pdf_forms=bool(form))
    except RecursionError:
        raise CannotRender("the page is nested too deeply") from None
    return _finished(raw, form)


def _has_what_it_needs(html: str) -> None:
    if len(html) > MAX_CHARACTERS or html.count("<tr") > MAX_ROWS:
        raise CannotRender("the page is too long")
    if not re.search(r"<html[^>]*\slang=[\"']?[a-z]", html):
        raise CannotRender("the page names no language")
    if not re.search(r"<title[^>]*>\s*[^<\s]", html):
        raise CannotRender("the page has no title")


@cache
def _fonts() -> Any:
    """One for the life of the worker: unpacking the fonts takes longer than a page."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@cache
def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFilesOnly(URLFetcher):
        def __init__(self) -> None:
            super().__init__(allowed_protocols=["data"], allow_redirects=False)

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not url.startswith(BASE):
                return super().fetch(url, headers)
            asset = _asset(url.removeprefix(BASE))
            return URLFetcherResponse(
                url, asset.read_bytes(), {"Content-Type": ASSETS[asset.suffix]}
            )

    return OurFilesOnly()


def _asset(name: str) -> Path:
    """One of our static files. Raises ValueError for anything else."""
    name = name.split("?")[0].split("#")[0].removeprefix(settings.STATIC_URL.strip("/") + "/")
    asked = Path(name)
    if asked.suffix not in ASSETS or asked.is_absolute() or ".." in asked.parts:
        raise ValueError(f"not one of our files: {name}")
    collected = Path(settings.STATIC_ROOT) / asked
    found = collected if collected.is_file() else finders.find(name)
    if not found:
        raise ValueError(f"no such file: {name}")
    return Path(str(found))


def _finished(raw: bytes, form: str) -> bytes:
    """What WeasyPrint leaves out: the scope of table headers, the print flag of links."""
    out = BytesIO()
    with pikepdf.open(BytesIO(raw)) as document:
        for element in document.objects:
            if isinstance(element, pikepdf.Dictionary) and element.get("/S") == pikepdf.Name.TH:
                _give_scope(element)
        for page in document.pages:
            for annotation in page.get("/Annots", []):
                annotation.F = int(annotation.get("/F", 0)) | 4
        if form:
            boxes.finish(document, fixed=form)
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _give_scope(header: Any) -> None:
    row = header.get("/P")
    section = row.get("/P") if row is not None else None
    heads_a_column = section is not None and section.get("/S") == pikepdf.Name.THead
    if "/A" not in header:
        header.A = pikepdf.Dictionary(O=pikepdf.Name.Table)
    header.A.Scope = pikepdf.Name.Column if heads_a_column else pikepdf.Name.Row
