"""Text documents to download and change: python-docx, kept in one place."""

from collections.abc import Iterable
from io import BytesIO

from docx import Document

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def made(title: str, paragraphs: Iterable[str | list[str]], *, language: str) -> bytes:
    """A heading, then paragraphs; a list among them becomes a list of points."""
    document = Document()
    document.core_properties.title = title
    document.core_properties.language = language
    document.core_properties.author = ""
    document.add_heading(title, level=1)
    for one in paragraphs:
        if isinstance(one, str):
            document.add_paragraph(one)
        else:
            for point in one:
                document.add_paragraph(point, style="List Bullet")
    out = BytesIO()
    document.save(out)
    return out.getvalue()
