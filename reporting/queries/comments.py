"""Comments beneath a shared change: who reads them, who writes, and who can be named in one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import Q

from accounts.models import Membership, User
from accounts.roles import Permission
from collaboratives.models import Team, TeamMember
from collaboratives.states import SharedWith, TeamRole
from reporting.models import ChangeTested, LibraryComment


def comments_of(change: ChangeTested) -> list[LibraryComment]:
    """Oldest first, without those that were removed."""
    return list(LibraryComment.objects.filter(change=change).standing().for_page())


def may_comment(person: User, membership: Membership | None) -> bool:
    """Who works on a team of this host, and staff who work with teams. The change itself is
    asked for elsewhere."""
    if membership is not None and membership.may(Permission.REPORT_COACH):
        return True
    works = TeamMember.objects.present().filter(
        user_id=person.pk, role__in=[TeamRole.LEAD, TeamRole.MEMBER]
    )
    return works.exists()


def can_be_named(change: ChangeTested, writer: User) -> list[User]:
    """Those whom the writer sees by name anyway: the leads of the change's team, the writer's own
    teams as far as they read it, and whoever wrote here. Never a list of everybody."""
    own = Team.objects.visible_to(writer)
    known = Q(team=change.team_id, role=TeamRole.LEAD) | Q(team__in=own.values("pk"))
    people = TeamMember.objects.present().filter(known & _reading(change), user__isnull=False)
    wrote = LibraryComment.objects.filter(change=change).standing()
    found = User.objects.filter(
        Q(pk__in=people.values("user_id")) | Q(pk__in=wrote.values("author_id"))
    )
    return list(found.exclude(pk=writer.pk).exclude(name="").order_by("name", "pk"))


def _reading(change: ChangeTested) -> Q:
    """Members of teams that may read the change."""
    its_own = Q(team=change.team_id)
    if change.shared_with in (SharedWith.NETWORK, SharedWith.PUBLIC):
        return Q()
    if change.shared_with == SharedWith.COHORT:
        return its_own | Q(team__cohort=change.team.cohort_id)
    return its_own


def named_in(text: str, people: Iterable[User]) -> list[User]:
    """Whoever is written with an @ before their whole name; of two that begin alike, the longer."""
    found, rest = [], text
    for person in sorted(people, key=lambda one: -len(one.name)):
        pattern = re.compile(rf"@{re.escape(person.name)}(?!\w)", re.IGNORECASE)
        if pattern.search(rest):
            found.append(person)
            rest = pattern.sub("@", rest)
    return found


def may_read(change: ChangeTested, person: User) -> bool:
    """Asked anew for each mail: whoever cannot open the page is told nothing of it."""
    membership = Membership.objects.present().filter(user=person).first()
    return ChangeTested.objects.readable_by(person, membership).filter(pk=change.pk).exists()
