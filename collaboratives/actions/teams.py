"""What is done to teams and their people."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from collaboratives.actions.programs import CohortFull
from collaboratives.models import Cohort, Organization, Team, TeamMember
from collaboratives.queries import seats
from collaboratives.roster import RosterEntry, one_place_each
from tenancy import audit


def _free_slug(*, organization: Organization, cohort: Cohort) -> str:
    """riverbend, riverbend-ac27, riverbend-ac27-2 …: the first that no team of the host has."""
    name = slugify(organization.name)[:44].strip("-") or "team"
    with_code = f"{name}-{slugify(cohort.code)}"
    taken = set(Team.objects.filter(slug__startswith=name).values_list("slug", flat=True))
    if name not in taken:
        return name
    if with_code not in taken:
        return with_code
    number = 2
    while f"{with_code}-{number}" in taken:
        number += 1
    return f"{with_code}-{number}"


@transaction.atomic
def enroll_team(
    *,
    cohort: Cohort,
    organization: Organization,
    application_reference: str,
    roster: Sequence[RosterEntry],
    clinical_areas: Sequence[str] = (),
    aim: str = "",
    by: User,
) -> Team:
    """Make the team of an accepted seat, with everybody the application named.

    The caller holds `lock_cohort`. Raises CohortFull when every seat has a team. Nobody is
    given an account by being named: a person joins by an invitation.
    """
    room = seats(cohort)
    if room.capacity is not None and room.teams >= room.capacity:
        raise CohortFull(f"{cohort} has all its {room.capacity} teams.")
    team = Team.objects.create(
        host_id=cohort.host_id,
        cohort=cohort,
        organization=organization,
        slug=_free_slug(organization=organization, cohort=cohort),
        name=organization.name,
        application_reference=application_reference,
        clinical_areas=list(clinical_areas),
        aim=aim,
    )
    TeamMember.objects.bulk_create(
        TeamMember(
            host_id=team.host_id,
            team=team,
            user_id=entry.user_id,
            name=entry.name,
            title=entry.title,
            email=entry.email,
            role=entry.role,
            leadership=entry.leadership,
            roles=list(entry.roles),
            lenses=list(entry.lenses),
            department=entry.department,
            group=entry.group,
        )
        for entry in one_place_each(roster)
    )
    audit.record("enrolled", team, by=by, after={"application": application_reference})
    return team
