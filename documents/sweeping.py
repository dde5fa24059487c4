"""Disk and rows must tell the same: what is left of requests that failed is cleared away."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from documents import uploads
from documents.models import StoredFile, Upload
from documents.states import FileState, UploadState
from tenancy.active import open_host
from tenancy.models import Host

KEEP_FOR = timedelta(hours=24)
GO_ON_FOR = timedelta(days=7)  # an upload that was interrupted can be gone on with so long


@dataclass(frozen=True)
class Swept:
    """cleared: files without a row, now gone. missing: rows whose file is not there."""

    cleared: list[Path]
    missing: list[UUID]


def sweep(*, now: datetime) -> Swept:
    """Remove files that no row knows and that are a day old; name the rows without a file.

    Uploads that nobody went on with for a week end here too.
    """
    swept = Swept([], [])
    for host in Host.objects.order_by("slug"):
        folder = Path(settings.MEDIA_ROOT) / str(host.pk)
        with open_host(host.pk):
            kept = StoredFile.objects.exclude(state=FileState.REMOVED)
            known = {str(uuid) for uuid in kept.values_list("uuid", flat=True)}
            uploads.expire(before=now - GO_ON_FOR)
            coming = Upload.objects.filter(state__in=[UploadState.RECEIVING, UploadState.CHECKING])
            parts = {f"{uuid}.part" for uuid in coming.values_list("uuid", flat=True)}
        found = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
        swept.missing.extend(UUID(name) for name in sorted(known - set(found)))
        for name in sorted(set(found) - known - parts):
            if now.timestamp() - found[name].stat().st_mtime > KEEP_FOR.total_seconds():
                found[name].unlink()
                swept.cleared.append(found[name])
    return swept
