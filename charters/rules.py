"""Who may do what with a charter, and what it still lacks."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from charters.models import Charter, Commitment, Signature
from charters.states import SignatureStatus, Status, machine
from collaboratives.models import TeamMember
from collaboratives.states import Leadership, TeamRole

WITHIN = timedelta(days=366)


def can_edit(charter: Charter, member: TeamMember | None) -> bool:
    """The lead and members of the team, while it is being written."""
    writes = member is not None and member.role in (TeamRole.LEAD, TeamRole.MEMBER)
    return writes and machine.allows("edit", charter.status)


def can_propose(charter: Charter, member: TeamMember | None) -> bool:
    return _is_lead(member) and machine.allows("propose", charter.status)


def can_take_back(charter: Charter, member: TeamMember | None) -> bool:
    return _is_lead(member) and machine.allows("take_back", charter.status)


def can_reopen(charter: Charter, member: TeamMember | None) -> bool:
    return _is_lead(member) and machine.allows("reopen", charter.status)


def _is_lead(member: TeamMember | None) -> bool:
    return member is not None and member.role == TeamRole.LEAD


def can_answer(signature: Signature) -> bool:
    """Once per version, while it waits."""
    return (
        signature.status == SignatureStatus.WAITING
        and signature.version.charter.status == Status.PROPOSED
        and signature.version.closed_at is None
    )


def due_date_problem(due_on: date, today: date) -> str:
    """A commitment can be carried out within a year (S0-31)."""
    if due_on <= today:
        return _("Choose a day in the future.")
    if due_on > today + WITHIN:
        return _("Choose a day within a year. A charter is for the next twelve months.")
    return ""


def missing(
    charter: Charter,
    commitments: Sequence[Commitment],
    signatories: Sequence[TeamMember],
    *,
    min_domains: int,
) -> list[str]:
    """What keeps it from being put up for signing, in words."""
    found = []
    if not any(text.strip() for text in charter.sections.values()):
        found.append(_("Write at least one part in your own words."))
    domains = {commitment.domain for commitment in commitments}
    if len(domains) < min_domains:
        found.append(_("Add a commitment for at least one domain."))
    if not any(person.leadership == Leadership.SENIOR_LEADER for person in signatories):
        found.append(_("Name the senior leader who signs."))
    return found


def canonical(document: dict[str, Any]) -> str:
    """The same words always give the same text, and so the same hash."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
