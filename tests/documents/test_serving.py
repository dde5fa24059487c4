"""Files leave as attachments that nothing runs in."""

import pytest
from django.http import Http404

from documents import files, serving
from documents.states import FileState
from tests.documents import made


@pytest.fixture
def letter(in_host):
    return files.keep(
        made.letter_by_libreoffice(), "Carta – Río.pdf", "application/pdf",
        host_id=in_host.pk, slot="letter",
    )  # fmt: skip


@pytest.fixture
def photo(in_host):
    return files.keep(
        made.picture("PNG"), "page.png", "image/png", host_id=in_host.pk, slot="letter"
    )


def test_a_letter_is_an_attachment_in_a_sandbox(letter):
    answer = serving.response(letter)
    assert b"".join(answer.streaming_content) == made.letter_by_libreoffice()
    assert dict(answer.headers) == {
        "Content-Type": "application/pdf",
        "Content-Length": str(letter.size),
        "Content-Disposition": "attachment; filename*=utf-8''Carta%20%E2%80%93%20R%C3%ADo.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    answer.close()


def test_only_a_picture_may_be_shown_in_place(letter, photo):
    shown, kept = serving.response(photo, download=False), serving.response(letter, download=False)
    assert shown["Content-Disposition"] == 'inline; filename="page.png"'
    assert kept["Content-Disposition"].startswith("attachment")
    shown.close()
    kept.close()


def test_a_name_cannot_add_a_header(in_host):
    stored = files.keep(
        b"a,b\n", 'a"; x=\r\nSet-Cookie: a=b.csv', "text/csv", host_id=in_host.pk, slot="data"
    )
    answer = serving.response(stored)
    assert "\n" not in answer["Content-Disposition"] and "Set-Cookie" not in answer.headers
    answer.close()


@pytest.mark.parametrize("state", [FileState.CHECKING, FileState.REFUSED, FileState.REMOVED])
def test_what_is_not_clean_is_not_served(letter, state):
    letter.state = state
    answer = serving.response(letter)
    assert answer.status_code == 409
    assert b"This file is not ready" in answer.content


def test_a_file_that_is_gone_is_not_found(letter):
    letter.path.unlink()
    with pytest.raises(Http404):
        serving.response(letter)
