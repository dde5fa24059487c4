"""An application as a document: for its people so far, and frozen when it was sent in."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language

from applications.models import Application, Submission
from applications.queries.own import OwnPage, own_page
from collaboratives.models import Cohort
from documents.models import Job
from questionnaires.queries import form_of
from questionnaires.summary import SectionSummary, summary

ANSWERS, SENT = "application_answers", "application_sent"  # the kinds of jobs


def document(application: Application, page: OwnPage, *, private: bool) -> dict[str, Any]:
    """The words of every visible question and its answer, in the active language.

    private: for its people, with what readers never see and with changes that are not sent.
    """
    response = application.working if private else application.response
    parts = summary(
        form_of(response.version), response.answers, elsewhere=page.elsewhere, private=private
    )
    return {
        "language": get_language() or "en",
        "organization": application.organization_name,
        "cohort": application.cohort.name,
        "reference": application.reference,
        "signed_name": application.signed_name,
        "signed_title": application.signed_title,
        "sent": moment(application.cohort, application.submitted_at),
        "parts": [_part(part) for part in parts],
    }


def _part(part: SectionSummary) -> dict[str, Any]:
    lines = [
        {
            "code": line.code,
            "label": line.label,
            "lines": list(line.lines),
            "entries": [
                {"title": entry.title, "pairs": [list(pair) for pair in entry.pairs]}
                for entry in line.entries
            ],
        }
        for line in part.lines
    ]
    return {"title": str(part.section.title), "lines": lines}


def moment(cohort: Cohort, at: Any) -> str:
    """An instant in the program's zone and in UTC, for paper."""
    if at is None:
        return ""
    there = at.astimezone(cohort.zone)
    return f"{date_format(there, 'DATE_FORMAT')}, {there:%H:%M %Z} ({at:%Y-%m-%d %H:%M} UTC)"


def canonical(words: dict[str, Any]) -> str:
    return json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def draft_document(application_id: int) -> dict[str, Any]:
    """The answers so far, for the people who work on them."""
    application = Application.objects.for_page().get(pk=application_id)
    return document(application, own_page(application), private=True)


def answers_key(application: Application, language: str) -> str:
    """The same answers are drawn once."""
    response, page = application.working, own_page(application)
    facts = [response.pk, response.version_id, response.revisions, page.elsewhere]
    facts.append(application.organization_name)
    return f"{_answers_prefix(application)}{language}:{sha256(json.dumps(facts, sort_keys=True))}"


def _answers_prefix(application: Application) -> str:
    return f"{ANSWERS}:{application.pk}:"


def answers_jobs(application: Application) -> Any:
    """PDFs of this application's answers that were asked for, the newest first."""
    return (
        Job.objects.select_related("result")
        .filter(kind=ANSWERS, dedupe_key__startswith=_answers_prefix(application))
        .order_by("-pk")
    )


def latest_submission(application: Application) -> Submission | None:
    return Submission.objects.drawn().filter(application=application).first()
