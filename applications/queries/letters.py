"""What the form says about a letter or video, and which letter a file belongs to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from applications.models import Application, Letter, Video
from collaboratives.blueprints.schema import Letter as LetterTerms
from questionnaires.queries import form_of
from questionnaires.schema import Field, Kind


def asked_letter(application: Application, letter: Letter) -> Field | None:
    return form_of(application.response.version).by_code.get(letter.field)


def letter_terms(application: Application, letter: Letter) -> LetterTerms | None:
    """What the program says about this letter: who signs, what it must cover."""
    asked = asked_letter(application, letter)
    if asked is None or asked.letter is None:
        return None
    return application.cohort.program.blueprint.letter(asked.letter)


def asked_video(application: Application, code: str) -> tuple[Field | None, Video | None]:
    asked = form_of(application.response.version).by_code.get(code)
    if asked is None or asked.kind != Kind.VIDEO:
        return None, None
    return asked, Video.objects.filter(application=application, field=code).first()


def letter_of_file(application: Application, uuid: UUID) -> Letter | None:
    """Only the file that a letter has now; one that was replaced is not served any more."""
    return Letter.objects.for_list().filter(application=application, file__uuid=uuid).first()


def letters_with_terms(application: Application) -> list[Letter]:
    """The letters of an application, each with `terms`: what the program says about it."""
    letters: list[Any] = list(Letter.objects.for_list().filter(application=application))
    blueprint = application.cohort.program.blueprint
    form = form_of(application.response.version)
    for letter in letters:
        asked = form.by_code.get(letter.field)
        letter.terms = blueprint.letter(asked.letter) if asked and asked.letter else None
    return letters


def mailed_terms(application: Application) -> list[dict[str, str]]:
    """The subject line that a mailed letter of this applicant should have, for each letter."""
    blueprint = application.cohort.program.blueprint
    return [
        {
            "label": str(one.label),
            "subject": one.subject.replace("{organization}", application.organization_name),
        }
        for one in blueprint.letters
        if one.subject
    ]
