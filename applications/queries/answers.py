"""What the answers of an application say, by the codes that all programs share.

The codes are those of collaboratives/blueprints/library.yaml. A program that does not ask a
question simply has no answer to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import ApplicationPerson, Letter, Video
from applications.states import LetterState
from collaboratives.blueprints.schema import TeamRules
from collaboratives.composition import all_of_one
from collaboratives.roster import RosterEntry
from collaboratives.states import Leadership, OrganizationType, TeamRole
from questionnaires.answers import as_date
from questionnaires.rules import stages, visible_answers
from questionnaires.schema import OTHER, Form

Answers = Mapping[str, Any]


def ready_codes(letters: Iterable[Letter], videos: Iterable[Video]) -> set[str]:
    """Uploads and videos that are in, or that somebody was asked to send."""
    return {
        letter.field
        for letter in letters
        if letter.is_complete or letter.state == LetterState.REQUESTED
    } | {video.field for video in videos if video.is_here}


def percent_done(form: Form, answers: Answers, ready: Collection[str] = ()) -> int:
    """How far a draft is, by sections complete and begun: 99 at most before it is sent."""
    found = stages(form, answers, ready)
    if not found:
        return 0
    points = {"complete": 100, "in_progress": 50, "not_started": 0}
    return min(99, sum(points[one] for one in found) // len(found))


def _text(answers: Answers, code: str) -> str:
    value = answers.get(code)
    return value if isinstance(value, str) else ""


def _count(answers: Answers, code: str) -> int | None:
    value = answers.get(code)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def organization_facts(answers: Answers) -> dict[str, Any]:
    """As `collaboratives.actions.find_or_add_organization` takes them."""
    kind = _text(answers, "organization_type")
    contact = answers.get("lead_contact")
    email = contact.get("email", "") if isinstance(contact, Mapping) else ""
    return {
        "name": _text(answers, "organization_name"),
        "type": kind if kind in OrganizationType.values else OrganizationType.OTHER,
        "city": _text(answers, "city"),
        "state": _text(answers, "state").upper(),
        "zip_code": _text(answers, "zip_code"),
        "system_name": _text(answers, "system_name"),
        "staffed_beds": _count(answers, "staffed_beds"),
        "sites": _count(answers, "sites"),
        "ccn": _text(answers, "ccn"),
        "email_domain": email.rpartition("@")[2],
    }


@dataclass(frozen=True)
class TeamFacts:
    """What an accepted application brings to its team."""

    roster: list[RosterEntry]
    clinical_areas: list[str]
    aim: str


def team_facts(form: Form, answers: Answers, people: Iterable[ApplicationPerson]) -> TeamFacts:
    """Everybody the answers name, and those who worked on the application.

    Leaders are named first, so that a place on the team does not take their role away. Only
    people who have signed in get their account on the roster.
    """
    shown = visible_answers(form, answers)
    signed_in = {one.user.email: one for one in people}
    roster = [
        *_contact(shown, "senior_leader", leadership=Leadership.SENIOR_LEADER),
        *_contact(shown, "alternate_leader", leadership=Leadership.ALTERNATE),
        *_team(shown),
        *_contact(shown, "lead_contact"),
    ]
    known = {entry.email.lower() for entry in roster}
    roster = [_with_account(entry, signed_in) for entry in roster]
    for email, one in signed_in.items():
        role = TeamRole.VIEWER if one.role == "viewer" else TeamRole.MEMBER
        if one.role == "lead":
            role = TeamRole.LEAD
        if email not in known or role == TeamRole.LEAD:
            roster.append(
                RosterEntry(
                    name=one.user.name or email,
                    email=email,
                    title=one.job,
                    role=role,
                    user_id=one.user_id,
                )
            )
    return TeamFacts(roster, _clinical_areas(form, shown), composed_aim(shown))


def _with_account(entry: RosterEntry, people: Mapping[str, ApplicationPerson]) -> RosterEntry:
    one = people.get(entry.email.lower())
    if one is None:
        return entry
    return RosterEntry(**{**entry.__dict__, "user_id": one.user_id})


def _contact(answers: Answers, code: str, *, leadership: str = "") -> list[RosterEntry]:
    value = answers.get(code)
    if not isinstance(value, Mapping) or not value.get("email"):
        return []
    return [
        RosterEntry(
            name=value.get("name") or value["email"],
            email=value["email"].lower(),
            title=value.get("title", ""),
            role=TeamRole.VIEWER if leadership else TeamRole.MEMBER,
            leadership=leadership,
        )
    ]


def team_rows(answers: Answers) -> list[Mapping[str, Any]]:
    rows = answers.get("team")
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _team(answers: Answers) -> list[RosterEntry]:
    return [
        RosterEntry(
            name=row.get("name") or row["email"],
            email=row["email"].lower(),
            title=row.get("title", ""),
            role=TeamRole.LEAD if row.get("lead") else TeamRole.MEMBER,
            roles=tuple(row.get("roles") or ()),
            lenses=tuple(row.get("lenses") or ()),
            department=row.get("department", ""),
            group=row.get("group", ""),
        )
        for row in team_rows(answers)
        if row.get("email")
    ]


def _clinical_areas(form: Form, answers: Answers) -> list[str]:
    field = form.by_code.get("clinical_areas")
    chosen = answers.get("clinical_areas")
    if field is None or not chosen:
        return []
    chosen = [chosen] if isinstance(chosen, str) else chosen
    labels = {option.code: option.label.en for option in field.choices}
    own = _text(answers, "clinical_areas" + OTHER)
    return [own if code == "other" and own else labels[code] for code in chosen if code in labels]


def composed_aim(answers: Answers) -> str:
    """The aim in one sentence; without one, its four parts joined."""
    if sentence := _text(answers, "aim"):
        return sentence
    parts = [_text(answers, f"aim_{part}") for part in ("what", "for_whom", "how_much")]
    by_when = as_date(answers.get("aim_by_when"))
    if by_when is not None:
        parts.append(_("by %(date)s") % {"date": by_when.isoformat()})
    return ", ".join(part for part in parts if part)


def team_problems(rules: TeamRules, form: Form, answers: Answers) -> list[str]:
    """The hard rules of a team that this one does not meet, each in a sentence."""
    if "team" not in form.by_code:
        return []
    rows = team_rows(answers)
    found = []
    if not size_fits(rules, answers) and not (
        rules.size_override and _text(answers, "team_size_reason")
    ):
        found.append(size_words(rules, len(rows)))
    for minimum in rules.minimums:
        have = sum(
            minimum.code in (row.get(minimum.field) or ())
            if minimum.field == "roles"
            else row.get(minimum.field) == minimum.code
            for row in rows
        )
        if have < minimum.at_least:
            found.append(str(minimum.text))
    if rules.min_departments:
        departments = {row.get("department") for row in rows} - {None}
        if len(departments) < rules.min_departments:
            found.append(
                _("Name people from at least %(n)s departments.") % {"n": rules.min_departments}
            )
    return found


def size_fits(rules: TeamRules, answers: Answers) -> bool:
    size = len(team_rows(answers))
    return (rules.min is None or size >= rules.min) and (rules.max is None or size <= rules.max)


def size_words(rules: TeamRules, size: int) -> str:
    """5 people. You need 3 to 7."""
    have = ngettext("%(n)s person.", "%(n)s people.", size) % {"n": size}
    if rules.min and rules.max:
        need = _("You need %(min)s to %(max)s.") % {"min": rules.min, "max": rules.max}
    elif rules.min:
        need = _("You need %(min)s or more.") % {"min": rules.min}
    elif rules.max:
        need = _("You may have %(max)s at most.") % {"max": rules.max}
    else:
        need = ""
    return f"{have} {need}".strip()


def one_department(rules: TeamRules, answers: Answers) -> str:
    """Why a team is not of many kinds of work, in a sentence; it may be sent all the same."""
    departments = [row.get("department") or "" for row in team_rows(answers)]
    if rules.multidisciplinary and all_of_one(departments):
        return _("Everybody is from one department. Add people from another.")
    return ""


def missing_roles(rules: TeamRules, answers: Answers) -> list[str]:
    """Recommended roles that nobody has: a hint, never a bar. The leader is asked apart."""
    held = {role for row in team_rows(answers) for role in row.get("roles") or ()}
    if answers.get("senior_leader"):
        held.add("senior_leader")
    names = {role.code: str(role.text) for role in rules.roles}
    return [names[code] for code in rules.expected_roles if code not in held]


def team_hints(rules: TeamRules, answers: Answers) -> list[str]:
    """What is said live about a team that is being named."""
    hints = [size_words(rules, len(team_rows(answers))), one_department(rules, answers)]
    roles = missing_roles(rules, answers)
    if roles:
        hints.append(_("Recommended, not named yet: %(roles)s.") % {"roles": ", ".join(roles)})
    return [hint for hint in hints if hint]


def missing_lenses(rules: TeamRules, answers: Answers) -> list[str]:
    """Recommended lenses that nobody brings: a hint, never a bar."""
    brought = {lens for row in team_rows(answers) for lens in row.get("lenses") or ()}
    return [str(lens.text) for lens in rules.lenses if lens.code not in brought]
