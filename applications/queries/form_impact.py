"""What publishing a changed form would do to the drafts of a cohort: counts, no names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from applications.models import ApplicationQuerySet
from applications.states import Status
from collaboratives.models import Cohort
from questionnaires.compare import losing
from questionnaires.editor.content import checked
from questionnaires.models import WorkingCopy
from questionnaires.queries import form_of
from questionnaires.schema import OTHER


@dataclass(frozen=True)
class Impact:
    """losing: label of each question whose answers leave the form, and in how many drafts."""

    drafts: int
    affected: int
    losing: list[tuple[str, int]]


def impact(cohort: Cohort, copy: WorkingCopy, known: ApplicationQuerySet) -> Impact:
    """Among the drafts that the reader may know of. One query; answers are read one draft after
    the other."""
    assert cohort.application_form is not None
    before, after = form_of(cohort.application_form), checked(copy.content)
    found: Counter[str] = Counter()
    drafts = affected = 0
    rows = known.filter(cohort=cohort, status=Status.DRAFT)
    for answers in rows.values_list("response__answers", flat=True).iterator(chunk_size=500):
        lost = {key.removesuffix(OTHER) for key in losing(before, after, answers)}
        drafts, affected = drafts + 1, affected + bool(lost)
        found.update(lost)
    order = [one.code for one in before.fields()]
    labels = [(str(before.by_code[code].label), found[code]) for code in order if found[code]]
    return Impact(drafts, affected, labels)
