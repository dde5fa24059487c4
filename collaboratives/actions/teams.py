"""What is done to teams and their people."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from collaboratives import emails
from collaboratives.actions.leadership import ask_leaders
from collaboratives.actions.programs import CohortFull
from collaboratives.models import Cohort, Organization, Team, TeamMember
from collaboratives.queries import seats
from collaboratives.roster import RosterEntry, one_place_each
from collaboratives.states import TeamRole
from tenancy import audit, links

INVITATION_DAYS = 7


class PlaceTaken(Exception):
    """Somebody else has this address or this leadership on the team. `who`: their name."""

    def __init__(self, field: str, who: str) -> None:
        super().__init__(f"{field}: {who}")
        self.field, self.who = field, who


class LastLead(Exception):
    """A team keeps at least one lead: another one takes over first."""


class NotInvited(Exception):
    """The invitation is for another address, or for one that is not verified."""


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
    by_offer: bool = False,
    by: User,
) -> Team:
    """Make the team of an accepted seat, with everybody the application named.

    The caller holds `lock_cohort`. by_offer: it takes one of the seats kept for offers of
    another program. Raises CohortFull when every seat has a team. Nobody is given an account
    by being named: a person joins by an invitation.
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
        by_offer=by_offer,
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
    if cohort.program.blueprint.team.leadership.leader == "required":
        ask_leaders(team=team, by=by, now=timezone.now())
    return team


# --- the roster --------------------------------------------------------------------------------


def _lock(team: Team) -> list[TeamMember]:
    """The team's present people, its row locked, so that two changes can't cross."""
    Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    return list(team.members.present().order_by("pk"))


def _nobody_else(people: Sequence[TeamMember], entry: RosterEntry, but: int | None = None) -> None:
    for person in people:
        if person.pk == but:
            continue
        if person.email == entry.email:
            raise PlaceTaken("email", person.name)
        if entry.leadership and person.leadership == entry.leadership:
            raise PlaceTaken("leadership", person.name)


def _facts(entry: RosterEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "title": entry.title,
        "email": entry.email,
        "role": str(entry.role),
        "leadership": str(entry.leadership),
        "roles": list(entry.roles),
        "lenses": list(entry.lenses),
        "department": entry.department,
        "group": entry.group,
    }


@transaction.atomic
def add_member(*, team: Team, entry: RosterEntry, by: User) -> TeamMember:
    """Put a person on the roster. Raises PlaceTaken. They get in by an invitation."""
    entry = one_place_each([entry])[0]
    _nobody_else(_lock(team), entry)
    member = TeamMember.objects.create(host_id=team.host_id, team=team, **_facts(entry))
    audit.record("added", member, by=by)
    audit.record("added to the team", team, by=by, after={"name": member.name})
    return member


@transaction.atomic
def change_member(*, member: TeamMember, entry: RosterEntry, by: User) -> TeamMember:
    """Change what the roster says. The address of somebody who has joined stays theirs.

    Raises PlaceTaken, and LastLead when nobody would be left to lead.
    """
    entry = one_place_each([entry])[0]
    people = _lock(member.team)
    member = next(person for person in people if person.pk == member.pk)
    _nobody_else(people, entry, but=member.pk)
    facts = _facts(entry)
    if member.user_id is not None:
        facts["email"] = member.email
    if facts["role"] != TeamRole.LEAD:
        _another_leads(people, but=member)
    before = {field: getattr(member, field) for field in facts}
    changed = [field for field, value in facts.items() if before[field] != value]
    for field in changed:
        setattr(member, field, facts[field])
    member.save(update_fields=changed)
    if changed:
        audit.record(
            "changed",
            member,
            by=by,
            before={field: before[field] for field in changed},
            after={field: facts[field] for field in changed},
        )
    if "email" in changed:
        _close_links(member)
    return member


def _another_leads(people: Sequence[TeamMember], *, but: TeamMember) -> None:
    if but.role != TeamRole.LEAD:
        return
    if not any(p.role == TeamRole.LEAD and p.pk != but.pk for p in people):
        raise LastLead


def _close_links(member: TeamMember, *, now: datetime | None = None) -> None:
    links.revoke(kind="member", subject=member, now=now or timezone.now())
    if member.invited_at is not None:
        member.invited_at = None
        member.save(update_fields=["invited_at"])


@transaction.atomic
def remove_member(*, member: TeamMember, now: datetime, by: User) -> TeamMember:
    """Take a person off the team; their place in its history stays. Raises LastLead."""
    people = _lock(member.team)
    member = next(person for person in people if person.pk == member.pk)
    _another_leads(people, but=member)
    member.left_at = now
    member.save(update_fields=["left_at"])
    _close_links(member, now=now)
    audit.record("left", member, by=by)
    audit.record("left the team", member.team, by=by, after={"name": member.name})
    return member


@transaction.atomic
def hand_over(*, member: TeamMember, now: datetime, by: User) -> TeamMember:
    """Make this person the team's lead; who led before stays on as a member.

    Somebody who has not joined yet is invited with the same act.
    """
    people = _lock(member.team)
    member = next(person for person in people if person.pk == member.pk)
    before = [person for person in people if person.role == TeamRole.LEAD]
    for person in before:
        person.role = TeamRole.MEMBER
        person.save(update_fields=["role"])
    member.role = TeamRole.LEAD
    member.save(update_fields=["role"])
    audit.record(
        "handed over",
        member.team,
        by=by,
        before={"lead": [person.name for person in before]},
        after={"lead": [member.name]},
    )
    if member.user_id is None:
        return invite_member(member=member, now=now, by=by)
    if by.pk != member.user_id:
        emails.leads_now(member, by=by, now=now)
    return member


# --- joining -----------------------------------------------------------------------------------


@transaction.atomic
def invite_member(*, member: TeamMember, now: datetime, by: User) -> TeamMember:
    """Mail a link to join; an older one is closed. For somebody who has joined, nothing."""
    member = TeamMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if member.user_id is not None or member.left_at is not None:
        return member
    links.revoke(kind="member", subject=member, now=now)
    token = links.issue(
        kind="member",
        subject=member,
        expires_at=now + timedelta(days=INVITATION_DAYS),
        email=member.email,
    )
    member.invited_at = now
    member.save(update_fields=["invited_at"])
    audit.record("invited", member, by=by)
    emails.invited(member, by=by, token=token, now=now)
    return member


@transaction.atomic
def withdraw_invitation(*, member: TeamMember, now: datetime, by: User) -> TeamMember:
    """Close the link that was sent. The person stays on the roster."""
    member = TeamMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    _close_links(member, now=now)
    audit.record("withdrew", member, by=by)
    return member


@transaction.atomic
def join(*, member: TeamMember, now: datetime, by: User) -> TeamMember:
    """Take one's place on the team. Raises NotInvited unless `by` has verified its address,
    or when the place was taken meanwhile.

    The link stays until its day: pressed once more it leads its owner to the team, nobody else
    anywhere.
    """
    member = TeamMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    verified = EmailAddress.objects.filter(user=by, email=member.email, verified=True).exists()
    if not verified or member.user_id is not None or member.left_at is not None:
        raise NotInvited(member.email)
    member.user, member.invited_at = by, None
    member.save(update_fields=["user", "invited_at"])
    audit.record("joined", member, by=by)
    return member
