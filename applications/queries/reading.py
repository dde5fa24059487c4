"""One application as staff read it: the answers beside what the program asks for."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from applications.blind import BLACK, without_names
from applications.models import (
    Application,
    ApplicationPerson,
    Note,
    Redaction,
    Video,
)
from applications.queries.asked import changed_since_before, open_questions, rounds
from applications.queries.deadlines import decision_due
from applications.queries.letters import letters_with_terms, unchecked
from applications.queries.own import letter_words
from applications.queries.screening import in_all, screened
from applications.queries.tasks import missing
from applications.queries.videos import words_for
from questionnaires.queries import form_of
from questionnaires.summary import summary


def reading_page(application: Application, now: datetime, *, blind: bool = False) -> dict[str, Any]:
    """Answers, letters, video, criteria and notes; what is private to logistics left out.

    blind: for a reader who is not to know who the people are. Letters and films, which name
    them, stay closed then.
    """
    blueprint, letters = application.cohort.program.blueprint, letters_with_terms(application)
    videos = list(Video.objects.for_list().filter(application=application))
    elsewhere = {letter.field: letter_words(letter) for letter in letters}
    elsewhere |= {video.field: video.name for video in videos}
    form, answers = form_of(application.response.version), application.response.answers
    redactions = list(Redaction.objects.filter(application=application).order_by("pk"))
    show = None
    if blind:
        show = partial(
            without_names,
            names=names_of(application),
            words=[one.words for one in redactions],
        )
        answers = show(form, answers)
        elsewhere = {letter.field: str(letter.get_state_display()) for letter in letters}
        elsewhere |= {video.field: BLACK for video in videos}
    criteria = screened(application, blueprint, letters, show)
    return {
        "blind": blind,
        "redactions": redactions,
        "missing": [
            one.label for one in missing(application, blueprint, letters=letters, videos=videos)
        ],
        "application": application,
        "cohort": application.cohort,
        "parts": summary(form, answers, elsewhere=elsewhere),
        "changed": changed_since_before(application, show),
        "rounds": rounds(application, show),
        "waiting_for": open_questions(application),
        "letters": letters,
        "unchecked": unchecked(letters),
        "videos": videos,
        "said": words_for(application) if videos else {},
        "criteria": criteria,
        "criteria_in_all": in_all(criteria),
        "due": decision_due(application, blueprint.decision, now),
        "notes": Note.objects.for_list().filter(application=application),
    }


def names_of(application: Application) -> list[str]:
    """Of those who work or worked on it; the answers name the others."""
    people = ApplicationPerson.objects.filter(application=application).order_by()
    return [name for name in people.values_list("user__name", flat=True) if name]
