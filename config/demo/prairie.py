"""Prairie runs all five programs, two of them in the middle of their lives."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from accounts.models import User
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
    writing,
)
from applications.models import Application
from collaboratives import actions as hub
from collaboratives.actions.team_care import place_team, save_group
from collaboratives.models import Cohort, Program, Team
from collaboratives.roster import RosterEntry
from collaboratives.states import TeamRole
from config.demo import answers, numbers, work
from config.demo.loader import (
    LEADERS,
    NAMES,
    PLACES,
    Loader,
    _address,
    contact_at,
    demo_person,
    local,
)
from reporting import actions as reporting
from reporting.models import ReportVersion
from reporting.states import Side
from sessions import actions as sessions
from sessions.states import Audience, Presence
from sessions.states import Kind as SessionKind


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
            contact = contact_at(*NAMES[shift + 4], place)
            head = demo_person(contact.name, contact.email)
            facts = self.facts(place, head, shift=shift)
            others.append((self.team(cohort, facts, head, asked_at), head))
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
        self.met(cohort)
        self.leaders_met(cohort)
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
            contact = contact_at(*NAMES[shift], place)
            head = demo_person(contact.name, contact.email)
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
        contact = contact_at(*NAMES[4], PLACES[5])
        head = demo_person(contact.name, contact.email)
        sent = self.submitted(cohort, self.facts(PLACES[5], head, shift=4), head, self.days(-3))
        reviewer = self.people["reviewer@prairie.example"]
        assigning.assign(application=sent, reviewer=reviewer, by=self.coordinator, now=self.now)
        assigning.set_expertise(
            person=reviewer, topics=["hospital", "maternal"], cohort=cohort, by=self.coordinator
        )
        contact = contact_at(*NAMES[6], PLACES[7])
        head = demo_person(contact.name, contact.email)
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
            contact = contact_at(*NAMES[shift % len(NAMES)], place)
            head = demo_person(contact.name, contact.email)
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
        contact = contact_at("Nora Fitzgerald", "Quality director", PLACES[5])
        slow = demo_person(contact.name, contact.email)
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
