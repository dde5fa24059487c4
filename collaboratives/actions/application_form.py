"""What is done to the application form of a cohort as a whole."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

import questionnaires.actions
from accounts.models import User
from collaboratives import form_rules
from collaboratives.models import Cohort
from questionnaires.editor import actions as editor
from questionnaires.editor.content import NotPossible
from questionnaires.models import Version, WorkingCopy
from questionnaires.schema import Form
from tenancy import audit


class NotPublishable(Exception):
    """The form still lacks something. `faults`: all of it, in sentences."""

    def __init__(self, faults: list[form_rules.Fault]) -> None:
        super().__init__("; ".join(one.text for one in faults))
        self.faults = faults


@transaction.atomic
def start_from(
    *, cohort: Cohort, form: Form, name: str, now: datetime, by: User
) -> tuple[WorkingCopy, list[str]]:
    """Put a copy of another form into the cohort's working copy; and what had to be left out."""
    assert cohort.application_form is not None
    copy = editor.start(version=cohort.application_form, now=now, by=by)
    content, left_out = form_rules.fit(form, cohort.program.blueprint)
    copy = editor.replace_all(
        copy=copy,
        base=copy.revision,
        content=content,
        label={"en": name, "es": name},
        now=now,
        by=by,
    )
    return copy, left_out


@transaction.atomic
def publish_form(
    *, cohort: Cohort, copy: WorkingCopy, base: int, now: datetime, by: User
) -> Version:
    """Make the working copy the next version, and ask it from now on.

    Whoever has begun an application finds it on the new version when they next open it.
    Raises NotPublishable with all that is missing, NotPossible when the copy is not the one
    that was looked at.
    """
    cohort = (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("host", "program", "application_form__questionnaire")
        .get(pk=cohort.pk)
    )
    copy = WorkingCopy.objects.select_for_update(of=("self",)).get(pk=copy.pk)
    before = cohort.application_form
    if before is None or copy.based_on_id != before.pk or copy.revision != base:
        raise NotPossible(_("Somebody changed this form meanwhile. Look at it, then try again."))
    faults = form_rules.faults(copy.content, cohort.program.blueprint, cohort.host.languages)
    if faults:
        raise NotPublishable(faults)
    form = form_rules.published(copy.content)
    version = questionnaires.actions.publish(
        questionnaire=before.questionnaire, form=form, now=now, by=by
    )
    cohort.application_form = version
    cohort.save(update_fields=["application_form"])
    audit.record(
        "published form",
        cohort,
        by=by,
        before={"version": before.number},
        after={"version": version.number},
    )
    copy.delete()
    return version
