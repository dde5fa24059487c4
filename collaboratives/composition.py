"""Whether a roster is what the program asks for. Pure: no queries, no pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from collaboratives.blueprints import Blueprint
from collaboratives.blueprints.schema import Item, TeamRules
from collaboratives.states import Leadership, TeamRole


class Person(Protocol):
    """A roster entry or a member of a team."""

    @property
    def email(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def leadership(self) -> str: ...
    @property
    def roles(self) -> Sequence[str]: ...
    @property
    def lenses(self) -> Sequence[str]: ...
    @property
    def department(self) -> str: ...
    @property
    def group(self) -> str: ...


@dataclass(frozen=True)
class Minimum:
    """A hard rule of the program and whether the roster keeps it."""

    words: str
    met: bool


@dataclass(frozen=True)
class Composition:
    """size: who counts; a steering group and leaders who only look on do not.

    covered, missing: lenses by name, and the framework's components where the team should
    cover them. roles_missing, roles_to_add: recommended and optional ones by name.
    too_few, too_many: against a limit that there is.
    """

    size: int
    fewest: int | None
    most: int | None
    minimums: tuple[Minimum, ...]
    covered: tuple[str, ...]
    missing: tuple[str, ...]
    roles_missing: tuple[str, ...]
    roles_to_add: tuple[str, ...]
    departments: int
    fewest_departments: int | None
    one_department: bool
    lacks_leader: bool
    lacks_alternate: bool

    @property
    def too_few(self) -> bool:
        return self.fewest is not None and self.size < self.fewest

    @property
    def too_many(self) -> bool:
        return self.most is not None and self.size > self.most

    @property
    def lacks_departments(self) -> bool:
        return self.fewest_departments is not None and self.departments < self.fewest_departments

    @property
    def is_whole(self) -> bool:
        """No hard rule is broken. A missing lens or a missing role is only a hint."""
        return not (
            self.too_few
            or self.too_many
            or self.lacks_departments
            or self.one_department
            or self.lacks_leader
            or self.lacks_alternate
            or any(not minimum.met for minimum in self.minimums)
        )


def counts(person: Person) -> bool:
    only_leads = bool(person.leadership) and person.role == TeamRole.VIEWER
    return not only_leads and person.group != "steering"


def lenses_of(blueprint: Blueprint) -> tuple[Item, ...]:
    """What a person can bring or stand for in this program."""
    components = blueprint.framework if blueprint.team.covers_framework else ()
    return (*blueprint.team.lenses, *components)


def all_of_one(departments: Sequence[str]) -> bool:
    """Of two or more people everybody has named a department, and it is the same one."""
    return len(departments) > 1 and all(departments) and len(set(departments)) == 1


def _roles(rules: TeamRules, codes: Iterable[str], people: Iterable[Person]) -> tuple[str, ...]:
    """Those of the roles that nobody has, by name."""
    held = {role for person in people for role in (*person.roles, person.leadership)}
    names = {role.code: str(role.text) for role in rules.roles}
    return tuple(names[code] for code in codes if code not in held)


def check(blueprint: Blueprint, people: Iterable[Person]) -> Composition:
    """Hold the people against the program's team rules. Words come in the active language."""
    everybody = list(people)
    team = [person for person in everybody if counts(person)]
    rules = blueprint.team

    def has(field: str, code: str) -> int:
        if field == "roles":
            return sum(code in person.roles for person in everybody)
        return sum(person.department == code for person in everybody)

    lenses = {lens for person in team for lens in person.lenses}
    held = {person.leadership for person in everybody}
    asked = lenses_of(blueprint)
    return Composition(
        size=len(team),
        fewest=rules.min,
        most=rules.max,
        minimums=tuple(
            Minimum(words=str(rule.text), met=has(rule.field, rule.code) >= rule.at_least)
            for rule in rules.minimums
        ),
        covered=tuple(str(lens.text) for lens in asked if lens.code in lenses),
        missing=tuple(str(lens.text) for lens in asked if lens.code not in lenses),
        roles_missing=_roles(rules, rules.expected_roles, everybody),
        roles_to_add=_roles(rules, rules.optional_roles, everybody),
        departments=len({person.department for person in team if person.department}),
        fewest_departments=rules.min_departments,
        one_department=rules.multidisciplinary
        and all_of_one([person.department for person in team]),
        lacks_leader=rules.leadership.leader == "required" and Leadership.SENIOR_LEADER not in held,
        lacks_alternate=rules.leadership.alternate == "required"
        and Leadership.ALTERNATE not in held,
    )
