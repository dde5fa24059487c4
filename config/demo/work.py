"""What the demo's teams have done: changes tested, reports, their leaders' replies, charters."""

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import User
from charters import actions as charters
from charters.models import Charter, Version
from collaboratives.models import Cohort, Team
from collaboratives.queries import measures
from collaboratives.states import SharedWith
from reporting import actions as reporting
from reporting.actions import ChangeFields
from reporting.actions.milestones import rate_milestone
from reporting.models import (
    Aim,
    ChangeTested,
    Dissemination,
    Evidence,
    Feedback,
    FeedbackCall,
    Period,
    Project,
    Report,
    ReportVersion,
)
from reporting.states import Side

CHANGES = (
    ("Home blood pressure cuffs at discharge", 330, "adapt", "Useful, but few sent readings."),
    ("Community health worker calls within 7 days", 210, "adopt", "Seven in ten were reached."),
    ("Saturday nurse visits, no appointment", 100, "", "Most came from two bus routes."),
)
OF_ANOTHER_TEAM = (
    ("Text messages to remind of visits", 260, "abandon", "Half of the numbers were wrong."),
    (
        "Blood pressure checks at the barber shop",
        150,
        "adopt",
        "People came who never came before.",
    ),
    ("A promotora in the waiting room", 60, "adapt", "She is needed most on Mondays."),
)
HEADLINES = (
    "We learned to read our own numbers by group, and the gap was larger than we thought.",
    "Calls in the patient's own language began. Black patients gain; others not yet.",
    "The gap is closing for Black patients. We have not yet helped American Indian patients.",
    "Control for Black patients rose again, and the gap is half of what it was. "
    "Calls from community health workers made the difference.",
)
ASKS = (
    ("Let nurses call patients in work time", "Open the Saturday clinic once a month"),
    ("Pay for interpreters on the phone", "Come to one meeting of the patient council"),
    (
        "Fund two community health worker posts through December",
        "Meet the tribal health board with us before February",
    ),
)
REFLECTION = (
    "This is the clearest picture of our own care I have seen. I will fund the two posts "
    "through next year, and I want to meet the tribal health board before your next report."
)


OUTLINE = """Reach people after they go home
- Call within a week
-- Calls by a community health worker
-- Calls in the patient's own language
- Cuffs to measure at home
Care that fits people's lives
- Hours outside work
-- Saturday nurse visits, no appointment
- A bus route to the clinic"""


def aims_and_projects(team: Team, *, by: User, now: datetime) -> None:
    measure = team.measures.order_by("pk").first()
    aim = reporting.add_piece(
        Aim,
        team=team,
        given={
            "what": "Blood pressure below 140/90",
            "for_whom": "Black and American Indian patients",
            "how_much": "from 49% to 70%",
            "by_when": (now + timedelta(days=210)).date(),
            "measure": measure,
            "outline": OUTLINE,
        },
        by=by,
    )
    calls = reporting.add_piece(
        Project,
        team=team,
        given={
            "title": "Calls after discharge",
            "aim": aim,
            "description": "Two workers call within seven days, in three languages.",
            "level": "population",
            "stage": "adopted",
            "owner_name": "Priya Raman",
            "started_on": (now - timedelta(days=220)).date(),
        },
        by=by,
    )
    reporting.add_piece(
        Project,
        team=team,
        given={
            "title": "Saturday visits",
            "aim": aim,
            "stage": "testing",
            "owner_name": "Amina Yusuf",
            "started_on": (now - timedelta(days=100)).date(),
        },
        by=by,
    )
    for days, share in ((120, True), (15, False)):
        reporting.add_piece(
            Evidence,
            team=team,
            given={
                "kind": "listening",
                "from_whom": "Six people at a listening session",
                "text": "I work until five. A clinic that closes at five is closed to me.",
                "meaning": "Hours matter more than distance.",
                "heard_on": (now - timedelta(days=days)).date(),
                "project": calls,
                "in_reports": share,
            },
            by=by,
        )


def plan_to_scale(team: Team, *, by: User, now: datetime) -> None:
    """What stays, and where it goes next: every part has words."""
    reporting.save_scale_plan(
        team=team,
        given={
            "keep": "Calls within seven days, in the patient's own language.",
            "owners": "The nurse manager of each clinic.",
            "measured": "Blood pressure control by group, each month, read by the quality council.",
            "spreads": "To the other two clinics by March, then to diabetes.",
            "resources": "Two community health worker posts in the clinic's own budget.",
            "risks": "The grant ends in June. The posts are in next year's budget draft.",
        },
        saves=0,
        now=now - timedelta(days=12),
        by=by,
    )


Told = tuple[tuple[str, int, str, str], ...]


def tested_changes(
    team: Team, *, by: User, now: datetime, told: Told = CHANGES, level: str = ""
) -> list[ChangeTested]:
    """level: who may read them; empty until the team reports."""
    found = []
    measure = team.measures.order_by("pk").first()
    for title, days_ago, act, study in told:
        change = reporting.add_change(
            team=team,
            given=ChangeFields(
                title=title,
                started_on=(now - timedelta(days=days_ago)).date(),
                plan="Begin in one clinic and count who can be reached.",
                prediction="Half of those we ask will take part.",
                do="It ran for four weeks as planned.",
                study=study,
                act=act,
                measure=measure,
                for_whom="Black or African American",
            ),
            by=by,
        )
        if level:
            reporting.share(item=change, level=SharedWith(level), now=now, by=by)
        found.append(change)
    return found


def in_the_library(
    change: ChangeTested,
    adapted: ChangeTested,
    *,
    lead: User,
    other: User,
    host: User,
    now: datetime,
) -> None:
    """change: of the lead's team, and public. adapted: of the other team; the lead's tests it."""
    own, at = change.team, now - timedelta(days=20)
    reporting.comment(
        change=change,
        text=f"Who calls, and in which languages, @{lead.name}?",
        now=at,
        by=other,
    )
    reporting.comment(
        change=change,
        text=f"Two community health workers, in English, Spanish and Dakota, @{other.name}.",
        now=at + timedelta(days=1),
        by=lead,
    )
    reporting.adapt(change=adapted, team=own, now=at, by=lead)
    asked = reporting.ask_for_page(change=change, now=at, by=lead)
    reporting.allow_page(page=asked, now=at + timedelta(days=2), by=host)
    reporting.ask_for_page(change=adapted, now=now - timedelta(days=3), by=other)


TOLD = (
    ("presentation", "What calls did for our patients", 90, "given", "The patient council"),
    ("blog", "Seven in ten answered", 40, "not_needed", ""),
    ("media", "A clinic that calls back", 12, "asked", ""),
)
CALLS = (
    (150, "The monthly numbers take two hours. A template for the records system would help."),
    (35, "The coach's short calls help most. Slides could come a day before."),
)


def told_and_called(
    team: Team, change: ChangeTested, *, by: User, host: User, now: datetime
) -> None:
    """Where the team told of its work, and its calls with staff."""
    for kind, title, days, permission, whose in TOLD:
        reporting.add_piece(
            Dissemination,
            team=team,
            given={
                "kind": kind,
                "title": title,
                "told_on": (now - timedelta(days=days)).date(),
                "link": "https://stories.example/calls" if kind == "blog" else "",
                "change": change,
                "permission": permission,
                "permission_by": whose,
            },
            by=by,
        )
    for days, notes in CALLS:
        given = {
            "held_on": (now - timedelta(days=days)).date(),
            "people": f"{by.name}, {host.name}",
            "notes": notes,
        }
        reporting.add_piece(FeedbackCall, team=team, given=given, by=host)


def over(cohort: Cohort, *, by: User, now: datetime) -> list[Period]:
    """The cohort's periods that have ended."""
    periods = reporting.plan_periods(cohort=cohort, now=now - timedelta(days=300), by=by)
    return [period for period in periods if period.ends_on < now.date()]


def allowances(cohort: Cohort, more_time: Team, skipped: Team, *, by: User, now: datetime) -> None:
    """In the next period one team has more time, the other is not asked; and one report more."""
    following = Period.objects.filter(cohort=cohort, due_at__gt=now).order_by("starts_on").first()
    if following is None:
        return
    reporting.extend(
        team=more_time,
        period=following,
        due_on=(following.due_at + timedelta(days=14)).date(),
        reason="Your data team moves to a new records system that month.",
        now=now,
        by=by,
    )
    reporting.skip(
        team=skipped,
        period=following,
        reason="Your clinic is closed for repairs that quarter.",
        now=now,
        by=by,
    )
    reporting.add_period(
        cohort=cohort,
        team=more_time,
        name="Report for the funder",
        first=following.starts_on,
        last=following.ends_on,
        opens_on=(now + timedelta(days=40)).date(),
        due_on=(now + timedelta(days=70)).date(),
        now=now,
        by=by,
    )


def report(
    team: Team, period: Period, *, by: User, now: datetime, at: datetime | None = None
) -> ReportVersion:
    """Written and submitted eight days after the period ended unless said otherwise, or now."""
    at = min(now, at or period.due_at - timedelta(days=6))
    begun = reporting.start_report(team=team, period=period, now=at, by=by)
    values = {
        "headline": HEADLINES[(period.number - 1) % len(HEADLINES)],
        "progress": "Two clinics now look at their numbers by group each month.",
        "challenges": "Interpreters are hard to find on short notice.",
        "learning": "People answer when the call comes from somebody they know.",
        "next_steps": "Try Saturday visits in a second clinic.",
        "ask_1": ASKS[(period.number - 1) % len(ASKS)][0],
        "ask_2": ASKS[(period.number - 1) % len(ASKS)][1],
    }
    form = period.form.schema
    known = {field["code"] for section in form["sections"] for field in section["fields"]}
    reporting.save_answers(
        report=begun,
        values={code: value for code, value in values.items() if code in known},
        base_revisions=None,
        now=at,
        by=by,
    )
    return reporting.submit(report=begun, now=at, by=by)


def reply(version: ReportVersion, *, now: datetime) -> None:
    """The leader answers four days later with a promise; the team reads it, and notes it as done
    once its day has passed."""
    asked = version.replies.order_by("pk").first()
    if asked is None:
        return
    at = min(now, version.submitted_at + timedelta(days=4))
    day = (at + timedelta(days=60)).date()
    values = {"answer_1": "yes", "by_1": f"{day}", "answer_2": "talk", "reflection": REFLECTION}
    reporting.save_reply(reply=asked, values=values, now=at)
    sent = reporting.send_reply(reply=asked, sendings=0, now=at)
    reporting.acknowledge(reply=sent, now=min(now, at + timedelta(days=1)), by=version.submitted_by)
    if day < now.date():
        for promised in sent.commitments.order_by("place"):
            reporting.finish_commitment(
                commitment=promised, now=at + timedelta(days=55), by=version.submitted_by
            )


FEEDBACK = {
    "headline": "You say plainly for whom it did not get better. That is rare. Keep it.",
    "learning": "Who could use this? Two teams of your group start their calls next month.",
    "outcome_data": "The last three months of American Indian patients are few. Say so in words.",
    "whole": "A report that others can learn from. Let us talk about Saturday visits on our call.",
}


def feedback(
    version: ReportVersion, *, by: User, now: datetime, words: dict[str, str] | None = None
) -> Feedback:
    """The coach accepts it three days after it came in. words: else without any."""
    at = min(now, version.submitted_at + timedelta(days=3))
    values = {f"on_{part}": text for part, text in (words or {}).items()}
    given, _saved = reporting.save_feedback(
        version=version, values={**values, "verdict": "accepted"}, now=at, by=by
    )
    return reporting.share_feedback(feedback=given, now=at, by=by)


EVIDENCE = {
    "team": "Control of Black patients is above our old middle line since January.",
    "coach": "The shift is real. I would wait one more quarter with the gap.",
}


def score(report: Report, side: Side, level: str, *, by: User, now: datetime) -> None:
    reporting.score_progress(
        report=report,
        side=side,
        level=Decimal(level),
        evidence=EVIDENCE[side],
        suggested=Decimal(level),
        seen="",
        now=now,
        by=by,
    )


RATED = (
    (
        "history",
        "reached",
        "Two evenings with elders of the Meskwaki, and a walk through our files.",
    ),
    ("structures", "begun", "We found three rules on missed visits that hurt people on shifts."),
    ("data", "reached", "We read blood pressure by group each month."),
    ("clinical_area", "reached", "High blood pressure, chosen with the patient council."),
    ("aims", "begun", "One aim is written. The second waits for numbers."),
)


def rate_milestones(team: Team, *, by: User, now: datetime) -> None:
    for code, reach, evidence in RATED:
        rate_milestone(
            team=team, code=code, reach=reach, evidence=evidence, seen="", now=now, by=by
        )


def talk(given: Feedback, *, team_member: User, coach: User, now: datetime) -> None:
    """The team reads it and answers, and the coach once more."""
    at = min(now, given.shared_at + timedelta(hours=20))
    reporting.acknowledge_feedback(feedback=given, now=at, by=team_member)
    for text, by in (
        ("Thank you. We will write to both teams before Friday.", team_member),
        ("Good. I told them to expect you.", coach),
    ):
        reporting.answer_feedback(
            feedback=given, text=text, from_team=by == team_member, now=at, by=by
        )


def charter(team: Team, *, by: User, now: datetime) -> Charter:
    """Written, with commitments; nobody has been asked to sign yet."""
    begun = charters.begin(team=team, by=by)
    charters.write(
        charter=begun,
        sections={
            "why": "People in our town live ten years less on one side of the river.",
            "aim": "By next June, 70% of our patients in every group have their blood "
            "pressure below 140/90.",
            "scope": "All adults with high blood pressure in our three clinics.",
            "sustainability": "The two posts become part of the clinic's budget.",
        },
        by=by,
    )
    tables = measures.measure_tables(team, reader=measures.Reader(frozenset([team.pk])))
    measure = team.measures.filter(slug=tables[0].slug).first() if tables else None
    for days, domain, text, owner in (
        (120, "patients", "Call every patient within a week of going home", "Priya Raman"),
        (200, "people", "Train all front desk staff with community partners", "Amina Yusuf"),
        (300, "community", "Hold a clinic each month at the community center", "Rosa Delgado"),
    ):
        known = {one.code for one in team.cohort.program.blueprint.charter.domains}
        charters.add_commitment(
            charter=begun,
            fields={
                "domain": domain if domain in known else sorted(known)[0],
                "text": text,
                "opportunity": "Fewer patients of color reach their goal",
                "owner_name": owner,
                "due_on": (now + timedelta(days=days)).date(),
                "measure": measure,
                "measure_words": "" if measure else "Share of patients reached",
            },
            by=by,
        )
    return begun


def signed(begun: Charter, *, by: User, now: datetime) -> Version:
    version = charters.propose(charter=begun, language="en", by=by, now=now - timedelta(days=20))
    for signature in version.signatures.for_list():
        charters.sign(
            signature=signature,
            typed_name=signature.member.name,
            now=now - timedelta(days=15),
        )
    return version


def proposed(begun: Charter, *, by: User, now: datetime) -> Version:
    return charters.propose(charter=begun, language="en", by=by, now=now - timedelta(days=2))
