"""What the clock reminds of."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from collaboratives.models import Team
from messaging import reminders
from messaging.reminders import Reminder
from reporting import actions, emails
from reporting.models import LeaderReply, Period, Report
from reporting.states import ReplyState

REPLY_AFTER = timedelta(days=7)
DUE_BEFORE = timedelta(days=7)


@reminders.register("leader-reply")
def leader_reply(now: datetime) -> Iterator[Reminder]:
    """Once, a week after the leader was asked; never after the reply was sent."""
    waiting = LeaderReply.objects.for_page().filter(
        state=ReplyState.DRAFT, asked_at__gt=now - timedelta(days=60)
    )
    for reply in waiting:
        yield Reminder(
            "leader-reply",
            reply,
            "+7d",
            reply.asked_at + REPLY_AFTER,
            partial(actions.remind_leader, reply=reply, now=now),
        )


@reminders.register("report-due")
def report_due(now: datetime) -> Iterator[Reminder]:
    """To each team that has not submitted, a week before its report is due."""
    soon = Period.objects.filter(
        due_at__gt=now - timedelta(days=2), due_at__lt=now + DUE_BEFORE + reminders.HORIZON
    )
    for period in soon.select_related("cohort"):
        done = Report.objects.filter(period=period).submitted().values("team_id")
        teams = Team.objects.filter(cohort=period.cohort_id, ended_at=None).exclude(pk__in=done)
        for team in teams.select_related("cohort"):
            yield Reminder(
                "report-due",
                team,
                f"{period.slug}-7d",
                period.due_at - DUE_BEFORE,
                partial(emails.report_due, team, period, offset="-7d"),
            )
