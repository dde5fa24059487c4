"""What readers say about their ties to an application, and what colleagues know of them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.locking import lock
from applications.actions.refusals import Refused
from applications.models import Application, Assignment, Declaration
from applications.states import Stance
from tenancy import audit


@transaction.atomic
def declare(
    *, application: Application, stance: str, reason: str = "", by: User, now: datetime
) -> Declaration:
    """Say that one has no conflict of interest, or that one has; then one finds no trace of the
    application any more, and whoever gave it to one is told.

    Raises Refused for a conflict without a word of what it is.
    """
    application = lock(application)
    declaration = _note(application, by, stance=stance, reason=reason, by=by, now=now)
    if declaration.stance == Stance.CONFLICT:
        assigned = Assignment.objects.given_to(application, by).first()
        if assigned is not None and _may_be_told(application, assigned.assigned_by, by):
            emails.conflict_declared(application, reader=by, to=assigned.assigned_by, at=now)
    return declaration


def _may_be_told(application: Application, colleague: User, by: User) -> bool:
    hidden = Application.objects.hidden_from(colleague).filter(pk=application.pk)
    return colleague.pk != by.pk and not hidden.exists()


@transaction.atomic
def note_conflict(
    *, application: Application, person: User, reason: str, by: User, now: datetime
) -> Declaration:
    """A colleague knows of a conflict that the person has not declared."""
    application = lock(application)
    return _note(application, person, stance=Stance.CONFLICT, reason=reason, by=by, now=now)


@transaction.atomic
def ask_anew(*, application: Application, person: User, by: User) -> None:
    """Take back what was declared, because it was a mistake or is over: they are asked again."""
    application = lock(application)
    said = Declaration.objects.filter(application=application, person=person)
    for declaration in said:
        before = {"person": str(person), "stance": declaration.stance}
        audit.record("asked anew about a conflict", application, by=by, before=before)
    said.delete()


def _note(
    application: Application, person: User, *, stance: str, reason: str, by: User, now: datetime
) -> Declaration:
    if stance not in Stance:
        raise Refused(_("Choose one of the two."))
    if stance == Stance.CONFLICT and not reason.strip():
        raise Refused(_("Say in a few words what the conflict is."))
    declaration, _made = Declaration.objects.update_or_create(
        application=application,
        person=person,
        defaults={"stance": stance, "reason": reason.strip(), "declared_at": now},
        create_defaults={
            "host_id": application.host_id,
            "stance": stance,
            "reason": reason.strip(),
            "declared_at": now,
            "declared_by": by,
        },
    )
    verb = "declared a conflict" if stance == Stance.CONFLICT else "declared no conflict"
    audit.record(verb, application, by=by, after={"person": str(person)}, reason=reason.strip())
    return declaration
