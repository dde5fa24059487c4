"""A host whose every list grows by one row at a time, through the actions that people use.

`one_more` adds one of everything: to the host, to a cohort that runs, to one that takes
applications, and to the one team and the one application that pages are about.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from time import time
from typing import Any
from uuid import uuid4

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from accounts import actions as accounts
from accounts.models import User
from accounts.roles import Role
from applications.actions import (
    applying,
    comments,
    extending,
    people,
    writing,
)
from applications.actions.submitting import write_down
from applications.consent import actions as consent
from applications.consent.queries import sheet_of
from applications.models import Application
from applications.states import LetterState
from charters import actions as charters
from collaboratives import actions as hub
from collaboratives.actions.organizations import find_or_add_organization
from collaboratives.models import Cohort, Organization, Program, Team
from collaboratives.roster import RosterEntry
from config.demo import numbers, work
from config.demo.answers import Facts
from config.demo.loader import Loader, Place, contact_at, demo_person, local
from questionnaires.actions import publish
from questionnaires.queries import form_of
from reporting import actions as reporting
from reporting.actions import ChangeFields
from reporting.models import Dissemination, Feedback, FeedbackCall, ReportVersion
from reporting.states import Side
from sessions import actions as sessions
from tenancy.models import Host
from tests.factories import HostFactory, MembershipFactory, UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    ApplicationPersonFactory,
    LetterFactory,
)
from tests.factories.collaboratives import TeamFactory, TeamMemberFactory
from tests.factories.documents import StoredFileFactory

MARKUP = "<xss>"  # in names, so that a page which doesn't escape one is seen
ALL_ROLES = [role.value for role in Role]


@contextmanager
def quiet() -> Iterator[None]:
    """A log line for each refusal would take longer than the refusal."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def client_of(user: User | None) -> Client:
    """A person's browser, second factor included."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time()}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    return client


@dataclass
class Target:
    """One place that pages are about."""

    cohort: Cohort
    team: Team
    application: Application


class Growing(Loader):
    """running: a cohort in its fourteenth month. open: one that takes applications."""

    running: Target
    open: Target

    def __init__(self, host: Host, now: datetime) -> None:
        staff = MembershipFactory(host=host, roles=ALL_ROLES, user__name="Renata Solis").user
        self.staff, self.lead = staff, demo_person("Dana Whitfield", "dana@grove.example")
        super().__init__(host, {"coordinator": staff}, now)
        self.numbers = count(1)
        self.programs = {
            key: self.program(key) for key in ("learning-network", "progress-report-ian")
        }
        self.running = self.begun_running()
        self.open = self.begun_open()
        self.study = self.plan(self.programs["progress-report-ian"], "study", 70, -60, 1)

    def plan(
        self, program: Program, name: str, starts: float, opens: float, closes: float
    ) -> Cohort:
        first, last = self.days(starts).date(), self.days(starts + 548).date()
        return self.cohort(
            program,
            name=name.title(),
            slug=name,
            code=name.upper().replace("-", "")[:10],
            starts_on=first,
            ends_on=last,
            opens_at=local(self.days(opens).date(), 9),
            closes_at=local(self.days(closes).date(), 17),
            capacity=40,
            leader_replies=True,
            signs_charter=True,
        )

    def begun_running(self) -> Target:
        cohort = self.plan(self.programs["learning-network"], "running", -400, -520, -440)
        team = self.joined(cohort, self.lead, self.days(-460))
        self.met(cohort)
        self.periods = work.over(cohort, by=self.staff, now=self.now)
        return Target(cohort, team, Application.objects.get(lead=self.lead, cohort=cohort))

    def begun_open(self) -> Target:
        cohort = self.plan(self.programs["learning-network"], "open", 70, -60, 1)
        team = self.joined(cohort, self.lead, self.days(-20))
        facts = replace(self.of(self.lead), name="Own Draft Hospital")
        own = self.started(cohort, facts, self.lead, self.days(-9))
        return Target(cohort, team, own)

    # --- pieces ----------------------------------------------------------------------------------

    def place_and_person(self) -> tuple[Place, User]:
        number = next(self.numbers)
        place = Place(
            f"Grove{number} {MARKUP} Hospital",
            "hospital",
            "Springfield",
            "IL",
            "62701",
            100 + number,
            "bp",
        )
        one = contact_at(f"Person {MARKUP} {number}", "Quality director", place)
        return place, demo_person(one.name, one.email)

    def of(self, lead: User) -> Facts:
        """What an application of this person says."""
        place, _ = self.place_and_person()
        return self.facts(place, lead, shift=next(self.numbers))

    def joined(self, cohort: Cohort, lead: User, at: datetime) -> Team:
        return self.team(cohort, self.of(lead), lead, at)

    def member_of(self, team: Team, lead: User) -> Team:
        """With a lead and a senior leader."""
        TeamMemberFactory(host=self.host, team=team, user=lead)
        TeamMemberFactory(
            host=self.host,
            team=team,
            user=None,
            name="Elena Alvarez",
            email="elena@grove.example",
            role="viewer",
            leadership="senior_leader",
        )
        return team

    def add_materials(self, application: Application, lead: User, at: datetime) -> None:
        """Letters that are there, without the minutes it takes to look into so many files."""
        for letter in application.letters.all():
            letter.state, letter.received_at = LetterState.RECEIVED, at
            letter.file, letter.received_how = StoredFileFactory(host=self.host), "upload"
            letter.signed_by, letter.lacks = letter.signatories, []
            letter.save()

    # --- one more --------------------------------------------------------------------------------

    def one_more(self) -> None:
        n = next(self.numbers)
        self.in_the_host(n)
        self.in_the_running_cohort(n)
        self.in_the_team(n)
        self.in_the_open_cohort(n)
        self.in_the_application(n)
        self.in_the_study(n)

    def in_the_host(self, n: int) -> None:
        """And one more host beside it, for which the same person works."""
        MembershipFactory(host=HostFactory(), roles=ALL_ROLES, user=self.staff)
        MembershipFactory(host=self.host, roles=[Role.REVIEWER])
        former = MembershipFactory(host=self.host, roles=[Role.COACH])
        accounts.end_membership(membership=former, now=self.now, by=self.staff)
        accounts.invite(
            host_id=self.host.pk,
            email=f"asked{n}@grove.example",
            roles=[Role.COACH],
            language="en",
            now=self.now,
            by=self.staff,
        )
        for name in (f"Elm Street Clinic {n}", f"Elm Street Clinics {n}"):
            self.organization(name)
        kept, gone = self.organization(f"Oak {n}"), self.organization(f"Ash {n}")
        hub.merge_organizations(kept=kept, gone=gone, now=self.now, by=self.staff)
        self.later_with_the_same_team(n)

    def later_with_the_same_team(self, n: int) -> None:
        """The organization of the one team takes part again, with another version of the form."""
        program = self.programs["learning-network"]
        later = self.plan(program, f"later-{n}", 90, -40, 1)
        organization = self.running.team.organization
        ApplicationFactory(
            host=self.host,
            cohort=later,
            lead=self.lead,
            status="offer_accepted",
            organization=organization,
            organization_name=organization.name,
        )
        again = TeamFactory(host=self.host, cohort=later, organization=organization)
        self.member_of(again, self.lead)
        self.plan(self.program("action-community"), f"other-{n}", 90, -40, 1)
        form = later.application_form
        assert form is not None
        words = form_of(form)
        title = words.sections[0].title.model_copy(update={"en": f"Organization {n}"})
        first = words.sections[0].model_copy(update={"title": title})
        changed = words.model_copy(update={"sections": (first, *words.sections[1:])})
        publish(questionnaire=form.questionnaire, form=changed, now=self.now, by=self.staff)

    def organization(self, name: str) -> Organization:
        return find_or_add_organization(
            host_id=self.host.pk,
            name=name,
            type="hospital",
            city="Springfield",
            state="IL",
            by=self.staff,
        )

    def in_the_running_cohort(self, n: int) -> None:
        cohort = self.running.cohort
        head = UserFactory()
        self.working(self.member_of(TeamFactory(host=self.host, cohort=cohort), head), head)
        for when in (-30, 30):
            session = sessions.schedule(
                cohort=cohort,
                starts_at=self.days(when) + timedelta(hours=n),
                minutes=60,
                fields={"title": f"Extra session {MARKUP} {n}"},
                by=self.staff,
            )
            sessions.publish(session=session, by=self.staff, now=self.days(when - 20))

    def working(self, team: Team, lead: User) -> None:
        """Numbers, changes tested, a report with its reply, a charter signed and reopened."""
        n = next(self.numbers)
        self.measure(team, f"Control {MARKUP} {n}", numbers.CLOSING, by=lead, seed=n)
        change = reporting.add_change(
            team=team,
            given=ChangeFields(title=f"Change {MARKUP} {n}", started_on=self.days(-9).date()),
            by=lead,
        )
        page = reporting.ask_for_page(change=change, now=self.now, by=lead)
        reporting.allow_page(page=page, now=self.now, by=self.staff)
        told = {"kind": "blog", "title": f"Told {MARKUP} {n}", "permission": "not_needed"}
        day = self.days(-n).date()
        reporting.add_piece(Dissemination, team=team, given={**told, "told_on": day}, by=lead)
        call = {"people": f"All {MARKUP}", "held_on": day}
        reporting.add_piece(FeedbackCall, team=team, given=call, by=self.staff)
        period = self.periods[team.reports.count()]
        version = work.report(team, period, by=lead, now=self.now)
        work.reply(version, now=self.now)
        if team == self.running.team:  # the others' wait in the queue
            self.coached(team, version, lead)
        charter = work.charter(team, by=lead, now=self.now)
        work.signed(charter, by=lead, now=self.now)
        charters.reopen(charter=charter, by=lead, reason="We go on.")

    def coached(self, team: Team, version: ReportVersion, lead: User) -> None:
        for side in Side:
            work.score(version.report, side, "3.0", by=self.staff, now=self.now)
        given = work.feedback(version, by=self.staff, now=self.now, words={"whole": f"{MARKUP}"})
        first = Feedback.objects.order_by("pk").first() or given
        work.talk(first, team_member=lead, coach=self.staff, now=self.now)
        reporting.add_coach_note(team=team, text=f"A note {MARKUP}", now=self.now, by=self.staff)

    def in_the_team(self, n: int) -> None:
        team = self.running.team
        self.working(team, self.lead)
        ApplicationPersonFactory(host=self.host, application=self.running.application)
        write_down(self.running.application)
        for part in ("stays", "left", "asked"):
            entry = RosterEntry(f"Robin {part} {n}", f"{part}{n}@grove.example", lenses=("data",))
            member = hub.add_member(team=team, entry=entry, by=self.lead)
            if part == "left":
                hub.remove_member(member=member, now=self.now, by=self.lead)
            elif part == "asked":
                hub.invite_member(member=member, now=self.now, by=self.lead)
        cohort = self.running.cohort
        # After its numbers: a file that was given out before costs one query less.
        reporting.make_funder_report(cohort=cohort, now=self.now, by=self.staff)

    def in_the_open_cohort(self, n: int) -> None:
        """One that was sent, one to release, one that waits, drafts that ask for time."""
        cohort, staff, now = self.open.cohort, self.staff, self.now
        sent = self.application(status="submitted")
        self.application(status="decided")
        self.application(status="released", outcome="waitlist", waitlist_place=n)
        for answer in ("waits", "given"):
            draft = self.application()
            extending.ask_for_time(application=draft, reason="A storm.", by=draft.lead, now=now)
            if answer == "given":
                until = local(self.days(40).date(), 17)
                extending.extend(
                    application=draft, until=until, reason="The storm.", by=staff, now=now
                )
        self.member_of(TeamFactory(host=self.host, cohort=cohort), UserFactory())
        news = {"subject": f"News {MARKUP}", "text": f"Read {MARKUP}.", "by": staff, "now": now}
        for one in sent, self.running.application:
            writing.write_to(cohort=one.cohort, applications=[one], key=uuid4(), **news)
        later = {"at": self.days(9), "key": uuid4(), **news}
        writing.write_to(cohort=sent.cohort, applications=[sent], **later)
        name = f"News {MARKUP} {sent.reference}"
        words = {"subject": news["subject"], "text": news["text"]}
        writing.keep_wording(cohort=sent.cohort, name=name, by=staff, now=now, **words)

    def application(self, **facts: Any) -> Application:
        """In the open cohort, with a letter that nobody has looked at."""
        cohort = self.open.cohort
        made = ApplicationFactory(host=self.host, cohort=cohort, **facts)
        LetterFactory(
            host=self.host,
            application=made,
            state=LetterState.RECEIVED,
            file=StoredFileFactory(host=self.host),
            received_at=self.now,
            received_how="upload",
        )
        return made

    def in_the_application(self, n: int) -> None:
        """Colleagues, remarks, answers that changed; the same in one that was sent."""
        own, lead, now = self.open.application, self.lead, self.now
        colleague = demo_person(f"Colleague {n}", f"colleague{n}@grove.example")
        invitation = people.invite_person(
            application=own, email=colleague.email, role="editor", by=lead, now=now
        )
        people.join_application(invitation=invitation, by=colleague, now=now)
        people.invite_person(
            application=own, email=f"waits{n}@grove.example", role="viewer", by=lead, now=now
        )
        for application, by in ((own, lead), (own, colleague)):
            applying.save_section(
                application=application,
                values={"aim": f"Aim {n} {MARKUP} of {by}"},
                base_revisions=None,
                by=by,
                now=now,
            )
        comments.comment(
            application=own, field="aim", text=f"Remark {MARKUP} {n}", by=colleague, now=now
        )

    def in_the_study(self, n: int) -> None:
        application = ApplicationFactory(host=self.host, cohort=self.study, status="submitted")
        head = application.lead
        sheet = sheet_of(application)
        assert sheet is not None
        for choice in ("no", "consent"):
            consent.record_choice(
                application=application,
                sheet=sheet,
                read=True,
                choice=choice,
                by=head,
                now=self.now,
            )
        consent.ask_for_export(cohort=self.study, page=f"{n}", by=self.staff, now=self.now)
