"""An application on paper: on demand while it is written, and as it was sent in."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language

from accounts.models import User
from applications.models import Application, Submission
from applications.queries import copies
from documents import jobs
from documents.models import Job


def draw_submission(*, submission: Submission, application: Application) -> None:
    """Have a worker draw what was sent in. In the transaction that sends it."""
    slug = application.cohort.host.slug
    submission.job = jobs.request(
        copies.SENT,
        host_id=submission.host_id,
        input={"submission": submission.pk},
        dedupe_key=f"{copies.SENT}:{submission.pk}",
        by=submission.submitted_by,
        page=reverse("applications:summary", args=[slug, application.reference]),
    )
    submission.save(update_fields=["job"])


@transaction.atomic
def draw_answers(*, application: Application, by: User) -> Job:
    """Have a worker draw the answers so far, unless these very answers are drawn already."""
    language = get_language() or "en"
    slug = application.cohort.host.slug
    return jobs.request(
        copies.ANSWERS,
        host_id=application.host_id,
        input={"application": application.pk, "language": language},
        dedupe_key=copies.answers_key(application, language),
        by=by,
        page=reverse("applications:copy", args=[slug, application.reference]),
    )
