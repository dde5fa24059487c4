"""The team's video: linked, uploaded in pieces, checked by a worker, captioned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.locking import lock, role_on
from applications.actions.refusals import Closed, Refused
from applications.models import Application, Video
from applications.queries.videos import longest, purpose
from applications.rules import may_edit, takes_answers
from documents import intake, jobs, uploads
from documents.models import Upload
from documents.states import UploadState
from tenancy import audit

CHECK = "check_video"


def _editor_locks(application: Application, by: User, now: datetime) -> Application:
    application = lock(application)
    if not may_edit(role_on(application, by)):
        raise Refused(_("You can read this application, but not change it."))
    if not takes_answers(application, now):
        raise Closed(_("This video can't be changed any more."))
    return application


def _keep(application: Application, field: str, *, by: User, now: datetime, **facts: Any) -> Video:
    video, _new = Video.objects.update_or_create(
        host_id=application.host_id,
        application=application,
        field=field,
        defaults={**facts, "added_at": now, "added_by": by},
    )
    return video


@transaction.atomic
def add_video(*, application: Application, field: str, link: str, by: User, now: datetime) -> Video:
    """Keep the link to a team's video; a new one takes the place of the last."""
    application = _editor_locks(application, by, now)
    video = _keep(application, field, by=by, now=now, link=link, file=None, upload=None)
    audit.record("added video", application, by=by, after={"link": link})
    return video


@transaction.atomic
def upload_video(
    *, application: Application, field: str, upload: UploadedFile, by: User, now: datetime
) -> Video:
    """A small video in one request, as browsers without script send it."""
    application = _editor_locks(application, by, now)
    file = intake.store(
        upload,
        slot="video",
        by=by,
        host_id=application.host_id,
        minutes=longest(application, field),
    )
    video = _keep(application, field, by=by, now=now, link="", file=file, upload=None)
    audit.record("added video", application, by=by, after={"file": field})
    return video


@transaction.atomic
def begin_upload(
    *, application: Application, field: str, name: str, length: int, by: User, now: datetime
) -> Upload:
    """Make room for a video that comes in pieces. Another unfinished one for it is given up."""
    application = _editor_locks(application, by, now)
    for left in Upload.objects.open_for(purpose(application, field), by):
        uploads.cancel(upload=left)
    return uploads.begin(
        slot="video",
        name=name,
        length=length,
        purpose=purpose(application, field),
        by=by,
        host_id=application.host_id,
        now=now,
    )


@transaction.atomic
def continue_upload(
    *,
    application: Application,
    field: str,
    upload: Upload,
    offset: int,
    stream: uploads.Stream,
    by: User,
    now: datetime,
) -> Upload:
    """Take a piece. With the last one the video counts, and a worker checks it.

    Who may change the application is asked anew with every piece.
    """
    if not may_edit(role_on(application, by)) or not takes_answers(application, now):
        raise Closed(_("This video can't be changed any more."))
    upload = uploads.append(upload=upload, offset=offset, stream=stream, now=now)
    if upload.state == UploadState.CHECKING:
        application = _editor_locks(application, by, now)
        _keep(application, field, by=by, now=now, upload=upload)
        jobs.request(
            CHECK,
            host_id=upload.host_id,
            input={"upload": upload.pk, "minutes": longest(application, field)},
            dedupe_key=f"{CHECK}:{upload.uuid}",
            by=by,
        )
        audit.record("uploaded video", application, by=by, after={"file": field})
    return upload


@transaction.atomic
def cancel_upload(*, upload: Upload, by: User) -> None:
    uploads.cancel(upload=upload)


@transaction.atomic
def settle_video(*, upload: Upload, sha256: str, reason: str) -> None:
    """The worker's verdict. A good file takes the place of what was there; a bad one does not."""
    upload = uploads.settle(upload=upload, sha256=sha256, reason=reason)
    video = (
        Video.objects.select_for_update(of=("self",))
        .filter(upload=upload)
        .select_related("application__cohort__host")
        .first()
    )
    if video is None:  # another one was chosen meanwhile
        return
    if upload.file is not None:
        video.file, video.link, video.captions = upload.file, "", None
        video.save(update_fields=["file", "link", "captions"])
    emails.video_checked(video.application, video=video, upload=upload)


@transaction.atomic
def add_captions(
    *, video: Video, upload: UploadedFile, language: str, by: User, now: datetime, staff: bool
) -> Video:
    """Captions for a kept video: by the team while they may change it, or by staff for them."""
    application = video.application
    if not staff:
        application = _editor_locks(application, by, now)
    video = Video.objects.select_for_update(of=("self",)).get(pk=video.pk)
    video.captions = intake.store(upload, slot="captions", by=by, host_id=video.host_id)
    video.captions_language = language
    video.save(update_fields=["captions", "captions_language"])
    audit.record("added captions", application, by=by, after={"file": video.field})
    return video
