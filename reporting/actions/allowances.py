"""What staff give one team: more time, or no report for a period."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from collaboratives.models import Team
from reporting import emails, queries
from reporting.actions.periods import LAST_MINUTE, Refused
from reporting.models import Allowance, Period
from reporting.queries import Standing
from reporting.queries.standings import SENT
from tenancy import audit


@transaction.atomic
def extend(
    *, team: Team, period: Period, due_on: date, reason: str, now: datetime, by: User
) -> Allowance:
    """Give one team more time. Its reminders and its calendar entry move along. Raises Refused."""
    standing = _judged(team, period, now)
    due_at = datetime.combine(due_on, LAST_MINUTE, tzinfo=period.cohort.zone)
    if due_at <= max(now, standing.due_at):
        raise Refused(_("Choose a day after the present due day, and after today."))
    given = _give(standing, Allowance.State.MORE_TIME, due_at, reason, now=now, by=by)
    audit.record(
        "gave a report more time",
        team,
        by=by,
        before={"due_at": standing.due_at.isoformat()},
        after={"period": period.slug, "due_at": due_at.isoformat()},
        reason=reason,
    )
    return _told(given, "more_time", now)


@transaction.atomic
def skip(*, team: Team, period: Period, reason: str, now: datetime, by: User) -> Allowance:
    """Ask one team for no report on this period. What it has written stays, and it may still
    send it. Raises Refused."""
    standing = _judged(team, period, now)
    given = _give(standing, Allowance.State.SKIPPED, None, reason, now=now, by=by)
    audit.record("skipped a report", team, by=by, after={"period": period.slug}, reason=reason)
    return _told(given, "skipped", now)


@transaction.atomic
def take_back(*, team: Team, period: Period, reason: str, now: datetime, by: User) -> Allowance:
    """The team is asked like all the others again. Raises Refused."""
    standing = _judged(team, period, now)
    allowance = standing.allowance
    if allowance is None or allowance.state == Allowance.State.NONE:
        raise Refused(_("Nothing was given to this team."))
    given = _give(standing, Allowance.State.NONE, None, reason, now=now, by=by)
    audit.record("took back", team, by=by, after={"period": period.slug}, reason=reason)
    return _told(given, "taken_back", now)


def _judged(team: Team, period: Period, now: datetime) -> Standing:
    """Where the team stands, its row locked: two of staff may act at once."""
    team = Team.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=team.pk)
    standing = queries.standing_of(team, period, now=now)
    if standing is None:
        raise Refused(_("This team is not asked for this report."))
    if standing.code in SENT:
        raise Refused(_("This report has come in already."))
    return standing


def _give(
    standing: Standing,
    state: str,
    due_at: datetime | None,
    reason: str,
    *,
    now: datetime,
    by: User,
) -> Allowance:
    known = standing.allowance
    facts = {
        "state": state,
        "due_at": due_at,
        "reason": reason,
        "given_at": now,
        "given_by": by,
        "moves": known.moves + 1 if known else 1,
    }
    given, _made = Allowance.objects.update_or_create(
        team=standing.team,
        period=standing.period,
        defaults=facts,
        create_defaults={**facts, "host_id": standing.team.host_id},
    )
    return given


def _told(given: Allowance, what: str, now: datetime) -> Allowance:
    standing = queries.standing_of(given.team, given.period, now=now)
    assert standing is not None
    emails.window_changed(standing, what=what, reason=given.reason)
    return given
