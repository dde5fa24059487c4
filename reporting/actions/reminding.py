"""Reminders that staff send by hand, to a selection of the board."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from collaboratives.models import Team
from reporting import emails, queries
from reporting.actions.leaders import remind_leader
from reporting.actions.periods import Refused
from reporting.models import LeaderReply, Period
from reporting.queries import Standing
from reporting.rules import may_reply
from tenancy import audit

QUIET = timedelta(hours=24)  # one reminder a day, whoever sends it


@dataclass(frozen=True)
class Reminded:
    """What became of one place on the board: to whom a mail goes, or why to nobody."""

    team: Team
    period: Period
    to: list[str]
    refused: str = ""


def remind(*, picked: Iterable[Standing], now: datetime, by: User) -> list[Reminded]:
    """Remind the leads of reports that are asked for and not in, and leaders of their replies.

    One after the other: whether a team is to be reminded is judged anew under its lock, so that
    two of staff, or staff and the clock, don't write twice.
    """
    return [_remind(one.team, one.period, now=now, by=by) for one in picked]


@transaction.atomic
def _remind(team: Team, period: Period, *, now: datetime, by: User) -> Reminded:
    teams = Team.objects.select_for_update(of=("self",)).select_related("cohort")
    standing = queries.standing_of(teams.get(pk=team.pk), period, now=now)
    try:
        return Reminded(team, period, _told(standing, now=now, by=by))
    except Refused as refused:
        return Reminded(team, period, [], str(refused))


def _told(standing: Standing | None, *, now: datetime, by: User) -> list[str]:
    if standing is None:
        raise Refused(_("This team is not asked for this report."))
    if standing.team.ended_at is not None:
        raise Refused(_("This team has left."))
    if standing.code == "submitted":
        return _leaders_told(standing, now=now, by=by)
    if standing.code not in ("open", "late"):
        raise Refused(_refusal(standing))
    if emails.was_reminded(standing, since=now - QUIET):
        raise Refused(_("Reminded within the last 24 hours."))
    told = emails.report_due(standing, rung=f"staff-{now:%Y%m%d%H%M}", now=now)
    if not told:
        raise Refused(_("No lead of this team can be written to."))
    after = {"period": standing.period.slug, "to": told}
    audit.record("reminded of a report", standing.team, by=by, after=after)
    return told


def _refusal(standing: Standing) -> str:
    if standing.code == "not_due":
        opens_on = standing.period.opens_at.astimezone(standing.team.cohort.zone).date()
        return _("It opens on %(day)s.") % {"day": date_format(opens_on, "DATE_FORMAT")}
    texts = {
        "skipped": _("No report is asked for."),
        "replied": _("The report is in, and the leader has replied."),
        "reopened": _("The report is in; the team is changing it."),
    }
    return texts[standing.code]


def _leaders_told(standing: Standing, *, now: datetime, by: User) -> list[str]:
    if not standing.team.cohort.leader_replies:
        raise Refused(_("The report is in. No leader is asked to reply."))
    waiting = LeaderReply.objects.for_page().waiting().filter(version__report=standing.report)
    asked = [
        one for one in waiting.order_by("pk") if may_reply(one.member, one.version.submitted_by)
    ]
    if not asked:
        raise Refused(_("The report is in. The team has no leader to ask."))
    fresh = [one for one in asked if not emails.was_asked(one, since=now - QUIET)]
    if not fresh:
        raise Refused(_("Reminded within the last 24 hours."))
    for reply in fresh:
        remind_leader(reply=reply, rung=f"staff-{now:%Y%m%d%H%M}", now=now, by=by)
    return [one.member.name for one in fresh]
