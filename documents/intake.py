"""The way in for files: streamed to disk, judged there, and only then given a row."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import puremagic
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from documents import files, preview
from documents.checks import Refused, captions, video
from documents.checks.alone import checked
from documents.models import StoredFile
from documents.states import FileState

__all__ = ["SLOTS", "Refused", "expected", "looks_like", "remove", "store", "too_large"]

MB = 2**20
ONE_REQUEST = 100 * MB  # larger files come in pieces: documents.uploads


@dataclass(frozen=True)
class Kind:
    """One type of file: how it begins, how it is judged, how large it may be.

    content_type: of what is kept. check: takes the path, and for a video the most `minutes`;
    returns None to keep the bytes as they came, or the bytes to keep instead.
    """

    content_type: str
    extensions: tuple[str, ...]
    name: str
    limit: int
    check: Callable[..., bytes | None]
    magic: tuple[bytes, ...] = ()
    magic_at: int = 0
    becomes: str = ""  # the ending of its name once it is kept


PDF = Kind("application/pdf", ("pdf",), "PDF", 15 * MB, checked("pdf"), (b"%PDF-",))
FORM = Kind("application/pdf", ("pdf",), "PDF", 15 * MB, checked("form"), (b"%PDF-",))
PNG = Kind("image/png", ("png",), "PNG", 15 * MB, checked("png"), (b"\x89PNG\r\n\x1a\n",))
JPEG = Kind("image/jpeg", ("jpg", "jpeg"), "JPEG", 15 * MB, checked("jpeg"), (b"\xff\xd8\xff",))
HEIC = Kind(
    "image/jpeg",
    ("heic", "heif"),
    "HEIC",
    15 * MB,
    checked("heic"),
    (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheim", b"ftypheis"),
    magic_at=4,
    becomes="jpg",
)
DOCX = Kind(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ("docx",),
    "Word",
    15 * MB,
    checked("docx"),
    (b"PK\x03\x04",),
)
CSV = Kind("text/csv", ("csv",), "CSV", 100 * MB, checked("csv"))
XLSX = Kind(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ("xlsx",),
    "XLSX",
    5 * MB,
    checked("xlsx"),
    (b"PK\x03\x04",),
)
FTYP = tuple(
    b"ftyp" + brand for brand in (b"isom", b"iso", b"mp4", b"avc1", b"M4V", b"MSNV", b"dash")
)
MP4 = Kind("video/mp4", ("mp4", "m4v"), "MP4", 1024 * MB, video.check_mp4, FTYP, magic_at=4)
MOV = Kind("video/quicktime", ("mov",), "MOV", 1024 * MB, video.check_mp4, (b"ftypqt",), magic_at=4)
WEBM = Kind("video/webm", ("webm",), "WebM", 1024 * MB, video.check_webm, (b"\x1a\x45\xdf\xa3",))
VTT = Kind("text/vtt", ("vtt",), "VTT", 1 * MB, captions.check)


@dataclass(frozen=True)
class Slot:
    kinds: tuple[Kind, ...]
    limit: int

    @property
    def accept(self) -> str:
        """For the `accept` attribute of the field."""
        return ",".join(f".{extension}" for kind in self.kinds for extension in kind.extensions)

    @property
    def names(self) -> str:
        *most, last = [kind.name for kind in self.kinds]
        if not most:
            return last
        return _("%(names)s or %(last)s") % {"names": ", ".join(most), "last": last}


SLOTS = {
    "letter": Slot((PDF, DOCX, PNG, JPEG, HEIC), 15 * MB),
    "evidence": Slot((PDF, PNG, JPEG, HEIC), 15 * MB),
    "logo": Slot((PNG, JPEG), 1 * MB),
    "form": Slot((FORM,), 15 * MB),
    "data": Slot((CSV, XLSX), 100 * MB),
    "video": Slot((MP4, MOV, WEBM), 1024 * MB),
    "captions": Slot((VTT,), 1 * MB),
}


def store(upload: File, *, slot: str, by: User | None, host_id: UUID, **limits: int) -> StoredFile:
    """Take a file in, or raise Refused with what the person can do about it.

    limits: `minutes` of a video.

    In a transaction, with the host open. The file is whole on disk before its row; one that
    is refused leaves nothing behind. A PDF has its pages drawn next: `preview.pages(stored)`.
    """
    place = SLOTS[slot]
    kind, _slot = expected(upload.name or "", slot)
    name = files.clean_name(upload.name or "")
    stored = StoredFile(
        host_id=host_id,
        uuid=uuid4(),
        slot=slot,
        original_name=f"{name.rpartition('.')[0]}.{kind.becomes}" if kind.becomes else name,
        content_type=kind.content_type,
        uploaded_by=by,
    )
    files.folder(host_id)
    try:
        _write(upload, stored, limit=min(kind.limit, place.limit))
        looks_like(stored.path, kind, place)
        instead = kind.check(stored.path, **limits)
        if instead is not None:
            stored.path.unlink()
            _write_bytes(instead, stored)
        files.settle(stored.path)
        stored.save(force_insert=True)
        if kind is PDF:
            preview.request(stored, by=by)
    except BaseException:
        stored.path.unlink(missing_ok=True)
        raise
    return stored


def expected(name: str, slot: str) -> tuple[Kind, Slot]:
    """What a file of this name should be here. Raises Refused when it has no place."""
    return _kind_by_name(name, SLOTS[slot]), SLOTS[slot]


def too_large(limit: int) -> Refused:
    return Refused(
        _("This file is larger than %(limit)s MB. Make it smaller and try again.")
        % {"limit": limit // MB},
        "too_large",
    )


def _kind_by_name(name: str, place: Slot) -> Kind:
    extension = name.rpartition(".")[2].lower()
    for kind in place.kinds:
        if extension in kind.extensions:
            return kind
    raise _wrong_type(place)


def _wrong_type(place: Slot) -> Refused:
    return Refused(
        _("We can't take this type of file here. Upload a %(names)s file.")
        % {"names": place.names},
        "wrong_type",
    )


def _write(upload: File, stored: StoredFile, *, limit: int) -> None:
    """Count while it comes: what the sender says about the size is not asked."""
    digest, size = hashlib.sha256(), 0
    with os.fdopen(files.create(stored.path), "wb") as out:
        for chunk in upload.chunks():
            size += len(chunk)
            if size > limit:
                raise too_large(limit)
            digest.update(chunk)
            out.write(chunk)
    if size == 0:
        raise Refused(_("This file is empty. Choose it again."), "empty")
    stored.size, stored.sha256 = size, digest.hexdigest()


def _write_bytes(content: bytes, stored: StoredFile) -> None:
    with os.fdopen(files.create(stored.path), "wb") as out:
        out.write(content)
    stored.size, stored.sha256 = len(content), hashlib.sha256(content).hexdigest()


def looks_like(path: Path, kind: Kind, place: Slot) -> None:
    """The first bytes must say the same as the name."""
    with path.open("rb") as start:
        head = start.read(2048)
    begins = head[kind.magic_at : kind.magic_at + 16]
    if begins.startswith(kind.magic) if kind.magic else not _known_binary(head):
        return
    raise Refused(
        _(
            "The name says %(kind)s, but the file is something else. "
            "Save it again as %(names)s and upload that."
        )
        % {"kind": kind.name, "names": place.names},
        "not_what_it_says",
    )


def _known_binary(head: bytes) -> bool:
    """Whether the bytes begin like a known type that is no text."""
    try:
        found = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        return False
    return bool(found) and not found.startswith("text/") and b"\0" in head


def remove(*, stored: StoredFile, reason: str) -> None:
    """Take the bytes away for good and keep the row, which says why. In a transaction."""
    StoredFile.objects.filter(pk=stored.pk).update(state=FileState.REMOVED, reason=reason[:300])
    transaction.on_commit(partial(stored.path.unlink, missing_ok=True), robust=True)
