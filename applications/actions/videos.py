"""The team's video: a link to where it is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.actions.locking import lock, role_on
from applications.actions.refusals import Closed, Refused
from applications.models import Application, Video
from applications.rules import may_edit, takes_answers
from tenancy import audit


@transaction.atomic
def add_video(
    *,
    application: Application,
    field: str,
    link: str,
    by: User,
    now: datetime,
) -> Video:
    """Keep the link to a team's video; a new one takes the place of the last."""
    application = lock(application)
    if not may_edit(role_on(application, by)):
        raise Refused(_("You can read this application, but not change it."))
    if not takes_answers(application, now):
        raise Closed(_("This video can't be changed any more."))
    video, _new = Video.objects.update_or_create(
        host_id=application.host_id,
        application=application,
        field=field,
        defaults={"link": link, "added_at": now, "added_by": by},
    )
    audit.record("added video", application, by=by, after={"link": link})
    return video
