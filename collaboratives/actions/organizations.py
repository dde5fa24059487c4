"""What is done to the organization directory."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import User
from collaboratives.models import UNDO_MERGE, Organization, OrganizationMerge
from tenancy import audit


@transaction.atomic
def find_or_add_organization(
    *,
    host_id: UUID,
    name: str,
    type: str,
    city: str = "",
    state: str = "",
    zip_code: str = "",
    system_name: str = "",
    staffed_beds: int | None = None,
    sites: int | None = None,
    ccn: str = "",
    email_domain: str = "",
    by: User,
) -> Organization:
    """The directory's entry of this name in this state, added when there is none.

    What the entry already says stays; only its gaps are filled. The same name in another
    state is another institution. The name of one that was merged leads to the one it became.
    """
    name = " ".join(name.split())
    facts: dict[str, Any] = {
        "city": city.strip(),
        "state": state.strip().upper(),
        "zip_code": zip_code.strip(),
        "system_name": system_name.strip(),
        "staffed_beds": staffed_beds,
        "sites": sites,
        "ccn": ccn.strip(),
        "email_domain": email_domain.strip().lower(),
    }
    known = (
        Organization.objects.select_for_update(of=("self",))
        .select_related("merged_into")
        .filter(Q(state=facts["state"]) | Q(state=""), name__iexact=name)
        .order_by(F("merged_into").asc(nulls_first=True), "-state", "pk")
        .first()
    )
    while known is not None and known.merged_into is not None:
        known = known.merged_into
    if known is None:
        organization = Organization.objects.create(host_id=host_id, name=name, type=type, **facts)
        audit.record("added", organization, by=by)
        return organization
    filled = {field: value for field, value in facts.items() if value and not getattr(known, field)}
    if filled:
        for field, value in filled.items():
            setattr(known, field, value)
        known.save(update_fields=list(filled))
        audit.record("completed", known, by=by, after=filled)
    return known


FACTS = ("city", "state", "zip_code", "system_name", "staffed_beds", "sites", "ccn", "email_domain")


class CannotMerge(Exception):
    """Its text says why, in the reader's language."""


@transaction.atomic
def merge_organizations(
    *, kept: Organization, gone: Organization, now: datetime, by: User
) -> OrganizationMerge:
    """Make two entries of the directory one: everything that hangs on `gone` moves to `kept`.

    What hangs is read from the models, so that no room can be forgotten. Facts that the kept
    entry lacks are filled. Raises CannotMerge for one that was merged meanwhile.
    """
    kept, gone = _locked(kept, gone)
    if kept.pk == gone.pk or kept.merged_into_id or gone.merged_into_id:
        raise CannotMerge(_("One of the two was merged already."))
    moved = {}
    for relation in _hanging():
        rows = relation.related_model._base_manager.filter(**{relation.field.name: gone})
        ids = sorted(rows.values_list("pk", flat=True))
        if ids:
            rows.update(**{relation.field.name: kept})
            moved[relation.related_model._meta.label_lower] = ids
    filled = {
        name: getattr(gone, name)
        for name in FACTS
        if getattr(gone, name) and not getattr(kept, name)
    }
    for name, value in filled.items():
        setattr(kept, name, value)
    kept.save(update_fields=list(filled))
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    merge = OrganizationMerge.objects.create(
        host_id=kept.host_id,
        kept=kept,
        gone=gone,
        moved=moved,
        filled=filled,
        merged_at=now,
        merged_by=by,
    )
    audit.record("merged", kept, by=by, after={"from": gone.name, **filled})
    audit.record("was merged", gone, by=by, after={"into": kept.name})
    return merge


@transaction.atomic
def undo_merge(*, merge: OrganizationMerge, now: datetime, by: User) -> Organization:
    """Take a merge back within a day: what moved goes back, unless it moved on since.

    Raises CannotMerge after that day, or when it was taken back already.
    """
    merge = OrganizationMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at is not None or now > merge.merged_at + UNDO_MERGE:
        raise CannotMerge(_("A merge can be taken back for one day."))
    kept, gone = _locked(merge.kept, merge.gone)
    for relation in _hanging():
        ids = merge.moved.get(relation.related_model._meta.label_lower, [])
        rows = relation.related_model._base_manager.filter(pk__in=ids)
        rows.filter(**{relation.field.name: kept}).update(**{relation.field.name: gone})
    taken_back = [name for name, value in merge.filled.items() if getattr(kept, name) == value]
    empty = Organization()
    for name in taken_back:
        setattr(kept, name, getattr(empty, name))
    kept.save(update_fields=taken_back)
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    merge.undone_at = now
    merge.save(update_fields=["undone_at"])
    audit.record("took back the merge", kept, by=by, before={"from": gone.name})
    audit.record("took back the merge", gone, by=by, before={"into": kept.name})
    return gone


def _locked(kept: Organization, gone: Organization) -> tuple[Organization, Organization]:
    """Both rows, locked in one order, so that two people who merge them crosswise can't block."""
    rows = Organization.objects.select_for_update(of=("self",)).order_by("pk")
    by_pk = {row.pk: row for row in rows.filter(pk__in=[kept.pk, gone.pk])}
    return by_pk[kept.pk], by_pk[gone.pk]


def _hanging() -> list[Any]:
    """Every foreign key of any room to an organization, but for the merges themselves."""
    return [
        relation
        for relation in Organization._meta.related_objects
        if isinstance(relation.field, models.ForeignKey)
        and relation.related_model not in (Organization, OrganizationMerge)
    ]
