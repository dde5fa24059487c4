"""What the form says about a letter, and which letter a file belongs to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.models import User
from applications.models import Application, Letter
from applications.queries.letter_text import LetterText
from collaboratives.blueprints.schema import Letter as LetterTerms
from documents import preview
from documents.models import Job, StoredFile
from questionnaires.queries import form_of
from questionnaires.schema import Field


def asked_letter(application: Application, letter: Letter) -> Field | None:
    return form_of(application.response.version).by_code.get(letter.field)


def letter_terms(application: Application, letter: Letter) -> LetterTerms | None:
    """What the program says about this letter: who signs, what it must cover."""
    return application.cohort.program.blueprint.letter(letter.terms) if letter.terms else None


def template_job(letter: Letter, text: LetterText, *, by: User) -> Job | None:
    """The PDF of these words that this person asked for."""
    found = Job.objects.visible_to(by).filter(dedupe_key=template_key(letter, text, by))
    return found.select_related("result").first()


def template_key(letter: Letter, text: LetterText, by: User) -> str:
    return f"letter_template:{letter.pk}:{text.sha256}:{by.pk}"


def letter_of_file(application: Application, uuid: UUID) -> Letter | None:
    """Only the file that a letter has now; one that was replaced is not served any more."""
    return Letter.objects.for_list().filter(application=application, file__uuid=uuid).first()


def picture_of(application: Application, uuid: UUID, number: int) -> StoredFile | None:
    """One page of a letter's file, as the picture to show in place."""
    letter = letter_of_file(application, uuid)
    if letter is None or letter.file is None:
        return None
    drawn = preview.pages(letter.file)
    return drawn[number - 1] if 1 <= number <= len(drawn) else None


def letters_with_terms(application: Application) -> list[Letter]:
    """The letters of an application as staff read them.

    Each gets `program_terms`: what the program says about it; `asks`: code, name and whether it
    is under the letter, of each signatory; `lacking`: the names that no letter has; `pages`:
    how many pages are drawn; `usable`: accepted letters of the same organization that would do.
    """
    letters: list[Any] = list(
        Letter.objects.for_list()
        .prefetch_related("used_again__application__cohort")
        .filter(application=application)
    )
    blueprint = application.cohort.program.blueprint
    drawn = preview.how_many([one.file for one in letters if one.file is not None])
    for letter in letters:
        letter.application = application
        terms = letter.program_terms = blueprint.letter(letter.terms) if letter.terms else None
        names = {one.code: str(one.text) for one in terms.signatories} if terms else {}
        letter.asks = [(code, name, code in letter.signed_by) for code, name in names.items()]
        letter.lacking = [names.get(code, code) for code in letter.lacks]
        letter.pages = range(1, drawn.get(letter.file_id, 0) + 1)
        letter.usable = []
    _offer_again(application, letters)
    return letters


def _offer_again(application: Application, letters: list[Any]) -> None:
    """One query for all letters that still miss a name."""
    open_ones = [one for one in letters if one.lacks and not one.is_here]
    if not open_ones or application.organization_id is None:
        return
    accepted = list(Letter.objects.accepted_elsewhere(application)[:50])
    for letter in open_ones:
        letter.usable = [one for one in accepted if set(letter.signatories) <= set(one.signed_by)][
            :3
        ]


def unchecked(letters: list[Letter]) -> list[Letter]:
    """Letters that came in and that nobody has read yet: to be said before a decision."""
    return [one for one in letters if one.slot == "letter" and one.state == "received"]


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
