"""One person of a team as plain data, from an application or a form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from collaboratives.states import TeamRole


@dataclass(frozen=True)
class RosterEntry:
    """roles, lenses: facts of the improvement work. user_id: only after a verified sign-in."""

    name: str
    email: str
    title: str = ""
    role: str = TeamRole.MEMBER
    leadership: str = ""
    roles: tuple[str, ...] = ()
    lenses: tuple[str, ...] = ()
    department: str = ""
    group: str = ""
    user_id: int | None = None


_RANK = {TeamRole.VIEWER: 0, TeamRole.MEMBER: 1, TeamRole.LEAD: 2}


def _joined(one: RosterEntry, other: RosterEntry) -> RosterEntry:
    return replace(
        one,
        title=one.title or other.title,
        role=max(one.role, other.role, key=lambda role: _RANK[TeamRole(role)]),
        leadership=one.leadership or other.leadership,
        roles=tuple(dict.fromkeys([*one.roles, *other.roles])),
        lenses=tuple(dict.fromkeys([*one.lenses, *other.lenses])),
        department=one.department or other.department,
        group=one.group or other.group,
        user_id=one.user_id or other.user_id,
    )


def one_place_each(roster: Iterable[RosterEntry]) -> list[RosterEntry]:
    """The roster with one entry per address, and each leadership given once.

    A senior leader may also be on the team, so the same address can come twice. Whoever is
    named first keeps a leadership; one that stays open shows on the members page.
    """
    people: dict[str, RosterEntry] = {}
    for entry in roster:
        entry = replace(entry, name=entry.name.strip(), email=entry.email.strip().lower())
        known = people.get(entry.email)
        people[entry.email] = _joined(known, entry) if known else entry
    given: set[str] = set()
    for email, entry in people.items():
        if entry.leadership in given:
            people[email] = replace(entry, leadership="")
        elif entry.leadership:
            given.add(entry.leadership)
    return list(people.values())
