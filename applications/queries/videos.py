"""The videos of an application, and what is still on its way."""

from __future__ import annotations

from uuid import UUID

from accounts.models import User
from applications.models import Application, Video
from documents.checks.video import MINUTES
from documents.models import Upload
from questionnaires.queries import form_of
from questionnaires.schema import Field, Kind

# The library's questions about how people can read what is said.
HOW, TRANSCRIPT, PLEASE = "video_captions", "video_transcript", "please"


def purpose(application: Application, field: str) -> str:
    """What an upload for this question is called in `documents`."""
    return f"applications.video:{application.pk}:{field}"


def unfinished(application: Application, field: str, person: User) -> Upload | None:
    """What this person has begun to upload and can go on with, from any browser."""
    return Upload.objects.open_for(purpose(application, field), person).first()


def own_upload(application: Application, field: str, uuid: UUID, person: User) -> Upload | None:
    mine = Upload.objects.filter(purpose=purpose(application, field), uploaded_by=person)
    return mine.filter(uuid=uuid).first()


def asked_video(application: Application, code: str) -> Field | None:
    asked = form_of(application.response.version).by_code.get(code)
    return asked if asked is not None and asked.kind == Kind.VIDEO else None


def longest(application: Application, field: str) -> int:
    """In minutes: what the question says, else the program, else what files may have at all."""
    asked, terms = asked_video(application, field), application.cohort.program.blueprint.video
    if asked is not None and asked.max_minutes:
        return asked.max_minutes
    return terms.max_minutes if terms else MINUTES


def video_of(application: Application, field: str) -> Video | None:
    return Video.objects.for_list().filter(application=application, field=field).first()


def words_for(application: Application) -> dict[str, object]:
    """What stands beside a player: the transcript, and whether staff are asked for captions."""
    answers = application.response.answers
    return {
        "transcript": str(answers.get(TRANSCRIPT) or ""),
        "captions_wanted": answers.get(HOW) == PLEASE,
    }
