"""Before an application begins: does the program fit, and is the organization known already?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from applications.models import Application
from applications.states import Status
from collaboratives.blueprints import Blueprint
from collaboratives.likeness import similar, telling
from collaboratives.models import Cohort, Organization

MOST_SUGGESTED = 4


@dataclass(frozen=True)
class Asked:
    """One plain question of the check. answer: yes, no, or nothing yet."""

    code: str
    text: str
    if_no: str
    answer: str


def eligibility(blueprint: Blueprint, answers: Mapping[str, str]) -> list[Asked]:
    """The program's questions with what was answered. It never bars anybody."""
    return [
        Asked(
            one.code,
            str(one.text),
            str(one.if_no),
            answer if (answer := answers.get(one.code, "")) in ("yes", "no") else "",
        )
        for one in blueprint.eligibility
    ]


def _near(field: str, name: str) -> Q:
    """What the database can leave out before names are compared."""
    near = Q(**{f"{field}__iexact": name.strip()})
    for word in set(telling(name)):
        if len(word) > 2:
            near |= Q(**{f"{field}__icontains": word[:3]})
    return near


def suggested(name: str, *, city: str = "", ccn: str = "") -> list[Organization]:
    """Organizations of the host's directory that may be this one. By its CMS number surely; by
    name where it is alike, those of the same city first."""
    found = list(Organization.objects.filter(ccn__iexact=ccn)[:1]) if ccn else []
    candidates = Organization.objects.filter(_near("name", name)).order_by("name", "pk")[:500]
    alike = [one for one in candidates if similar(name, one.name) and one not in found]
    alike.sort(key=lambda one: one.city.casefold() != city.strip().casefold())
    return [*found, *alike][:MOST_SUGGESTED]


def others_applications(
    cohort: Cohort, name: str, *, organization: Organization | None, person: User
) -> list[Application]:
    """Applications of others for what may be the same organization. Their lead may be mailed;
    nothing of them is shown."""
    same = Q(organization=organization) if organization is not None else Q(pk=None)
    own = Application.objects.visible_to(person).values("pk")
    others = (
        Application.objects.filter(_near("organization_name", name) | same, cohort=cohort)
        .exclude(status=Status.WITHDRAWN)
        .exclude(pk__in=own)
    )
    found = [
        pk
        for pk, other, entry in others.order_by("pk").values_list(
            "pk", "organization_name", "organization_id"
        )
        if similar(name, other) or (organization is not None and entry == organization.pk)
    ]
    whole = Application.objects.filter(pk__in=found[:MOST_SUGGESTED])
    return list(whole.select_related("cohort__host", "lead").order_by("pk"))
