"""A form and its versions."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import User
from documents import jobs
from documents.models import Job
from questionnaires import paper
from questionnaires.models import Questionnaire, Version
from questionnaires.schema import Form
from tenancy import audit

TRY_AGAIN_AFTER = timedelta(minutes=10)  # after a drawing that did not work


@transaction.atomic
def add_questionnaire(*, host_id: UUID, key: str, name: str, by: User | str) -> Questionnaire:
    """A form of the host, still without a version."""
    questionnaire = Questionnaire.objects.create(host_id=host_id, key=key, name=name)
    audit.record("added", questionnaire, by=by)
    return questionnaire


@transaction.atomic
def keep_published(
    *, host_id: UUID, key: str, name: str, form: Form, now: datetime, by: User | str
) -> Version:
    """A form that the product itself brings: its newest version, published now if it is new.

    It is answered on its own page only, so no blank form is drawn.
    """
    questionnaire, _added = Questionnaire.objects.get_or_create(
        host_id=host_id, key=key, defaults={"name": name}
    )
    return _published(questionnaire, form, now, by)[0]


@transaction.atomic
def publish(*, questionnaire: Questionnaire, form: Form, now: datetime, by: User) -> Version:
    """Publish a form as the next version; the same form as the last one stays that version."""
    version, is_new = _published(questionnaire, form, now, by)
    if is_new:
        for language in paper.LANGUAGES:
            draw_blank(version=version, language=language, by=by, now=now)
    return version


def _published(
    questionnaire: Questionnaire, form: Form, now: datetime, by: User | str
) -> tuple[Version, bool]:
    questionnaire = Questionnaire.objects.select_for_update(of=("self",)).get(pk=questionnaire.pk)
    last = questionnaire.versions.order_by("-number").first()
    schema = form.model_dump(mode="json", exclude_defaults=True)
    if last is not None and last.published_at and last.schema == schema:
        return last, False
    version = Version.objects.create(
        host_id=questionnaire.host_id,
        questionnaire=questionnaire,
        number=last.number + 1 if last else 1,
        schema=schema,
        published_at=now,
    )
    audit.record("published", version, by=by)
    return version, True


@transaction.atomic
def draw_blank(*, version: Version, language: str, by: User | None, now: datetime) -> Job:
    """Have a worker draw the blank form, unless it is drawn, under way or has just failed."""
    job = paper.drawn(version, language)
    if job is not None and (job.result is not None or not job.finished_at):
        return job
    if job is not None and job.finished_at and job.finished_at > now - TRY_AGAIN_AFTER:
        return job
    return jobs.request(
        paper.JOB,
        host_id=version.host_id,
        input={"version": version.pk, "language": language},
        dedupe_key=paper.cache_key(version, language),
        by=by,
    )
