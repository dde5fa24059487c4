"""Large files that come in pieces: begun, gone on with, given up, judged.

The pieces are in `<uuid>.part` beside the stored files. A piece counts once it is on the disk and
its row says so; what was written beyond that when something broke is overwritten by the next.
"""

import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from documents import files, intake
from documents.checks import Refused
from documents.models import StoredFile, Upload
from documents.states import UploadState, upload_machine
from workflow.machine import TransitionNotAllowed

PIECE = 4 * intake.MB  # the most that one request brings
OPEN_BYTES = 20 * 1024 * intake.MB  # of all unfinished uploads of a host
ENOUGH = 64  # bytes that tell whether a file is what its name says
OPEN_EACH = 5  # unfinished uploads of one person


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Elsewhere(Exception):
    """The piece does not begin where the last one ended. received: where it should."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


def begin(
    *, slot: str, name: str, length: int, purpose: str, by: User, host_id: UUID, now: datetime
) -> Upload:
    """Make room for a file. Raises Refused with the sentence for the person."""
    kind, place = intake.expected(name, slot)
    if length <= 0:
        raise Refused(_("This file is empty. Choose it again."), "empty")
    if length > min(kind.limit, place.limit):
        raise intake.too_large(min(kind.limit, place.limit))
    unfinished = Upload.objects.filter(state=UploadState.RECEIVING)
    held = unfinished.aggregate(all=Sum("length"))["all"] or 0
    if held + length > OPEN_BYTES or unfinished.filter(uploaded_by=by).count() >= OPEN_EACH:
        raise Refused(
            _("Too many uploads are unfinished. Finish or cancel one, then try again."), "quota"
        )
    return Upload.objects.create(
        host_id=host_id,
        slot=slot,
        name=files.clean_name(name),
        purpose=purpose,
        length=length,
        uploaded_by=by,
        created_at=now,
        touched_at=now,
    )


def append(*, upload: Upload, offset: int, stream: Stream, now: datetime) -> Upload:
    """Take the next piece; as much of it as arrives counts. In a transaction.

    Raises Elsewhere when it begins at the wrong place, Refused when the file is not what its
    name says, TransitionNotAllowed when it is no longer open.
    """
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    upload_machine.target("receive", upload.state)
    if offset != upload.received:
        raise Elsewhere(upload.received)
    files.folder(upload.host_id)
    flags = os.O_RDWR | os.O_CREAT
    with os.fdopen(os.open(upload.path, flags, 0o600), "r+b") as part:
        part.seek(offset)
        part.truncate()
        room = min(upload.left, PIECE)
        while room and (content := _next(stream, min(room, 65_536))):
            part.write(content)
            room -= len(content)
        part.flush()
        os.fsync(part.fileno())
        upload.received = part.tell()
    if offset == 0 and upload.received >= ENOUGH:
        intake.looks_like(upload.path, *intake.expected(upload.name, upload.slot))
    upload.touched_at = now
    if not upload.left:
        upload.state = upload_machine.target("finish", upload.state)
    upload.save(update_fields=["received", "touched_at", "state"])
    return upload


def _next(stream: Stream, size: int) -> bytes:
    """What comes, until the connection breaks."""
    try:
        return stream.read(size)
    except OSError:
        return b""


def cancel(*, upload: Upload) -> None:
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    upload.state = upload_machine.target("cancel", upload.state)
    upload.save(update_fields=["state"])
    transaction.on_commit(lambda: upload.path.unlink(missing_ok=True), robust=True)


def judge(upload: Upload, *, progress: Callable[[int], None], **limits: int) -> tuple[str, str]:
    """Read the whole file outside any transaction: its SHA-256, and why it is refused or "".

    limits: as of `intake.store`.
    """
    digest, done = hashlib.sha256(), 0
    with upload.path.open("rb") as part:
        while content := part.read(intake.MB):
            digest.update(content)
            done += len(content)
            if done % (64 * intake.MB) < intake.MB:
                progress(min(90, 90 * done // upload.length))
    kind, place = intake.expected(upload.name, upload.slot)
    try:
        intake.looks_like(upload.path, kind, place)
        kind.check(upload.path, **limits)
    except Refused as refused:
        return digest.hexdigest(), refused.message
    return digest.hexdigest(), ""


def settle(*, upload: Upload, sha256: str, reason: str) -> Upload:
    """Make it a stored file, or say why not. In a transaction; a second time changes nothing."""
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if reason:
        upload.state, upload.reason = upload_machine.target("refuse", upload.state), reason[:300]
        upload.save(update_fields=["state", "reason"])
        transaction.on_commit(lambda: upload.path.unlink(missing_ok=True), robust=True)
        return upload
    kind, _place = intake.expected(upload.name, upload.slot)
    upload.state = upload_machine.target("accept", upload.state)
    stored = StoredFile(
        host_id=upload.host_id,
        uuid=uuid4(),
        slot=upload.slot,
        original_name=upload.name,
        content_type=kind.content_type,
        size=upload.length,
        sha256=sha256,
        uploaded_by_id=upload.uploaded_by_id,
    )
    os.link(upload.path, stored.path)  # both names until the row is certain
    files.settle(stored.path)
    stored.save(force_insert=True)
    upload.file = stored
    upload.save(update_fields=["state", "file"])
    transaction.on_commit(lambda: upload.path.unlink(missing_ok=True), robust=True)
    return upload


def expire(*, before: datetime) -> int:
    """Give up what nobody went on with since then. With the host open. Returns how many."""
    gone = 0
    for upload in Upload.objects.left_since(before).order_by("pk"):
        try:
            upload.state = upload_machine.target("expire", upload.state)
        except TransitionNotAllowed:
            continue
        if Upload.objects.left_since(before).filter(pk=upload.pk).update(state=upload.state):
            upload.path.unlink(missing_ok=True)
            gone += 1
    return gone
