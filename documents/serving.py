"""The way out for files. The caller has already asked the owning row who may have it."""

import re
from typing import BinaryIO

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from documents.models import StoredFile

SANDBOX = "sandbox; default-src 'none'"


RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")


class Slice:
    """Some bytes of an open file, for a response that streams them."""

    def __init__(self, content: BinaryIO, start: int, length: int) -> None:
        content.seek(start)
        self.content, self.left = content, length

    def read(self, size: int = -1) -> bytes:
        most = self.left if size < 0 else min(size, self.left)
        got = self.content.read(most)
        self.left -= len(got)
        return got

    def close(self) -> None:
        self.content.close()


def response(stored: StoredFile, *, download: bool = True) -> HttpResponseBase:
    """The file as an attachment; with `download=False` pictures and films are shown in place."""
    content = _opened(stored)
    if isinstance(content, HttpResponse):
        return content
    return _answer(stored, content, download=download)


def film(stored: StoredFile, wanted: str) -> HttpResponseBase:
    """A film to play in place: whole, or the range that the player wants (RFC 9110, one range).

    wanted: the request's Range header. One that can't be read is answered with the whole film.
    """
    content, found = _opened(stored), RANGE.match(wanted.strip())
    if isinstance(content, HttpResponse):
        return content
    if not found or not any(found.groups()):
        answer = _answer(stored, content, download=False)
        answer["Accept-Ranges"] = "bytes"
        return answer
    first, last = found.groups()
    start = int(first) if first else max(0, stored.size - int(last))
    end = min(int(last), stored.size - 1) if first and last else stored.size - 1
    if start >= stored.size or end < start:
        content.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{stored.size}"})
    part = Slice(content, start, end - start + 1)
    answer = _answer(stored, part, download=False)
    answer.status_code = 206
    answer["Accept-Ranges"] = "bytes"
    answer["Content-Length"] = str(end - start + 1)
    answer["Content-Range"] = f"bytes {start}-{end}/{stored.size}"
    return answer


def _opened(stored: StoredFile) -> BinaryIO | HttpResponse:
    if not stored.is_clean:
        return HttpResponse(render_to_string("documents/not_ready.html"), status=409)
    try:
        return stored.path.open("rb")
    except FileNotFoundError:
        raise Http404("The file is gone.") from None


def _answer(stored: StoredFile, content: BinaryIO | Slice, *, download: bool) -> FileResponse:
    answer = FileResponse(
        content,
        as_attachment=download or not stored.may_be_shown,
        filename=stored.original_name,
        content_type=stored.content_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = SANDBOX
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
