"""The questions of a coach's sheet: one box for each part of a report, and a verdict."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, override

from questionnaires.schema import Field, Form, Kind, Option, Section, Text
from reporting.models import Feedback, ReportVersion
from reporting.queries.coaching import CHANGES, OUTCOME, parts_of
from reporting.states import Verdict

NAME, SECTION, VERDICT = "Coach’s feedback", "sheet", "verdict"
LANGUAGES = ("en", "es")


def key_of(version: ReportVersion) -> str:
    return f"coach-feedback-{version.report.period.form_id}"


def box_of(part: str) -> str:
    """The code of the question about this part."""
    return f"on_{part}"


def form_of_sheet(version: ReportVersion) -> Form:
    """Every part that a report on this form can have, whatever this very version holds."""
    labels: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        with override(language):
            drawn = {CHANGES: gettext("Changes tested"), OUTCOME: gettext("Numbers by group")}
            known = {part.code: part.label for part in parts_of(version)}
            for code, label in sorted((drawn | known).items()):
                labels.setdefault(code, {})[language] = label
    boxes = [
        Field(code=box_of(code), kind=Kind.LONG_TEXT, label=Text(**said))
        for code, said in labels.items()
    ]
    verdict = Field(
        code=VERDICT,
        kind=Kind.SINGLE,
        label=Text(en="The report as a whole", es="El informe en su conjunto"),
        options=tuple(Option(code=one.value, label=_words(one)) for one in Verdict),
    )
    title = Text(en=NAME, es="Comentarios del coach")
    return Form(sections=(Section(code=SECTION, title=title, fields=(*boxes, verdict)),))


def _words(verdict: Verdict) -> Text:
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = str(verdict.label)
    return Text(**said)


def answers_of(feedback: Feedback) -> dict[str, Any]:
    """The sheet as it stands, as answers to this form."""
    found = {box_of(part): text for part, text in feedback.draft.items()}
    return found | {VERDICT: feedback.draft_verdict} if feedback.draft_verdict else found


def draft_in(answers: dict[str, Any]) -> tuple[dict[str, str], str]:
    """Words by part, and the verdict; "" without one."""
    words = {
        code.removeprefix(box_of("")): text for code, text in answers.items() if code != VERDICT
    }
    return words, answers.get(VERDICT, "")
