"""What the people of an application say to each other about a question."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.actions.locking import lock, role_on
from applications.actions.refusals import Refused
from applications.models import Application, TeamComment
from questionnaires.queries import form_of


@transaction.atomic
def comment(
    *, application: Application, field: str, text: str, by: User, now: datetime
) -> TeamComment:
    """Add a comment for the team. No audit event tells staff what or that somebody wrote."""
    application = lock(application)
    if (
        role_on(application, by) is None
        or field not in form_of(application.response.version).by_code
    ):
        raise Refused(_("You can't comment here."))
    return TeamComment.objects.create(
        host_id=application.host_id,
        application=application,
        field=field,
        text=text.strip(),
        written_at=now,
        written_by=by,
    )


@transaction.atomic
def remove_comment(*, application: Application, comment_pk: int, by: User) -> None:
    """One's own only."""
    TeamComment.objects.filter(application=application, pk=comment_pk, written_by=by).delete()
