"""What the clock reminds of."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial

from messaging import reminders
from messaging.reminders import Reminder
from reporting import actions, emails, queries
from reporting.models import LeaderCommitment, LeaderReply
from reporting.states import ReplyState

REPLY_AFTER = timedelta(days=7)
RUNGS = (("-7d", timedelta(days=-7)), ("-1d", timedelta(days=-1)), ("+1d", timedelta(days=1)))
AHEAD = timedelta(days=7)
BEHIND = timedelta(days=3)


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


@reminders.register("leader-commitment")
def leader_commitment(now: datetime) -> Iterator[Reminder]:
    """Two weeks before the day that a leader named, and on that day, while it is not done."""
    today = now.date()
    near = (
        LeaderCommitment.objects.open()
        .filter(due_on__gte=today - timedelta(days=3), due_on__lte=today + timedelta(days=17))
        .filter(team__ended_at=None, reply__member__left_at=None)
        .exclude(reply__member__leadership="")
    )
    for one in near.select_related("reply__version", "team__cohort", "reply__member"):
        assert one.due_on is not None
        day = datetime.combine(one.due_on, time(8), tzinfo=one.team.cohort.zone)
        for offset, before in (("-14d", timedelta(days=14)), ("0d", timedelta())):
            remind = partial(actions.remind_of_commitment, commitment=one, offset=offset, now=now)
            label = f"{one.due_on}{offset}"
            yield Reminder("leader-commitment", one, label, day - before, remind)


@reminders.register("report-due")
def report_due(now: datetime) -> Iterator[Reminder]:
    """To each team that is asked and has not submitted: when the report opens, a week and a day
    before it is due, and once when it is late. A team's own day moves its reminders."""
    until = now + AHEAD + reminders.HORIZON
    for period in queries.periods_to_remind(since=now - BEHIND, until=until):
        for standing in queries.waiting_for(period, now=now):
            rungs = [("opens", period.opens_at, period.moves)]
            rungs += [(rung, standing.due_at + by, standing.moves) for rung, by in RUNGS]
            for rung, at, again in rungs:
                yield Reminder(
                    "report-due",
                    standing.team,
                    f"{period.slug}{rung}",
                    at,
                    partial(emails.report_due, standing, rung=f"{rung}:{again}", now=now),
                    round=again,
                )
