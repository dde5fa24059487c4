"""The row of an application, locked before anything is judged about it."""

from django.db.models import BigIntegerField, CharField, QuerySet

from accounts.models import User
from applications.models import Application, ApplicationPerson
from tenancy.prepared import Given, Prepared


def lock(application: Application) -> Application:
    """The row, locked until the transaction ends, with what the judgement needs.

    Read after it is locked: whoever waited for the lock would else be given the answers, the
    cohort and the lead as they were before.
    """
    _ROW(pk=application.pk)
    found = _JUDGED(pk=application.pk)
    if not found:
        raise Application.DoesNotExist
    return found[0]


_ROW = Prepared(
    lambda: (
        Application.objects.filter(pk=Given("pk", BigIntegerField()))
        .select_for_update(of=("self",), no_key=True)
        .only("pk")
    )
)
_JUDGED = Prepared(
    lambda: (
        Application.objects.filter(pk=Given("pk", BigIntegerField()))
        .select_related("cohort__host", "response__version", "revision__version", "lead")
        .defer("response__version__schema", "revision__version__schema")
    )
)


def lock_own(*, reference: str, by: User) -> None:
    """Lock the row of an application and the answers that were given first, if this person may
    know of it. What is read after this is what stands until the transaction ends."""
    _LOCKED(reference=reference, by=by.pk)


def _own_row() -> QuerySet[Application]:
    return (
        Application.objects.visible_to(User(pk=Given("by", BigIntegerField())))
        .filter(reference=Given("reference", CharField()))
        .select_for_update(of=("self", "response"), no_key=True)
        .select_related("response")
        .only("response__version_id")
    )


_LOCKED = Prepared(_own_row)


def hand_on(application: Application, by: User) -> ApplicationPerson | None:
    """The person's own part in an application."""
    return ApplicationPerson.objects.present().filter(application=application, user=by).first()


def role_on(application: Application, by: User) -> str | None:
    hand = hand_on(application, by)
    return hand.role if hand else None
