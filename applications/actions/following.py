"""Drafts go on to the newest version of their form; what was sent keeps its own for ever."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from applications.actions.applying import add_letters, keep_summary
from applications.actions.locking import lock
from applications.models import Application
from applications.rules import takes_answers
from applications.states import Status
from questionnaires import actions as questionnaires
from questionnaires.queries import form_of


def keep_up(*, application: Application, by: User, now: datetime) -> Application:
    """Bring an open draft onto its cohort's form when somebody opens it. Nothing is lost.

    Without a newer version it costs nothing.
    """
    newest = application.cohort.application_form_id
    if application.status != Status.DRAFT or application.response.version_id == newest:
        return application
    if not takes_answers(application, now):
        return application
    application.response = _follow(application, by, now).response
    return application


@transaction.atomic
def _follow(application: Application, by: User, now: datetime) -> Application:
    application = lock(application)
    version = application.cohort.application_form
    if application.status != Status.DRAFT or version is None:
        return application
    if application.response.version_id == version.pk:  # somebody opened it a moment earlier
        return application
    moved = questionnaires.move_to(response=application.response, version=version, now=now, by=by)
    application.response, form = moved.response, form_of(version)
    add_letters(application, form)
    for letter in application.letters.all():
        field = form.by_code.get(letter.field)
        required = field is not None and field.required
        if letter.required != required:
            letter.required = required
            letter.save(update_fields=["required"])
    keep_summary(application, application.response)
    return application
