"""Letters and videos."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import User
from applications.emails.posting import editors, post
from applications.models import Application, Letter, Video
from documents.models import Upload
from messaging import outbox
from messaging.urls import absolute


def _to_signer(
    application: Application,
    template: str,
    *,
    letter: Letter,
    token: str,
    asker: User,
    key: str,
    note: str = "",
) -> None:
    """To the signer, who needs no account: the link is the key."""
    outbox.post(
        host_id=application.host_id,
        to=letter.requested_from,
        template=f"applications/{template}",
        context={
            "application": application,
            "cohort": application.cohort,
            "letter": letter,
            "signer": letter.requested_name,
            "asker": asker,
            "note": note,
            "url": absolute(reverse("applications_links:letter", args=[token])),
        },
        dedupe_key=f"letter:{letter.pk}:{key}",
        about=application,
        language=asker.language,
        secrets=[token],
    )


def letter_requested(
    application: Application, *, letter: Letter, note: str, token: str, by: User
) -> None:
    key = f"requested:{letter.requested_at.isoformat() if letter.requested_at else ''}"
    _to_signer(
        application, "letter_requested", letter=letter, token=token, asker=by, key=key, note=note
    )


def letter_reminder(application: Application, *, letter: Letter, token: str) -> None:
    key = f"reminded:{letter.requested_at.isoformat() if letter.requested_at else ''}"
    asker = application.lead
    _to_signer(application, "letter_reminder", letter=letter, token=token, asker=asker, key=key)


def letter_arrived(application: Application, *, letter: Letter) -> None:
    at = letter.received_at.isoformat() if letter.received_at else ""
    key = f"letter_arrived:{letter.pk}:{at}"
    post(application, "letter_arrived", to=[application.lead], key=key, letter=letter)


def letter_returned(application: Application, *, letter: Letter) -> None:
    at = letter.judged_at.isoformat() if letter.judged_at else ""
    key = f"letter_returned:{letter.pk}:{at}"
    post(application, "letter_returned", to=editors(application), key=key, letter=letter)


def video_checked(application: Application, *, video: Video, upload: Upload) -> None:
    """To whom sent it: it can be watched, or it can't be used and why."""
    template = "video_ready" if upload.file_id else "video_problem"
    key = f"video:{upload.uuid}"
    post(
        application,
        template,
        to=[upload.uploaded_by],
        key=key,
        url=_page_of_video(application, video),
        reason=upload.reason,
    )


def _page_of_video(application: Application, video: Video) -> str:
    names = [application.cohort.host.slug, application.reference, video.field]
    return absolute(reverse("applications:video", args=names))
