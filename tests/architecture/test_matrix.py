"""Every page × every person × own, a colleague's and another host's: the right status, and not
one word of what the person may not see. Generated from the URL configuration."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.conf import settings
from django.db import connection, connections, transaction

from accounts.models import Membership, User
from applications.models import Application
from charters.models import Commitment
from collaboratives.models import Team
from config.demo.load import load
from messaging.models import OutboundMessage
from reporting.models import (
    Aim,
    ChangeTested,
    Dissemination,
    Evidence,
    FeedbackCall,
    Project,
)
from tenancy import audit
from tenancy.active import open_host
from tenancy.models import Host, HostManager
from tests.architecture import planting
from tests.architecture.cells import (
    Answers,
    Target,
    as_one_visitor,
    ask_all,
    quick,
    tell_apart,
    words_seen,
)
from tests.architecture.planting import CANARY, NOW, TEAM_CANARY
from tests.architecture.test_catalog import host_tables
from tests.conftest import empty_as_owner
from tests.tenancy.test_walls import row_security

ROLES = {
    "nobody": None,
    "applicant": "applicant@prairie.example",
    "lead": "lead@prairie.example",
    "member": "member@prairie.example",
    "owner": "owner@prairie.example",
    "coordinator": "coordinator@prairie.example",
    "reviewer": "reviewer@prairie.example",
    "coach": "coach@prairie.example",
    "analyst": "analyst@prairie.example",
    "stranger": "coordinator@lakeshore.example",
}


@dataclass
class World:
    targets: dict[str, Target]
    users: dict[str, User | None]
    others_rows: dict[Any, set[int]]


def _first(rows: Any) -> int:
    """The number of the oldest row; 0, which no row has, where there is none."""
    row = rows.order_by("pk").first()
    return row.pk if row else 0


def _target(slug: str, team: Team, application: Application) -> Target:
    host = Host.objects.get(slug=slug)
    session = team.cohort.sessions.order_by("starts_at").last()
    letter = application.letters.first()
    report = team.reports.exclude(submitted_at=None).order_by("-period__slug").first()
    kwargs = {
        "host_slug": slug,
        "cohort_slug": team.cohort.slug,
        "team_slug": team.slug,
        "reference": application.reference,
        "section": "organization",
        "field": letter.field if letter else "ceo_letter",
        "uuid": letter.file.uuid if letter and letter.file else UUID(int=7),
        "job_uuid": UUID(int=7),
        "measure_slug": "blood-pressure-control",
        "program_slug": team.cohort.program.slug,
        "period_slug": report.period.slug if report else "q1",
        "key": "learning-network",
        "language": "en",
        "column": "name",
        "number": 1,
        "code": "letter",
        "token": "an-unknown-token",
        "address": "lead@prairie.example",
        "organization_pk": team.organization_id,
        "other_pk": team.organization_id,
    }
    membership = Membership.objects.order_by("pk").first()
    pks = {
        "accounts_host": membership.pk if membership else 0,
        "collaboratives:organization": team.organization_id,
        "collaboratives:merge": team.organization_id,
        "collaboratives:undo_merge": team.organization_id,
        "collaboratives": team.members.order_by("pk").first().pk,
        "program_sessions": session.pk if session else 0,
        "charters": _first(Commitment.objects.filter(charter__team=team)),
        "reporting:aim_edit": _first(Aim.objects.filter(team=team)),
        "reporting:project_edit": _first(Project.objects.filter(team=team)),
        "reporting:evidence_edit": _first(Evidence.objects.filter(team=team)),
        "reporting:dissemination_edit": _first(Dissemination.objects.filter(team=team)),
        "reporting:feedback_call_edit": _first(FeedbackCall.objects.filter(team=team)),
        "reporting": _first(ChangeTested.objects.filter(team=team)),
        "messaging": _first(OutboundMessage.objects.filter(cohort_slug=team.cohort.slug)),
    }
    alone = {
        "period_slug": team.extra_periods.order_by("pk").values_list("slug", flat=True).first()
    }
    return Target(host, team, application, kwargs, pks, alone)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """The demo's hosts, filled up and planted with canaries. They are really in the database, so
    that it can be asked with one of the walls down; emptied at the end."""
    with django_db_blocker.unblock(), time_machine.travel(NOW), pytest.MonkeyPatch.context() as on:
        on.setattr(settings, "MEDIA_ROOT", tmp_path_factory.mktemp("files"))
        with transaction.atomic():
            built = _build()
            connection.run_on_commit.clear()  # nobody is to be nudged
        try:
            yield built
        finally:
            connections.close_all()
            empty_as_owner()


def _build() -> World:
    load(now=NOW)
    users = {
        role: User.objects.get(email=address) if address else None
        for role, address in ROLES.items()
    }
    staff, stranger = users["coordinator"], users["stranger"]
    prairie, lakeshore = Host.objects.get(slug="prairie"), Host.objects.get(slug="lakeshore")
    planting.fill_host(prairie, prairie, staff)
    planting.fill_host(lakeshore, prairie, stranger, CANARY)
    with open_host(prairie.pk):
        teams = Team.objects.select_related("cohort__program", "host").order_by("pk")
        own = teams.get(members__user=users["lead"])
        other = teams.filter(cohort=own.cohort, name__contains="Lakota").get()
        by_lead = Application.objects.order_by("pk")
        own_application = by_lead.get(lead=users["applicant"])
        other_application = by_lead.filter(status="submitted").first()
        planting.fill_team(own, own_application, staff)
        planting.fill_team(other, other_application, staff, TEAM_CANARY)
        for thing in other, other_application:
            after = {"aim": TEAM_CANARY}
            audit.record("changed", thing, by=staff, reason=TEAM_CANARY, after=after)
        others_rows = planting.rows_of(other, other_application)
        planting.plant(prairie, TEAM_CANARY, others_rows)
        targets = {
            "own": _target("prairie", own, own_application),
            "other": _target("prairie", other, other_application),
        }
    with open_host(lakeshore.pk):
        team = Team.objects.select_related("cohort__program", "host").get()
        audit.record("changed", team, by=stranger, reason=CANARY, after={"aim": CANARY})
        planting.plant(lakeshore, CANARY)
        targets["foreign"] = _target("lakeshore", team, Application.objects.get())
    return World(targets, users, others_rows)


@pytest.fixture(scope="module")
def answers(world: World) -> Answers:
    with quick():
        return ask_all(world.targets, world.users, "GET")


def test_every_table_of_another_host_and_team_holds_a_canary(world):
    """Otherwise what leaks from it would go unseen. A table that fails needs a line in
    tests/architecture/planting.py, or a row in the demo."""
    assert {model._meta.db_table for model in planting.host_models()} == host_tables()
    assert planting.unplanted(world.targets["foreign"].host, CANARY) == []
    assert set(world.others_rows) == planting.of_a_team()
    assert planting.unplanted(world.targets["other"].host, TEAM_CANARY, world.others_rows) == []


@pytest.mark.parametrize("role", ROLES)
def test_the_right_status_and_no_foreign_word(role, world, answers):
    assert answers.wrong[role] == []
    assert answers.count(role, "GET") > 300
    if role in ("owner", "coordinator", "lead"):  # a blank page everywhere is no proof
        assert answers.count(role, "GET", 200) > 40
    if role == "stranger":  # whose host it is sees the canaries
        assert answers.words[role, CANARY] > 20
    if role in ("owner", "coordinator"):
        assert answers.words[role, TEAM_CANARY] > 20


def test_who_reads_the_table_of_consents(answers):
    """A person's own page and own task list, and the owners' register of counts. S0-26"""
    register = {"applications:consent", "applications:task_list", "applications:research"}
    assert "applications:research" in answers.read_consent
    assert answers.read_consent <= register


@pytest.mark.parametrize(
    ("role", "kind"), [("owner", "foreign"), ("applicant", "other"), ("lead", "other")]
)
def test_what_is_foreign_and_what_is_missing_are_the_same_page(role, kind, world):
    with as_one_visitor():
        differ, compared = tell_apart(world.users[role], kind, world.targets)
    # A mail knows its cohort by name alone: a cohort that nobody knows has none.
    expected = ("messaging:list", "cohort_slug")
    assert [one for one in differ if one[:2] != expected] == []
    assert all(one[3:] == (200, 200) for one in differ)
    assert compared > 100


# --- what takes longer: the other methods, and each wall alone ------------------------------------


@pytest.fixture(scope="module")
def sent(world: World) -> Answers:
    with quick():
        return ask_all(world.targets, world.users, "POST", "HEAD")


@pytest.mark.soak
@pytest.mark.parametrize("role", ROLES)
def test_what_is_sent_gets_the_right_status_and_no_foreign_word(role, sent):
    assert sent.wrong[role] == []
    assert sent.count(role, "POST") > 300


@contextmanager
def no_wall_in_the_code() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        bare = super(HostManager, HostManager).get_queryset
        patch.setattr(HostManager, "get_queryset", bare)
        yield


@contextmanager
def no_wall_in_the_database() -> Iterator[None]:
    connections.close_all()
    row_security("DISABLE")
    try:
        yield
    finally:
        connections.close_all()
        row_security("ENABLE")


@pytest.mark.soak
@pytest.mark.parametrize("wall", [no_wall_in_the_code, no_wall_in_the_database])
def test_each_wall_holds_alone_on_every_page(wall, world):
    with quick(), wall():
        assert words_seen("owner", world.users["owner"], world.targets) == []


@pytest.mark.soak
def test_without_both_walls_the_canaries_are_seen(world):
    """So the pages would show them, if it were not for the walls."""
    with quick(), no_wall_in_the_code(), no_wall_in_the_database():
        assert len(words_seen("owner", world.users["owner"], world.targets)) > 10
