"""What leaves as PDF can be read by everybody and fetches nothing from anywhere."""

import base64
from io import BytesIO

import pikepdf
import pypdf
import pytest

from documents.pdf import MAX_CHARACTERS, MAX_ROWS, CannotRender, render
from tests.documents import made

PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="css/print.css"></head>
<body><h1>Equity charter</h1>{body}</body></html>"""

TABLE = """<table><caption>Commitments</caption>
<thead><tr><th>Person</th><th>Commitment</th></tr></thead>
<tbody><tr><th>Dana</th><td>Data by group</td></tr></tbody></table>
<p><a href="https://example.org/">More</a></p>
<svg width="200" height="80" role="img"><title>Run chart</title><path d="M0 40H200"/></svg>"""


def page(body: str = TABLE, *, lang: str = "en", title: str = "Charter of Riverbend") -> str:
    return PAGE.format(body=body, lang=lang, title=title)


def elements(document: pikepdf.Pdf, kind: str) -> list[pikepdf.Dictionary]:
    return [
        thing
        for thing in document.objects
        if isinstance(thing, pikepdf.Dictionary) and str(thing.get("/S")) == f"/{kind}"
    ]


def test_it_is_tagged_titled_and_in_a_language():
    with pikepdf.open(BytesIO(render(page(lang="es", title="Carta de Río")))) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "es"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.docinfo.Title == "Carta de Río"
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        for kind in ("H1", "Table", "Caption", "TH", "TD", "Figure", "Link"):
            assert elements(document, kind), kind


def test_table_headers_say_what_they_head_and_links_print():
    with pikepdf.open(BytesIO(render(page()))) as document:
        scopes = [str(header.A.Scope) for header in elements(document, "TH")]
        assert sorted(scopes) == ["/Column", "/Column", "/Row"]
        [figure] = elements(document, "Figure")
        assert figure.Alt == "Run chart"
        [link] = document.pages[0].Annots
        assert link.F & 4


def test_the_same_page_gives_the_same_bytes():
    assert render(page()) == render(page())


def test_our_style_and_fonts_are_in_it():
    reader = pypdf.PdfReader(BytesIO(render(page())))
    fonts = {str(font["/BaseFont"]) for font in _fonts(reader)}
    assert any("Source-Sans-3" in name or "SourceSans3" in name for name in fonts), fonts
    assert reader.pages[0].mediabox.width == 612
    assert "Data by group" in reader.pages[0].extract_text()


def _fonts(reader):
    return [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]


def test_a_style_by_its_address_is_found_as_well(settings):
    by_address = page().replace("css/print.css", f"{settings.STATIC_URL}css/print.css")
    assert render(by_address) == render(page())


@pytest.mark.parametrize(
    "hostile",
    [
        '<link rel="attachment" href="file:///etc/hostname">',
        '<img alt="x" src="file:///etc/hostname">',
        '<img alt="x" src="http://127.0.0.1:9/x.png">',
        '<link rel="attachment" href="https://static.invalid/../../../etc/hostname">',
        '<link rel="attachment" href="../config/settings.py">',
        '<link rel="attachment" href="https://static.invalid/%2e%2e/config/settings.py">',
        '<link rel="attachment" href="css/../../manage.py">',
        '<style>@import "http://127.0.0.1:9/x.css"; body {{ background: url(ftp://x/y) }}</style>',
        '<object data="file:///etc/hostname"></object>',
    ],
)
def test_nothing_is_fetched_from_anywhere(hostile, caplog):
    plain, content = render(page()), render(page(TABLE + hostile))
    with pikepdf.open(BytesIO(content)) as document:
        assert not document.attachments
    assert len(content) < len(plain) + 500


@pytest.mark.parametrize("way", ["/{path}", "{path}", "css/../../../../../../{path}"])
def test_a_style_outside_our_static_files_is_not_read(way, tmp_path, caplog):
    outside = tmp_path / "outside.css"
    outside.write_text("h1::after { content: 'leaked' }")
    html = page().replace("css/print.css", "https://static.invalid/" + way.format(path=outside))
    assert "leaked" not in pypdf.PdfReader(BytesIO(render(html))).pages[0].extract_text()
    assert "Failed to load stylesheet" in caplog.text


def test_pictures_inside_the_page_are_drawn():
    data = base64.b64encode(made.picture("PNG")).decode()
    content = render(page(f'<img alt="A photo" src="data:image/png;base64,{data}">'))
    with pikepdf.open(BytesIO(content)) as document:
        assert len(document.pages[0].get_images()) == 1


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<html><head><title>x</title></head></html>", "language"),
        ('<html lang=""><head><title>x</title></head></html>', "language"),
        ('<html lang="en"><head><title> </title></head></html>', "title"),
        (page("<table>" + "<tr><td>x</td></tr>" * (MAX_ROWS + 1) + "</table>"), "too long"),
        (page("x" * MAX_CHARACTERS), "too long"),
        (page("<div>" * 700 + "</div>" * 700), "too deeply"),
    ],
)
def test_what_cannot_become_a_good_pdf_is_refused(html, words):
    with pytest.raises(CannotRender, match=words):
        render(html)
