"""What people bring: the good comes in, the rest is refused in words that help."""

import stat
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from documents import intake
from documents.intake import Refused
from documents.models import StoredFile
from tests.documents import made


@pytest.fixture
def bring(in_host, owner, settings):
    def _bring(name, content, slot="letter"):
        return intake.store(
            SimpleUploadedFile(name, content), slot=slot, by=owner, host_id=in_host.pk
        )

    return _bring


@pytest.fixture
def refused(bring, settings):
    """The code and words of a refusal; nothing may stay behind."""

    def _refused(name, content, slot="letter"):
        with pytest.raises(Refused) as refusal:
            bring(name, content, slot)
        assert not StoredFile.objects.exists()
        assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []
        assert refusal.value.message == str(refusal.value)
        return refusal.value.code

    return _refused


# --- what comes in -------------------------------------------------------------------------------


def test_a_letter_by_another_program_is_kept_byte_for_byte(bring, in_host, owner):
    content = made.letter_by_libreoffice()
    stored = bring("Letter – Río.pdf", content)
    assert stored.path.read_bytes() == content
    assert stored.path.parent.name == str(in_host.pk)
    assert stored.path.name == str(stored.uuid)
    assert stat.S_IMODE(stored.path.stat().st_mode) == 0o600
    kept = StoredFile.objects.get()
    assert (kept.size, kept.content_type, kept.state) == (len(content), "application/pdf", "clean")
    assert (kept.original_name, kept.uploaded_by) == ("Letter – Río.pdf", owner)
    assert len(kept.sha256) == 64


def test_a_photo_loses_its_place_and_is_turned_upright(bring):
    stored = bring("IMG_2041.JPG", made.phone_photo())
    content = stored.path.read_bytes()
    assert b"Phonemaker" not in content and b"written by the phone" not in content
    with Image.open(BytesIO(content)) as photo:
        assert photo.size == (300, 400)
        assert not photo.getexif()
        assert photo.getpixel((290, 10))[0] > 200  # the red corner went to the top right
        assert photo.getpixel((290, 10))[1] < 60
    assert (stored.size, stored.content_type) == (len(content), "image/jpeg")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_of_every_kind_comes_in(bring, mode):
    stored = bring("scan.png", made.picture("PNG", mode))
    with Image.open(stored.path) as image:
        assert (image.mode, image.size) == (mode, (40, 30))


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg_of_every_kind_comes_in(bring, mode):
    assert bring("scan.jpeg", made.picture("JPEG", mode)).content_type == "image/jpeg"


@pytest.mark.parametrize("name", ["measures-libreoffice.csv", "measures-libreoffice.xlsx"])
def test_tables_by_a_spreadsheet_program_come_in(bring, name):
    content = (made.FILES / name).read_bytes()
    assert bring(name, content, "data").path.read_bytes() == content


def test_a_csv_by_excel_on_windows_comes_in(bring):
    assert bring("a.csv", "Mes;Años\r\n1;2\r\n".encode("cp1252"), "data")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\Letter.pdf", "Letter.pdf"),
        ("a\u202efdp.pdf", "afdp.pdf"),
        ("tab\tand\nline.pdf", "tabandline.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("Carta de apoyo n\u0303.pdf", "Carta de apoyo ñ.pdf"),
    ],
)
def test_names_are_for_display_only(bring, given, kept):
    upload = SimpleUploadedFile("a.pdf", made.pdf())
    upload._name = given
    stored = bring(given, made.pdf())
    assert stored.original_name in (kept, kept.replace("x" * 146, "x" * 145))


# --- scripts are taken out ----------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [made.runs_on_opening, made.runs_by_name, made.runs_on_a_page, made.runs_from_a_link],
)
def test_what_runs_is_taken_out_of_a_pdf(bring, change):
    original = made.pdf(change=change)
    stored = bring("letter.pdf", original)
    content = stored.path.read_bytes()
    assert content != original and stored.size == len(content)
    with pikepdf.open(BytesIO(content)) as document:
        everything = " ".join(repr(thing) for thing in document.objects)
        assert len(document.pages) == 1
    for word in ("JavaScript", "app.alert", "Launch", "calc.exe"):
        assert word not in everything


def test_scripts_packed_in_object_streams_are_found(bring):
    original = made.pdf(
        change=made.runs_on_opening, object_stream_mode=pikepdf.ObjectStreamMode.generate
    )
    assert b"JavaScript" not in original
    with pikepdf.open(bring("letter.pdf", original).path) as document:
        assert "/OpenAction" not in document.Root


# --- what is refused -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "name", "content"),
    [
        ("empty", "letter.pdf", b""),
        ("damaged", "letter.docx", b"PK\x03\x04"),
        ("wrong_type", "letter", made.pdf()),
        ("wrong_type", "picture.gif", b"GIF89a/*...*/=1;alert(1)"),
        ("wrong_type", "picture.svg", b"<svg onload='alert(1)'/>"),
        ("damaged", "IMG_1.HEIC", made.HEIC),
        ("not_what_it_says", "IMG_1.jpg", made.HEIC),
        ("not_what_it_says", "page.png", b"<html><script>alert(1)</script></html>"),
        ("not_what_it_says", "letter.pdf", made.picture("PNG")),
        ("not_what_it_says", "photo.jpg", made.picture("PNG")),
        ("not_what_it_says", "late.pdf", b" " * 1024 + made.pdf()),
        ("encrypted", "locked.pdf", made.locked_pdf()),
        ("too_many_pages", "long.pdf", made.pdf(pages=31)),
        ("files_inside", "box.pdf", made.pdf(change=made.holds_a_file)),
        ("files_inside", "note.pdf", made.pdf(change=made.holds_a_file_in_a_note)),
        ("form", "form.pdf", made.pdf(change=made.is_a_dynamic_form)),
        ("damaged", "polyglot.pdf", b"%PDF-1.4\n<html><script>alert(1)</script>%%EOF"),
        ("damaged", "polyglot.pdf", made.pdf() + b"PK\x03\x04 and a zip behind it"),
        ("damaged", "cut.pdf", made.letter_by_libreoffice()[:9000]),
        ("damaged", "cut.jpg", made.phone_photo()[:2500]),
        ("damaged", "cut.png", made.picture("PNG")[:60]),
        ("damaged", "broken.png", made.picture("PNG")[:40] + b"junk" * 20),
        ("too_many_pixels", "huge.png", made.huge_png()),
        ("too_many_pixels", "large.png", made.huge_png(7_000, 6_000)),
    ],
)
def test_letters_that_are_refused(refused, code, name, content):
    assert refused(name, content) == code


@pytest.mark.parametrize(
    ("code", "name", "content"),
    [
        ("wrong_type", "data.xls", b"\xd0\xcf\x11\xe0"),
        ("wrong_type", "data.xlsm", made.workbook()),
        ("not_what_it_says", "data.xlsx", b"Month,N\n1,2\n"),
        ("not_what_it_says", "data.csv", made.workbook()),
        ("damaged", "data.csv", b"<html><table></table></html>"),
        ("damaged", "data.csv", b"Month,N\n1,\0\n"),
        ("encoding", "data.csv", "Month\tN\n1\t2\n".encode("utf-16")),
        ("too_many_columns", "wide.csv", b"," * 200 + b"\n"),
        ("too_many_columns", "wide.xlsx", made.workbook(columns=201)),
        ("too_many_rows", "long.xlsx", made.workbook(rows=5_001)),
        ("too_many_sheets", "thick.xlsx", made.workbook(sheets=21)),
        ("too_large_inside", "bomb.xlsx", made.zip_bomb()),
        (
            "too_large_inside",
            "many.xlsx",
            made.changed_zip(made.workbook(), {f"{n}": b"x" for n in range(200)}),
        ),
        ("macros", "m.xlsx", made.changed_zip(made.workbook(), {"xl/vbaProject.bin": b"x"})),
        ("damaged", "lies.xlsx", made.lying_bomb()),
        ("damaged", "entities.xlsx", made.entity_bomb()),
        ("damaged", "entities.xlsx", made.entity_bomb("xl/workbook.xml")),
        ("damaged", "entities.xlsx", made.entity_bomb_in_utf16()),
        (
            "damaged",
            "zip.xlsx",
            made.changed_zip(made.workbook(), {"xl/worksheets/sheet1.xml": b"<x"}),
        ),
        ("damaged", "cut.xlsx", made.workbook()[:-30]),
    ],
)
def test_tables_that_are_refused(refused, code, name, content):
    assert refused(name, content, "data") == code


def test_a_letter_that_forbids_printing_is_still_read(bring):
    """It opens without a password, so a reader sees all of it."""
    assert bring("letter.pdf", made.restricted_pdf())


def test_size_is_counted_and_not_believed(refused, bring, monkeypatch):
    upload = SimpleUploadedFile("big.pdf", b"%PDF-1.7" + b"x" * (15 * intake.MB))
    upload.size = 10
    with pytest.raises(Refused) as refusal:
        bring("big.pdf", upload.read())
    assert refusal.value.code == "too_large"
    assert refusal.value.message == "This file is larger than 15 MB. Make it smaller and try again."


def test_a_logo_may_be_one_megabyte(refused):
    assert refused("logo.png", made.picture("PNG")[:8] + b"x" * intake.MB, "logo") == "too_large"


def test_the_field_knows_what_its_slot_takes():
    assert intake.SLOTS["letter"].accept == ".pdf,.docx,.png,.jpg,.jpeg,.heic,.heif"
    assert intake.SLOTS["letter"].names == "PDF, Word, PNG, JPEG or HEIC"


def test_a_row_that_cannot_be_written_leaves_no_file(in_host, other_host, owner, settings):
    with pytest.raises(Exception, match="row-level security"):
        intake.store(
            SimpleUploadedFile("a.csv", b"a,b\n"), slot="data", by=owner, host_id=other_host.pk
        )
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []
