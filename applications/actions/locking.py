"""The row of an application, locked before anything is judged about it."""

from accounts.models import User
from applications.models import Application, ApplicationPerson


def lock(application: Application) -> Application:
    """The row, locked until the transaction ends, with what the judgement needs."""
    return (
        Application.objects.select_for_update(of=("self",), no_key=True)
        .select_related("cohort__host", "response__version", "revision__version", "lead")
        .get(pk=application.pk)
    )


def hand_on(application: Application, by: User) -> ApplicationPerson | None:
    """The person's own part in an application."""
    return ApplicationPerson.objects.present().filter(application=application, user=by).first()


def role_on(application: Application, by: User) -> str | None:
    hand = hand_on(application, by)
    return hand.role if hand else None
