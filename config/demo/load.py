"""Fills an empty installation with two invented hosts, by the actions that people would use.

Prairie runs all five programs and has a sprint and a Learning Network in the middle of their
lives; Lakeshore has its own beside it. Deterministic but for the day: everything is placed
around `now`, so that what is due soon is due soon whenever the demo is loaded.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.models import Membership, User
from accounts.roles import Role
from applications.actions import (
    applying,
    assigning,
    comments,
    conflicts,
    deciding,
    letters,
    people,
    reviewing,
    saved_views,
    screening,
    seats,
    submitting,
    videos,
    writing,
)
from applications.models import Application
from collaboratives import actions as hub
from collaboratives.actions import measures as measuring
from collaboratives.actions.measure_numbers import Point, save_points
from collaboratives.actions.measures import Definition, Group
from collaboratives.actions.programs import CohortPlan
from collaboratives.actions.team_care import place_team, save_group
from collaboratives.models import Cohort, Program, Team
from collaboratives.roster import RosterEntry
from collaboratives.states import TeamRole
from config.demo import answers, cast, numbers, work
from config.demo.answers import Contact, Facts
from documents.models import Job
from questionnaires import paper
from questionnaires.schema import Kind
from reporting import actions as reporting
from reporting.models import ReportVersion
from reporting.states import Side
from sessions import actions as sessions
from sessions.states import Answer, Audience, Presence
from sessions.states import Kind as SessionKind
from tenancy.active import open_host
from tenancy.models import Host

ZONE = "America/Chicago"
LETTER = Path(__file__).parent / "letter.pdf"


@dataclass(frozen=True)
class Place:
    name: str
    type: str
    city: str
    state: str
    zip_code: str
    beds: int
    area: str


PLACES = (
    Place("Cedar Valley Community Health", "health_center", "Waterloo", "IA", "50701", 0, "bp"),
    Place("Riverbend Regional Medical Center", "hospital", "Springfield", "IL", "62701", 312, "bp"),
    Place("Lakota Plains Health Center", "health_center", "Mission", "SD", "57555", 0, "diabetes"),
    Place("St. Brigid Children's Hospital", "hospital", "Omaha", "NE", "68102", 145, "asthma"),
    Place("Mercy Fields Hospital", "critical_access", "Quincy", "IL", "62301", 25, "bp"),
    Place("Three Rivers Health System", "health_system", "Davenport", "IA", "52801", 640, "birth"),
    Place("Northgate Family Clinics", "health_center", "Rockford", "IL", "61101", 0, "diabetes"),
    Place("Heartland Women's Hospital", "hospital", "Kansas City", "MO", "64106", 210, "birth"),
    Place("Prairie View Health Department", "health_department", "Salina", "KS", "67401", 0, "bp"),
    Place("Bluestem Memorial Hospital", "hospital", "Emporia", "KS", "66801", 48, "sepsis"),
)
NAMES = (
    ("Grace Lindholm", "Quality director"),
    ("Omar Haddad", "Data analyst"),
    ("Wei Zhang", "Nurse manager"),
    ("Rosa Delgado", "Community partner"),
    ("Tom Becker", "Project manager"),
    ("Amina Yusuf", "Equity lead"),
    ("Peter Novak", "Physician"),
    ("Lucía Herrera", "Patient representative"),
)
LEADERS = (
    ("Dr. Elena Alvarez", "Chief executive"),
    ("Dr. Samuel Osei", "Chief medical officer"),
    ("Karen Whitebear", "Chief nursing officer"),
    ("Daniel Kim", "Chief operating officer"),
)


@transaction.atomic
def load(*, now: datetime) -> None:
    """Everything, or nothing."""
    prairie = Host.objects.create(
        slug="prairie",
        name="Prairie Health Equity Network",
        contact_email="help@prairie.example",
        time_zone=ZONE,
        languages=["en", "es"],
    )
    lakeshore = Host.objects.create(
        slug="lakeshore",
        name="Lakeshore Hospital Alliance",
        contact_email="help@lakeshore.example",
        time_zone="America/New_York",
        languages=["en"],
        accent="plum",
    )
    people = {one.address: _person(one.name, one.address) for one in cast.PEOPLE}
    with open_host(prairie.pk):
        for role in Role.values:
            _staff(prairie, people[f"{role}@prairie.example"], role)
        Prairie(prairie, people, now).build()
        _draw_when_asked()
    with open_host(lakeshore.pk):
        coordinator = people["coordinator@lakeshore.example"]
        _staff(lakeshore, coordinator, Role.COORDINATOR)
        Lakeshore(lakeshore, {"coordinator": coordinator}, now).build()
        _draw_when_asked()


def _draw_when_asked() -> None:
    """Some twenty blank forms, each when somebody wants it."""
    Job.objects.filter(kind=paper.JOB).delete()


def _person(name: str, address: str) -> User:
    user, made = User.objects.get_or_create(email=address, defaults={"name": name})
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


def _staff(host: Host, user: User, role: str) -> None:
    Membership.objects.create(host=host, user=user, roles=[role])


def _address(name: str, place: Place) -> str:
    plain = name.lower().replace("dr. ", "").replace("í", "i").replace(" ", ".")
    domain = place.name.split()[0].lower().strip(".'")
    return f"{plain}@{domain}.example"


def _contact(name: str, title: str, place: Place) -> Contact:
    return Contact(name, title, _address(name, place))


class Loader:
    """What both hosts share: from a program to a team, each step by its action."""

    def __init__(self, host: Host, people: dict[str, User], now: datetime) -> None:
        self.host, self.people, self.now = host, people, now

    @property
    def coordinator(self) -> User:
        return self.people.get("coordinator@prairie.example") or self.people["coordinator"]

    def days(self, count: float) -> datetime:
        return self.now + timedelta(days=count)

    def program(self, key: str) -> Program:
        return hub.adopt_blueprint(
            host_id=self.host.pk, key=key, now=self.days(-600), by=self.coordinator
        )

    def cohort(self, program: Program, **plan: object) -> Cohort:
        """starts_on, ends_on, opens_at, closes_at and the rest of CohortPlan."""
        made = hub.plan_cohort(
            program=program,
            plan=CohortPlan(**{"time_zone": ZONE, **plan}),  # type: ignore[arg-type]
            by=self.coordinator,
        )
        return hub.publish_cohort(cohort=made, now=made.opens_at or self.now, by=self.coordinator)

    def facts(self, place: Place, lead: User, *, shift: int, extra: tuple[User, ...] = ()) -> Facts:
        others = [NAMES[(shift + n) % len(NAMES)] for n in range(len(NAMES))]
        others = [one for one in others if one[0] != lead.name][: 4 - len(extra)]
        roster = [Contact(lead.name, "Quality improvement lead", lead.email)]
        roster += [Contact(one.name, "Team member", one.email) for one in extra]
        roster += [_contact(name, title, place) for name, title in others]
        leader, alternate = LEADERS[shift % 4], LEADERS[(shift + 1) % 4]
        return Facts(
            name=place.name,
            type=place.type,
            city=place.city,
            state=place.state,
            zip_code=place.zip_code,
            beds=place.beds or 40,
            people=tuple(roster),
            leader=_contact(*leader, place),
            alternate=_contact(*alternate, place),
            area="Blood pressure control",
        )

    def started(self, cohort: Cohort, facts: Facts, lead: User, at: datetime) -> Application:
        return applying.start(
            cohort=cohort, organization_name=facts.name, job="Quality lead", by=lead, now=at
        )

    def submitted(self, cohort: Cohort, facts: Facts, lead: User, at: datetime) -> Application:
        application = self.started(cohort, facts, lead, at - timedelta(days=6))
        form = cohort.program.blueprint.form
        values = answers.complete(form, facts)
        applying.save_section(
            application=application, values=values, base_revisions=None, by=lead, now=at
        )
        self.add_materials(application, lead, at)
        return submitting.submit(
            application=application,
            signed_name=lead.name,
            signed_title="Quality lead",
            by=lead,
            now=at,
        )

    def add_materials(self, application: Application, lead: User, at: datetime) -> None:
        for letter in application.letters.all():
            letters.upload_letter(letter=letter, upload=_letter(), by=lead, now=at)
        for field in application.cohort.program.blueprint.form.fields():
            if field.kind == Kind.VIDEO:
                videos.add_video(
                    application=application,
                    field=field.code,
                    link="https://vimeo.com/76979871",
                    by=lead,
                    now=at,
                )

    def decided(self, application: Application, outcome: str, at: datetime) -> Application:
        feedback = "" if outcome == "admit" else "Strong start. Tell us more about your data."
        return deciding.decide(
            application=application, outcome=outcome, feedback=feedback, by=self.coordinator, now=at
        )

    def released(self, application: Application, outcome: str, at: datetime) -> Application:
        application = self.decided(application, outcome, at)
        return deciding.release(application=application, by=self.coordinator, now=at)

    def team(self, cohort: Cohort, facts: Facts, lead: User, at: datetime) -> Team:
        application = self.submitted(cohort, facts, lead, at)
        application = self.released(application, "admit", at + timedelta(days=9))
        return seats.accept_seat(application=application, by=lead, now=at + timedelta(days=12))

    def met(self, cohort: Cohort) -> None:
        """Plan all sessions, publish those of these months; attendance where they are over."""
        for number, session in enumerate(
            sessions.plan_sessions(cohort=cohort, by=self.coordinator)
        ):
            if not self.days(-75) < session.starts_at < self.days(45):
                continue
            at = min(self.now, session.starts_at - timedelta(days=20))
            session = sessions.publish(session=session, by=self.coordinator, now=at)
            for place, invitee in enumerate(session.invitees.order_by("pk")):
                yes = (place + number) % 5 != 4
                sessions.answer(
                    invitee=invitee,
                    answer=Answer.YES if yes else Answer.NO,
                    by=f"{invitee.member.name} (by link)",
                    now=at,
                )
            if session.ends_at < self.now:
                presence = {
                    invitee.pk: Presence.PRESENT if (place + number) % 4 else Presence.ABSENT
                    for place, invitee in enumerate(session.invitees.order_by("pk"))
                }
                sessions.note_attendance(
                    session=session, presence=presence, by=self.coordinator, now=session.ends_at
                )

    def measure(
        self, team: Team, name: str, series: tuple[numbers.Series, ...], *, by: User, seed: int
    ) -> None:
        measure = measuring.add_measure(
            team=team,
            definition=Definition(
                name=name,
                numerator_words="Patients with blood pressure below 140/90",
                denominator_words="Patients with high blood pressure seen that month",
                target=0.7,
                baseline_points=8,
                groups=tuple(
                    Group(one.code, one.label, one.missing_kind)
                    for one in sorted(series, key=lambda one: (one.missing_kind, one.label))
                ),
                gap_group="black",
            ),
            by=by,
        )
        last_month = self.now.date().replace(day=1) - timedelta(days=1)
        found = numbers.counts(series, last_month, seed=seed)
        points = [Point(one.group, one.month, one.numerator, one.denominator) for one in found]
        save_points(measure=measure, points=points, by=by)


def _letter() -> SimpleUploadedFile:
    return SimpleUploadedFile("letter.pdf", LETTER.read_bytes(), "application/pdf")


def local(day: date, hour: int, zone: str = ZONE) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(zone))


class Prairie(Loader):
    def build(self) -> None:
        programs = {
            key: self.program(key)
            for key in (
                "progress-report-ian",
                "learning-and-action-network",
                "take-action-learning-network",
                "learning-network",
                "action-community",
            )
        }
        self.running_network(programs["learning-network"])
        self.running_sprint(programs["progress-report-ian"])
        self.open_cohorts(programs)

    def running_network(self, program: Program) -> None:
        """A Learning Network in its fourteenth month, with reports, replies and charters."""
        began = (self.now - timedelta(days=13 * 30)).date()
        cohort = self.cohort(
            program,
            name=f"Learning Network {began.year}",
            slug=f"learning-network-{began.year}",
            code=f"LN{began:%y}",
            starts_on=began,
            ends_on=began + timedelta(days=548),
            opens_at=local(began - timedelta(days=120), 9),
            closes_at=local(began - timedelta(days=40), 17),
            capacity=30,
            leader_replies=True,
            signs_charter=True,
        )
        asked_at = local(began - timedelta(days=60), 11)
        lead, member = self.people["lead@prairie.example"], self.people["member@prairie.example"]
        cedar = self.team(
            cohort, self.facts(PLACES[0], lead, shift=0, extra=(member,)), lead, asked_at
        )
        self.at_work(cedar, lead, member)
        others = []
        for shift, place in ((1, PLACES[1]), (2, PLACES[2])):
            contact = _contact(*NAMES[shift + 4], place)
            head = _person(contact.name, contact.email)
            facts = self.facts(place, head, shift=shift)
            others.append((self.team(cohort, facts, head, asked_at), head))
        self.met(cohort)
        self.leaders_met(cohort)
        coach = self.people["coach@prairie.example"]
        group = save_group(
            cohort=cohort,
            name="Heart and vessels",
            facilitator=coach,
            teams=[cedar, others[0][0]],
            by=self.coordinator,
        )
        for team in (cedar, others[0][0]):
            place_team(team=team, coach=coach, group=group, now=self.now, by=self.coordinator)
        self.measure(cedar, "Blood pressure control", numbers.CLOSING, by=lead, seed=11)
        for (team, head), series, seed in zip(
            others, (numbers.WIDENING, numbers.ORDINARY), (12, 13), strict=True
        ):
            self.measure(team, "Blood pressure control", series, by=head, seed=seed)
        self.reported(cohort, [(cedar, lead), *others])
        self.coached(cedar, coach, lead)

    def leaders_met(self, cohort: Cohort) -> None:
        """The senior leaders' call of the last quarter; not everybody came."""
        at = self.days(-50)
        call = sessions.schedule(
            cohort=cohort,
            starts_at=at,
            minutes=60,
            fields={
                "title": "Leaders meet",
                "kind": SessionKind.LEADERSHIP,
                "audience": Audience.LEADERS,
            },
            by=self.coordinator,
        )
        call = sessions.publish(session=call, by=self.coordinator, now=at - timedelta(days=20))
        came = {
            invitee.pk: Presence.PRESENT if place % 3 else Presence.EXCUSED
            for place, invitee in enumerate(call.invitees.order_by("pk"))
        }
        sessions.note_attendance(
            session=call, presence=came, by=self.coordinator, now=at + timedelta(hours=2)
        )

    def at_work(self, team: Team, lead: User, member: User) -> None:
        """Who signs in beside the lead: one who works on the team, and one who looks on."""
        partner, at = self.people["partner@prairie.example"], self.days(-390)
        hub.add_member(
            team=team,
            entry=RosterEntry(
                partner.name, partner.email, title="Community partner", role=TeamRole.VIEWER
            ),
            by=lead,
        )
        for person in (member, partner):
            place = team.members.get(email=person.email)
            hub.invite_member(member=place, now=at, by=lead)
            hub.join(member=place, now=at + timedelta(days=1), by=person)

    def reported(self, cohort: Cohort, teams: list[tuple[Team, User]]) -> None:
        """The first team is up to date, the second waits for its leader, the third is late."""
        (first, lead), (second, second_lead), (third, third_lead) = teams
        work.aims_and_projects(first, by=lead, now=self.now)
        own = work.tested_changes(first, by=lead, now=self.now)
        theirs = work.tested_changes(
            second, by=second_lead, now=self.now, told=work.OF_ANOTHER_TEAM, level="network"
        )
        work.plan_to_scale(first, by=lead, now=self.now)
        periods = work.over(cohort, by=self.coordinator, now=self.now)
        for period in periods:
            work.reply(work.report(first, period, by=lead, now=self.now), now=self.now)
        for period in periods:
            if period != periods[-1]:
                work.reply(work.report(second, period, by=second_lead, now=self.now), now=self.now)
            else:  # so lately that the leader's link is still open
                work.report(second, period, by=second_lead, now=self.now, at=self.days(-3))
        for period in periods[:-1]:
            work.report(third, period, by=third_lead, now=self.now)
        host = self.coordinator
        work.in_the_library(
            own[1], theirs[1], lead=lead, other=second_lead, host=host, now=self.now
        )
        work.told_and_called(first, own[1], by=lead, host=host, now=self.now)
        work.allowances(cohort, second, third, by=self.coordinator, now=self.now)
        work.signed(work.charter(first, by=lead, now=self.now), by=lead, now=self.now)
        begun = work.charter(second, by=second_lead, now=self.now)
        work.proposed(begun, by=second_lead, now=self.now)
        work.charter(third, by=third_lead, now=self.now)
        reporting.make_funder_report(cohort=cohort, now=self.now, by=self.coordinator)

    def coached(self, team: Team, coach: User, lead: User) -> None:
        """Every report has feedback but the second team's newest, which waits in the queue."""
        versions = ReportVersion.objects.filter(report__team__coach=coach)
        newest = versions.filter(report__team=team).order_by("-submitted_at").first()
        for version in versions.filter(submitted_at__lt=self.days(-4)).order_by("submitted_at"):
            words = work.FEEDBACK if version == newest else None
            given = work.feedback(version, by=coach, now=self.now, words=words)
            if version == newest:
                work.talk(given, team_member=lead, coach=coach, now=self.now)
        work.rate_milestones(team, by=lead, now=self.days(-30))
        for side, level, by in ((Side.TEAM, "4.5", lead), (Side.COACH, "3.5", coach)):
            work.score(newest.report, side, level, by=by, now=self.days(-5))
        reporting.add_coach_note(
            team=team,
            text="Grace carries most of it alone. Ask who else could present in December.",
            now=self.days(-6),
            by=coach,
        )

    def running_sprint(self, program: Program) -> None:
        """A sprint in its fifth week."""
        began = (self.now - timedelta(days=30)).date()
        cohort = self.cohort(
            program,
            name=f"Improvement Action Network, fall {began.year}",
            slug=f"ian-{began.year}",
            code=f"IAN{began:%y}",
            starts_on=began,
            ends_on=began + timedelta(days=56),
            opens_at=local(began - timedelta(days=70), 9),
            closes_at=local(began - timedelta(days=14), 17),
            signs_charter=True,
        )
        asked_at = local(began - timedelta(days=40), 10)
        for shift, place in ((3, PLACES[3]), (4, PLACES[4])):
            contact = _contact(*NAMES[shift], place)
            head = _person(contact.name, contact.email)
            self.team(cohort, self.facts(place, head, shift=shift), head, asked_at)
        self.met(cohort)

    def open_cohorts(self, programs: dict[str, Program]) -> None:
        """Cohorts that take applications now; the Learning Network has them in every state."""
        today = self.now.date()
        year = today.year + 1
        shared = {"opens_at": self.days(-60), "closes_at": local(today + timedelta(days=21), 17)}
        starts_on = today + timedelta(days=70)
        network = self.cohort(
            programs["learning-network"],
            name=f"Learning Network {year}",
            slug=f"learning-network-{year}",
            code=f"LN{year % 100}",
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=548),
            capacity=20,
            leader_replies=True,
            signs_charter=True,
            **shared,
        )
        self.cohort(
            programs["progress-report-ian"],
            name=f"Improvement Action Network, spring {year}",
            slug=f"ian-spring-{year}",
            code=f"IANS{year % 100}",
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=56),
            signs_charter=True,
            **shared,
        )
        community = self.cohort(
            programs["action-community"],
            name=f"Action Community {year}",
            slug=f"action-community-{year}",
            code=f"AC{year % 100}",
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=548),
            capacity=12,
            decide_by=today + timedelta(days=45),
            **shared,
        )
        self.every_state(network)
        saved_views.save_view(
            cohort=network,
            name="Illinois, not decided",
            address="?view=to_decide&state=IL&sort=organization",
            is_shared=True,
            by=self.coordinator,
            now=self.now,
        )
        self.letters_on_their_way(community)

    def written(self, cohort: Cohort, applications: list[Application]) -> None:
        """Words that are kept, and a mail that goes out next week."""
        words = {
            "subject": "Save the date: meet the teams",
            "text": "Dear {name},\n\nwe meet online to answer what {organization} wants to know.",
        }
        shared: dict[str, Any] = {
            "cohort": cohort,
            **words,
            "by": self.coordinator,
            "now": self.days(-1),
        }
        writing.keep_wording(name="Save the date", **shared)
        writing.write_to(
            applications=applications,
            key=UUID(int=27),
            at=local(self.days(6).date(), 9),
            **shared,
        )

    def letters_on_their_way(self, cohort: Cohort) -> None:
        """One application with one letter for both names; one draft that waits for its signers."""
        contact = _contact(*NAMES[4], PLACES[5])
        head = _person(contact.name, contact.email)
        sent = self.submitted(cohort, self.facts(PLACES[5], head, shift=4), head, self.days(-3))
        reviewer = self.people["reviewer@prairie.example"]
        assigning.assign(application=sent, reviewer=reviewer, by=self.coordinator, now=self.now)
        assigning.set_expertise(
            person=reviewer, topics=["hospital", "maternal"], cohort=cohort, by=self.coordinator
        )
        contact = _contact(*NAMES[6], PLACES[7])
        head = _person(contact.name, contact.email)
        draft = self.started(cohort, self.facts(PLACES[7], head, shift=6), head, self.days(-8))
        for letter, (name, _title) in zip(
            draft.letters.order_by("position"), LEADERS, strict=False
        ):
            letters.request_letter(
                letter=letter,
                name=name,
                email=_address(name, PLACES[7]),
                by=head,
                now=self.days(-6),
            )

    def every_state(self, cohort: Cohort) -> None:
        applicant = self.people["applicant@prairie.example"]
        draft = self.started(
            cohort, self.facts(PLACES[1], applicant, shift=1), applicant, self.days(-9)
        )
        values = answers.complete(
            cohort.program.blueprint.form, self.facts(PLACES[1], applicant, shift=1)
        )
        half = dict(list(values.items())[: len(values) // 2])
        applying.save_section(
            application=draft, values=half, base_revisions=None, by=applicant, now=self.days(-2)
        )
        self.many_hands(draft, applicant)
        made = []
        for shift, place in enumerate(PLACES[3:] + PLACES[:3]):
            contact = _contact(*NAMES[shift % len(NAMES)], place)
            head = _person(contact.name, contact.email)
            facts = self.facts(place, head, shift=shift)
            made.append((self.submitted(cohort, facts, head, self.days(-12 + shift / 2)), head))
        at = self.days(-4)
        reviewer = self.people["reviewer@prairie.example"]
        (asked, _), (review, reviewed), (admit, _), (offered, _), (taken, head) = made[1:6]
        deciding.ask(
            application=asked,
            question="Thank you. Two things are not clear to us yet.",
            about=[("team", "Who speaks for patients?"), ("aim", "For which patients?")],
            by=self.coordinator,
            now=at,
        )
        deciding.begin_review(application=review, by=self.coordinator)
        self.asked_and_answered(review, reviewed)
        screening.screen(
            application=review,
            criterion="time",
            met=True,
            reason="They named the hours of each person.",
            by=self.coordinator,
            now=at,
        )
        self.written(cohort, [made[0][0], asked])
        for one in (made[0][0], asked, review):
            assigning.assign(application=one, reviewer=reviewer, by=self.coordinator, now=at)
        conflicts.declare(application=review, stance="clear", by=reviewer, now=self.days(-3))
        conflicts.declare(
            application=asked,
            stance="conflict",
            reason="I was on their board until last year.",
            by=reviewer,
            now=self.days(-3),
        )
        self.scored(review, reviewer, (4, 3, 2, 4), "Honest about what is missing.")
        self.scored(review, self.people["owner@prairie.example"], (2, 4, 3, 4), "Few examples.")
        self.decided(admit, "admit", at)
        self.released(offered, "admit", at)
        self.released(taken, "admit", at)
        seats.accept_seat(application=taken, by=head, now=self.now)
        (declined_offer, other), (waiting, _), (refused, _), (withdrawn, third) = made[6:10]
        self.released(declined_offer, "admit", at)
        seats.decline_seat(
            application=declined_offer, reason="Our lead has left.", by=other, now=self.now
        )
        self.released(waiting, "waitlist", at)
        self.released(refused, "decline", at)
        contact = _contact("Nora Fitzgerald", "Quality director", PLACES[5])
        slow = _person(contact.name, contact.email)
        facts = self.facts(PLACES[5], slow, shift=5)
        silent = self.submitted(cohort, facts, slow, self.days(-40))
        silent = self.released(silent, "admit", self.days(-30))
        seats.expire_offer(application=silent, now=self.now)
        applying.withdraw(
            application=withdrawn, reason="We apply next year.", by=third, now=self.now
        )

    def asked_and_answered(self, application: Application, head: User) -> None:
        """One question about the aim, and what came back."""
        deciding.ask(
            application=application,
            about=[("aim", "By when, and by how much?")],
            by=self.coordinator,
            now=self.days(-6),
        )
        aim = str(application.response.answers.get("aim", ""))
        applying.save_section(
            application=application,
            values={"aim": f"{aim} By June 2028, half of today's gap."},
            base_revisions=None,
            by=head,
            now=self.days(-5),
        )
        deciding.answer(application=application, by=head, now=self.days(-5))

    def scored(
        self, application: Application, reader: User, values: tuple[int, ...], comment: str
    ) -> None:
        rubric = application.cohort.program.blueprint.reviewing
        assert rubric is not None
        codes = [one.code for one in rubric.rubric]
        given = {code: reviewing.Given(n) for code, n in zip(codes, values, strict=True)}
        given["comment"] = reviewing.Given(None, comment)
        at = self.days(-2)
        reviewing.save_review(application=application, given=given, by=reader, now=at)
        reviewing.finish_review(application=application, by=reader, now=at)

    def many_hands(self, draft: Application, lead: User) -> None:
        """A colleague who has joined, one who is invited, and what they say to each other."""
        editor, at = self.people["editor@prairie.example"], self.days(-7)
        invitation = people.invite_person(
            application=draft, email=editor.email, role="editor", by=lead, now=at
        )
        hand = people.join_application(invitation=invitation, by=editor, now=self.days(-6))
        people.invite_person(
            application=draft,
            email="priya.shah@riverbend.example",
            role="viewer",
            by=lead,
            now=self.days(-1),
        )
        last = draft.cohort.program.blueprint.form.sections[-2].code
        people.assign_sections(application=draft, owners={last: hand.pk}, by=lead, now=at)
        comments.comment(
            application=draft,
            field="staffed_beds",
            text="Do we count the birth center? Let us ask finance.",
            by=editor,
            now=self.days(-3),
        )


class Lakeshore(Loader):
    def build(self) -> None:
        program = self.program("learning-network")
        today = self.now.date()
        cohort = self.cohort(
            program,
            name="Lakeshore Learning Network",
            slug="learning-network",
            code="LLN",
            time_zone="America/New_York",
            starts_on=today + timedelta(days=60),
            ends_on=today + timedelta(days=600),
            opens_at=self.days(-40),
            closes_at=local(today + timedelta(days=25), 17, "America/New_York"),
            capacity=8,
        )
        place = Place("Harbor Point Hospital", "hospital", "Buffalo", "NY", "14201", 220, "bp")
        contact = _contact("Helen Marsh", "Quality director", place)
        head = _person(contact.name, contact.email)
        team = self.team(cohort, self.facts(place, head, shift=0), head, self.days(-15))
        self.measure(team, "Blood pressure control", numbers.ORDINARY, by=head, seed=21)
