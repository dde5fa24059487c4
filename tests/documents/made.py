"""Files for tests, good and hostile, each made on the spot."""

import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import openpyxl
import pikepdf
from PIL import ExifTags, Image

FILES = Path(__file__).parent / "files"


def letter_by_libreoffice() -> bytes:
    return (FILES / "letter-libreoffice.pdf").read_bytes()


# --- PDFs ------------------------------------------------------------------------------------


def pdf(*, pages: int = 1, change=None, **saving) -> bytes:
    """A plain PDF; change(document) makes it hostile."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(612, 792))
    if change:
        change(document)
    out = BytesIO()
    document.save(out, **saving)
    return out.getvalue()


def script(document: pikepdf.Pdf) -> pikepdf.Dictionary:
    return document.make_indirect(
        pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('boo')"))
    )


def runs_on_opening(document):
    document.Root.OpenAction = script(document)


def runs_by_name(document):
    names = pikepdf.Array([pikepdf.String("boo"), script(document)])
    document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=names))


def runs_on_a_page(document):
    document.pages[0].obj.AA = pikepdf.Dictionary(O=script(document))


def runs_from_a_link(document):
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe"))
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 100, 100],
        A=pikepdf.Dictionary(
            S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org"), Next=launch
        ),
    )
    document.pages[0].obj.Annots = pikepdf.Array([document.make_indirect(link)])


def holds_a_file(document):
    document.attachments["run.exe"] = b"MZ..."


def holds_a_file_in_a_note(document):
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 10, 10]
    )
    document.pages[0].obj.Annots = pikepdf.Array([note])


def is_a_dynamic_form(document):
    document.Root.AcroForm = pikepdf.Dictionary(
        Fields=pikepdf.Array([]), XFA=pikepdf.Stream(document, b"<xdp/>")
    )


def locked_pdf() -> bytes:
    return pdf(encryption=pikepdf.Encryption(owner="o", user="secret"))


def restricted_pdf() -> bytes:
    """Opens without a password, but its sender forbade printing and copying."""
    allow = pikepdf.Permissions(print_lowres=False, print_highres=False, extract=False)
    return pdf(encryption=pikepdf.Encryption(owner="o", user="", allow=allow))


# --- pictures --------------------------------------------------------------------------------


def phone_photo() -> bytes:
    """Like a phone's: held upright, so turned by a note, with place, camera and comments."""
    image = Image.new("RGB", (400, 300), "white")
    image.paste("red", (0, 0, 100, 100))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # turn a quarter clockwise to see it upright
    exif[ExifTags.Base.Make] = "Phonemaker"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (41.0, 52.0, 43.0)
    out = BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"written by the phone")
    return out.getvalue()


def picture(kind: str, mode: str = "RGB", size=(40, 30)) -> bytes:
    out = BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


def huge_png(width: int = 20_000, height: int = 20_000) -> bytes:
    """400 million dots in a few kilobytes: only its head is looked at."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = b"\0" + b"\0" * (width // 8)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(row * 64))
        + chunk(b"IEND", b"")
    )


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64


# --- tables ----------------------------------------------------------------------------------


def workbook(rows: int = 3, columns: int = 4, sheets: int = 1) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for _ in range(sheets):
        sheet = book.create_sheet()
        for row in range(rows):
            sheet.append([row] * columns)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def changed_zip(content: bytes, add: dict[str, bytes]) -> bytes:
    """The same zip with members added or replaced."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in add:
                new.writestr(name, old.read(name))
        for name, data in add.items():
            new.writestr(name, data)
    return out.getvalue()


def zip_bomb() -> bytes:
    return changed_zip(workbook(), {"xl/media/zeros.bin": b"\0" * (60 * 2**20)})


def lying_bomb() -> bytes:
    """Its list says that the sheet is small; unpacked it is not."""
    big = b"<worksheet>" + b" " * (30 * 2**20)
    content = bytearray(changed_zip(workbook(), {"xl/worksheets/sheet1.xml": big}))
    for signature, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.find(signature)
        while at != -1:
            if struct.unpack_from("<I", content, at + place)[0] == len(big):
                struct.pack_into("<I", content, at + place, 5_000)
            at = content.find(signature, at + 4)
    return bytes(content)


def entity_bomb(member: str = "xl/worksheets/sheet1.xml") -> bytes:
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    text = f"<?xml version='1.0'?>{entities}<x>&b;</x>"
    return changed_zip(workbook(), {member: text.encode()})


def entity_bomb_in_utf16() -> bytes:
    """Not found by its bytes; the reader of the sheet itself must refuse it."""
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>'
    return changed_zip(workbook(), {"xl/worksheets/sheet1.xml": text.encode("utf-16")})
