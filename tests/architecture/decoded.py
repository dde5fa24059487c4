"""What an answer says, however it is packed: the search for foreign words reads this."""

import gzip
import html
import json
from io import BytesIO
from zipfile import ZipFile

from django.http import HttpResponse
from pypdf import PdfReader


def said(answer: HttpResponse) -> str:
    """Headers, cookies and body as plain text."""
    body = answer.getvalue() if answer.streaming else answer.content
    cookies = [cookie.OutputString() for cookie in answer.cookies.values()]
    return "\n".join([*map(str, answer.headers.values()), *cookies, text_of(body)])


def text_of(body: bytes) -> str:
    if body.startswith(b"\x1f\x8b"):
        return text_of(gzip.decompress(body))
    if body.startswith(b"PK\x03\x04"):  # xlsx, docx, zip: every part, and its name
        with ZipFile(BytesIO(body)) as packed:
            return "\n".join(f"{name} {text_of(packed.read(name))}" for name in packed.namelist())
    if body.startswith(b"%PDF"):
        document = PdfReader(BytesIO(body))
        pages = [page.extract_text() for page in document.pages]
        return "\n".join([*pages, *map(str, (document.metadata or {}).values())])
    if body.startswith((b"\x89PNG", b"\xff\xd8")):
        return ""
    text = body.decode(errors="replace")
    if text.startswith(("{", "[")):
        text += json.dumps(json.loads(text), ensure_ascii=False)
    return html.unescape(text)
