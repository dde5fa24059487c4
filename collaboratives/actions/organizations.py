"""What is done to the organization directory."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from collaboratives.models import Organization
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
    state is another institution.
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
        .filter(Q(state=facts["state"]) | Q(state=""), name__iexact=name)
        .order_by("-state", "pk")
        .first()
    )
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
