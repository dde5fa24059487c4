"""What both hosts of the demo are made with."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from applications.actions import applying, deciding, letters, seats, submitting, videos
from applications.models import Application
from collaboratives import actions as hub
from collaboratives.actions import measures as measuring
from collaboratives.actions.measure_numbers import Point, save_points
from collaboratives.actions.measures import Definition, Group
from collaboratives.actions.programs import CohortPlan
from collaboratives.models import Cohort, Program, Team
from config.demo import answers, numbers
from config.demo.answers import Contact, Facts
from questionnaires.schema import Kind
from sessions import actions as sessions
from sessions.rules import lacks_group
from sessions.states import Answer, Presence
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


def demo_person(name: str, address: str) -> User:
    user, made = User.objects.get_or_create(email=address, defaults={"name": name})
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


def _address(name: str, place: Place) -> str:
    plain = name.lower().replace("dr. ", "").replace("í", "i").replace(" ", ".")
    domain = place.name.split()[0].lower().strip(".'")
    return f"{plain}@{domain}.example"


def contact_at(name: str, title: str, place: Place) -> Contact:
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
        roster += [contact_at(name, title, place) for name, title in others]
        leader, alternate = LEADERS[shift % 4], LEADERS[(shift + 1) % 4]
        return Facts(
            name=place.name,
            type=place.type,
            city=place.city,
            state=place.state,
            zip_code=place.zip_code,
            beds=place.beds or 40,
            people=tuple(roster),
            leader=contact_at(*leader, place),
            alternate=contact_at(*alternate, place),
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
            if lacks_group(session):
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
