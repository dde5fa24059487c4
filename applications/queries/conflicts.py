"""Conflicts of interest: what is hidden from whom, and what is known of a reader's ties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import Membership, User
from accounts.roles import Permission
from applications.models import Application, ApplicationPerson
from applications.ties import addresses_in, domain_of, ties_of
from collaboratives.models import Organization


def hidden_things(person: User) -> Mapping[str, Any]:
    """Rows of which this person must find no trace, by model label.

    An organization is one of them as long as applications are all that is known of it.
    """
    applications = Application.objects.hidden_from(person)
    of_hidden = applications.filter(organization__isnull=False).values("organization_id")
    return {
        "applications.application": applications,
        "collaboratives.organization": Organization.objects.filter(
            pk__in=of_hidden, teams__isnull=True
        ),
    }


def ties_now(application: Application) -> list[str]:
    """From everybody who works or worked on it, and every address in its answers."""
    people = ApplicationPerson.objects.filter(
        application=application, typed_for_another=False
    ).order_by()
    addresses = list(people.values_list("user__email", flat=True))
    addresses += addresses_in(application.response.answers)
    if application.revision is not None:
        addresses += addresses_in(application.revision.answers)
    return ties_of(addresses, said_nothing=own_domain(application))


def own_domain(application: Application) -> str:
    return domain_of(application.cohort.host.contact_email)


def colleagues_of(person: User) -> list[User]:
    """Others of the host's staff who read applications, by name."""
    members = Membership.objects.present().for_list()
    return [
        one.user
        for one in members
        if one.may(Permission.APPLICATION_VIEW) and one.user_id != person.pk
    ]
