"""What the clock reminds of, and the files that a worker makes."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial

from django.template.loader import render_to_string
from django.utils import translation

from documents import jobs, pdf
from messaging import reminders
from messaging.reminders import Reminder
from reporting import actions, emails, queries
from reporting.models import LeaderCommitment, LeaderReply
from reporting.queries.documents import funder_document

LONGEST = timedelta(days=60)  # what is older is not asked or reminded of any more
ON_THE_DAY = 15  # hours before the end of the day that a reply is due
RUNGS = (("-7d", timedelta(days=-7)), ("-1d", timedelta(days=-1)), ("+1d", timedelta(days=1)))
AHEAD = timedelta(days=7)
BEHIND = timedelta(days=3)


@reminders.register("leader-reply")
def leader_reply(now: datetime) -> Iterator[Reminder]:
    """The ladder, as the program says: whoever has not replied is reminded, and after some days
    the other leader is asked too."""
    waiting = (
        LeaderReply.objects.for_page()
        .waiting()
        .filter(asked_at__gt=now - LONGEST, version__report__team__ended_at=None)
    )
    with_program = waiting.select_related("version__report__team__cohort__program")
    for reply in with_program.defer("version__content").order_by("pk"):
        plan = reply.version.report.team.cohort.program.blueprint.reporting
        again = partial(actions.ask_alternate, reply=reply, now=now)
        round_ = int(reply.asked_at.timestamp())
        at = reply.asked_at + timedelta(days=plan.alternate_after)
        yield Reminder("leader-reply", reply, "alternate", at, again, round=round_)
        for days in plan.reply_reminders:
            at = reply.due_at - timedelta(days=days, hours=ON_THE_DAY)
            remind = partial(actions.remind_leader, reply=reply, rung=f"-{days}d", now=now)
            yield Reminder("leader-reply", reply, f"-{days}d", at, remind, round=round_)


@reminders.register("leader-unasked")
def leader_unasked(now: datetime) -> Iterator[Reminder]:
    """A report that nobody is asked about: its leader left, said that it is not them, or was
    named later. Whoever can be asked now is asked; else the leads are, to name somebody."""
    for version, member in queries.unasked(since=now - LONGEST):
        if member is None:
            whom = f"nobody-{version.replies.count()}"
        else:
            address = hashlib.sha256(member.email.lower().encode()).hexdigest()[:8]
            whom = f"{member.pk}-{address}"
        ask = partial(actions.ask_leader, version=version, now=now, by="Closer")
        yield Reminder(
            "leader-unasked",
            version,
            whom,
            version.submitted_at,
            ask,
            until=now + timedelta(hours=1),
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
    with_team = near.select_related("reply__version", "team__cohort", "reply__member")
    for one in with_team.defer("reply__version__content").order_by("pk"):
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


@jobs.kind("report_pdf", copy=True)
def report_pdf(run: jobs.Run) -> jobs.Made:
    """One version as a file: whole for the team, masked for everybody else."""
    with run.step():
        context = queries.document_of(run.input["version"], whole=run.input["whole"])
    run.progress(30)
    with translation.override(context["language"]):
        html = render_to_string("reporting/pdf.html", context)
    made = pdf.render(html)
    run.progress(90)
    return jobs.Made(context["file_name"], "application/pdf", made)


@jobs.kind("funder_pdf")
def funder_pdf(run: jobs.Run) -> jobs.Made:
    """A report for funders as a file."""
    with run.step():
        context = funder_document(run.input["report"])
    run.progress(30)
    with translation.override(context["language"]):
        html = render_to_string("reporting/funder_pdf.html", context)
    made = pdf.render(html)
    run.progress(90)
    return jobs.Made(context["file_name"], "application/pdf", made)
