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
from applications.states import OPEN, Stance
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
    """A colleague knows of a conflict that the person has not declared. The person is not told:
    a mail would be a trace of the application. Whoever gave it to them is, as when they say so
    themselves.

    Raises Refused for one's own conflict, which one declares, and without a word of what it is.
    """
    if person.pk == by.pk:
        raise Refused(_("Say so for yourself on the application's page."))
    application = lock(application)
    noted = _note(application, person, stance=Stance.CONFLICT, reason=reason, by=by, now=now)
    assigned = Assignment.objects.given_to(application, person).first()
    if assigned is not None and _may_be_told(application, assigned.assigned_by, by):
        emails.conflict_declared(application, reader=person, to=assigned.assigned_by, at=now)
    return noted


@transaction.atomic
def ask_anew(*, application: Application, person: User, by: User, now: datetime) -> None:
    """Take back what was declared, because it was a mistake or is over: they are asked again
    before it opens. Who is to read it gets the mail of something to read.

    Raises Refused when nothing was declared.
    """
    application = lock(application)
    said = Declaration.objects.filter(application=application, person=person)
    declaration = said.first()
    if declaration is None:
        raise Refused(_("Nothing was declared, so that nothing can be asked anew."))
    before = {"person": str(person), "stance": declaration.stance}
    audit.record("asked anew about a conflict", application, by=by, before=before)
    declaration.delete()
    hidden = Application.objects.hidden_from(person).filter(pk=application.pk).exists()
    given = Assignment.objects.given_to(application, person).exists()
    if given and not hidden and application.status in OPEN:
        emails.reviews_assigned(application.cohort, reader=person, count=1, at=now)


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
        defaults={
            "stance": stance,
            "reason": reason.strip(),
            "declared_at": now,
            "declared_by": by,
        },
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
