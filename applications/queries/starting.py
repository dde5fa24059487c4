"""Before an application begins: does the program fit, and is the organization known already?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Q

from accounts.models import User
from applications.models import Application
from applications.states import Status
from collaboratives.blueprints import Blueprint
from collaboratives.models import Cohort, Organization

ALIKE = 0.82
MOST_SUGGESTED = 4
# Words that half of all names share say nothing about which one it is.
COMMON = frozenset(
    [
        "and",
        "center",
        "centers",
        "clinic",
        "clinics",
        "community",
        "county",
        "de",
        "del",
        "department",
        "for",
        "general",
        "health",
        "healthcare",
        "hospital",
        "hospitals",
        "inc",
        "la",
        "medical",
        "medicine",
        "of",
        "regional",
        "services",
        "system",
        "the",
    ]
)


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


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name.casefold().replace("'", "").replace("’", ""))


def similar(one: str, two: str) -> bool:
    """Whether two names may mean one institution: spelled alike, or with the same telling words."""
    a, b = _words(one), _words(two)
    telling_a, telling_b = ([word for word in words if word not in COMMON] for words in (a, b))
    if set(telling_a) == set(telling_b) and telling_a:
        return True
    if telling_a and telling_b and not set(telling_a) & set(telling_b):
        a, b = telling_a, telling_b
    return SequenceMatcher(None, "".join(a), "".join(b)).ratio() >= ALIKE


def _near(field: str, name: str) -> Q:
    """What the database can leave out before names are compared."""
    near = Q(**{f"{field}__iexact": name.strip()})
    for word in set(_words(name)) - COMMON:
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
