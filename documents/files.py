"""Bytes on disk: under opaque names, written whole before their row."""

import hashlib
import os
import unicodedata
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from accounts.models import User
from documents.models import StoredFile


def folder(host_id: UUID) -> Path:
    path = Path(settings.MEDIA_ROOT) / str(host_id)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def create(path: Path) -> int:
    """A descriptor of a new file that nobody else may read; fails if it exists."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def settle(path: Path) -> None:
    """Make sure that the file and its name outlive a power cut."""
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def keep(
    content: bytes,
    name: str,
    content_type: str,
    *,
    host_id: UUID,
    slot: str,
    by: User | None = None,
) -> StoredFile:
    """Store bytes that we made or have checked. In a transaction, with the host open."""
    stored = StoredFile(
        host_id=host_id,
        uuid=uuid4(),
        slot=slot,
        original_name=clean_name(name),
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
    )
    folder(host_id)
    with os.fdopen(create(stored.path), "wb") as out:
        out.write(content)
    settle(stored.path)
    stored.save(force_insert=True)
    return stored


def clean_name(name: str) -> str:
    """A name for display: no path, no control or direction marks, at most 150 characters."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    stem, dot, extension = name.strip().rpartition(".")
    if not dot or len(extension) > 10:
        return name.strip()[:150] or "file"
    return f"{stem[: 149 - len(extension)] or 'file'}.{extension}"
