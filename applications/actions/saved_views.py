"""Lists under a name: a person's own, or shared with colleagues."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.actions.refusals import Refused
from applications.models import SavedView
from collaboratives.actions import lock_cohort
from collaboratives.models import Cohort
from tenancy import audit

MOST = 20  # of one person in one cohort


@transaction.atomic
def save_view(
    *, cohort: Cohort, name: str, address: str, is_shared: bool, by: User, now: datetime
) -> SavedView:
    """The same name again holds the new address. Raises Refused when a person has enough."""
    lock_cohort(cohort=cohort)
    own = SavedView.objects.filter(cohort=cohort, made_by=by)
    view = own.filter(name=name).first()
    if view is None:
        if own.count() >= MOST:
            raise Refused(_("You have %(n)s views. Remove one first.") % {"n": MOST})
        view = SavedView(host_id=cohort.host_id, cohort=cohort, name=name, made_by=by)
    was_shared = view.is_shared
    view.address, view.is_shared, view.made_at = address, is_shared, now
    view.save()
    if is_shared or was_shared:
        audit.record("save_view", view, by=by, after={"address": address, "is_shared": is_shared})
    return view


@transaction.atomic
def remove_view(*, view: SavedView, by: User) -> None:
    if view.is_shared:
        audit.record("remove_view", view, by=by, before={"address": view.address})
    view.delete()
