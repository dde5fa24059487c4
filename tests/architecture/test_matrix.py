"""Every page × every person × own, a colleague's and another host's: the right status, and not
one word of what the person may not see. Generated from the URL configuration."""

import logging
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from time import time
from typing import Any
from uuid import UUID

import pytest
import time_machine
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.access import Access, access_of
from accounts.models import Membership, User
from applications.models import Application
from charters.models import Commitment
from collaboratives.models import Team
from config.demo.load import load
from messaging.models import OutboundMessage
from reporting.models import Aim, ChangeTested, Evidence, Project
from tenancy import audit
from tenancy.active import open_host
from tenancy.models import Host
from tests.architecture.decoded import said
from tests.architecture.planting import CANARY, plant

METHODS = ("GET",)
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)

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
# Teams of one cohort read each other's submitted reports, masked.
SHARED = {
    "reporting:report",
    "reporting:report_csv",
    "reporting:version",
    "reporting:version_csv",
    "reporting:version_changes",
    "reporting:version_pdf",
    "reporting:version_pdf_state",
    "reporting:make_version_pdf",
}
# Names that stand on private pages of the target and nowhere else.
CANARIES = {
    "own": ["Cedar Valley Community", "Marcus Okafor", "lindholm@cedar", "Riverbend Regional"],
    "other": ["Lakota Plains", "@lakota.example", "Mercy Fields"],
    "foreign": ["Harbor Point", "lindholm@harbor"],
}
TARGETS = list(CANARIES)


@dataclass
class Target:
    """One place that pages are about, and the values that lead there."""

    host: Host
    team: Team
    application: Application
    kwargs: dict[str, Any]
    pks: dict[str, int]


@dataclass
class World:
    targets: dict[str, Target]
    users: dict[str, User | None]


def _first(rows: Any) -> int:
    """The number of the oldest row; 0, which no row has, where there is none."""
    row = rows.order_by("pk").first()
    return row.pk if row else 0


def _target(slug: str, team: Team, application: Application) -> Target:
    host = Host.objects.get(slug=slug)
    session = team.cohort.sessions.order_by("starts_at").last()
    letter = application.letters.first()
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
        "period_slug": "q1",
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
        "reporting": _first(ChangeTested.objects.filter(team=team)),
        "messaging": _first(OutboundMessage.objects.filter(cohort_slug=team.cohort.slug)),
    }
    return Target(host, team, application, kwargs, pks)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """The demo's hosts, taken back at the end."""
    from django.conf import settings

    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), time_machine.travel(NOW), transaction.atomic():
        load(now=NOW)
        prairie, lakeshore = Host.objects.get(slug="prairie"), Host.objects.get(slug="lakeshore")
        with open_host(prairie.pk):
            teams = Team.objects.select_related("cohort__program").order_by("pk")
            own = teams.get(members__user__email="lead@prairie.example")
            other = teams.filter(cohort=own.cohort, name__startswith="Lakota").get()
            by_lead = Application.objects.order_by("pk")
            targets = {
                "own": _target("prairie", own, by_lead.get(lead__email=ROLES["applicant"])),
                "other": _target("prairie", other, by_lead.filter(status="submitted").first()),
            }
        with open_host(lakeshore.pk):
            team = Team.objects.select_related("cohort__program").get()
            targets["foreign"] = _target("lakeshore", team, Application.objects.get())
            by = User.objects.get(email=ROLES["stranger"])
            audit.record("changed", team, by=by, reason=CANARY, after={"aim": CANARY})
        assert plant(lakeshore) > 100
        users = {
            role: User.objects.get(email=address) if address else None
            for role, address in ROLES.items()
        }
        yield World(targets, users)
        transaction.set_rollback(True)


def pages() -> Iterator[tuple[str, URLPattern, list[str]]]:
    """Full name, pattern and parameter names of every URL."""

    def walk(patterns: list[Any], space: str, names: list[str]) -> Iterator[Any]:
        for pattern in patterns:
            found = [*names, *pattern.pattern.converters]
            if isinstance(pattern, URLResolver):
                inner = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from walk(pattern.url_patterns, space + inner, found)
            elif pattern.name:
                yield space + pattern.name, pattern, found

    yield from walk(get_resolver().url_patterns, "", [])


def path_of(name: str, parameters: list[str], target: Target) -> str:
    room = name.partition(":")[0]
    kwargs = {
        one: target.pks.get(name, target.pks.get(room, 0)) if one == "pk" else target.kwargs[one]
        for one in parameters
    }
    if "token" in kwargs:  # so many a minute for one token
        kwargs["token"] = f"unknown-token-for-{name}".replace(":", "-")
    return reverse(name, kwargs=kwargs)


def client_of(user: User | None) -> Client:
    address = f"2001:db8:{user.pk if user else 0:x}::1"  # so many tokens a minute from one address
    client = Client(raise_request_exception=False, REMOTE_ADDR=address)
    if user is not None:
        client.force_login(user)
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time()}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    return client


def sees(name: str, parameters: list[str], target: Target, user: User | None) -> bool | None:
    """Whether the rows behind the page are the person's to see. None: it depends on more."""
    if user is None:
        return False
    with open_host(target.host.pk):
        membership = Membership.objects.filter(user=user).first()
        if "team_slug" in parameters:
            if name in SHARED:
                return None
            return Team.objects.visible_to(user, membership).filter(pk=target.team.pk).exists()
        if "reference" in parameters:
            seen = Application.objects.visible_to(user, membership=membership)
            return seen.filter(pk=target.application.pk).exists()
    return None


def allowed(
    name: str, access: Access, parameters: list[str], target: Target, user: User | None
) -> set[int]:
    """The statuses that the declaration permits. 405: the page takes other methods only."""
    opened = {200, 302, 400, 401, 403, 404, 405, 409, 410, 413, 422}
    if access.kind == "staff":
        if user is None:
            return {302, 405}
        with open_host(target.host.pk):
            membership = Membership.objects.filter(user=user).first()
        if membership is None:
            return {404, 405}
        if not membership.may(access.permission):  # type: ignore[arg-type]
            return {403, 405}
        return {404, 405} if sees(name, parameters, target, user) is False else opened - {403}
    if access.kind == "signed_in":
        if user is None:
            return {302, 405}
        return {404, 405} if sees(name, parameters, target, user) is False else opened
    if access.kind in ("link", "demo"):
        return {404, 405}
    return opened


# Who may read the table of consents: a person's own page and own task list, and the owners'
# register of counts. S0-26
READS_CONSENT = {"applications:consent", "applications:task_list", "applications:research"}
CONSENTS = "applications_consentrecord"
read_consent: set[str] = set()


def consent_log(name: str) -> Any:
    """Notes the page when one of its queries names the table of consents."""

    def noted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if CONSENTS in sql and name:
            read_consent.add(name)
        return execute(sql, params, many, context)

    return noted


def private_words(access: Access, kind: str, role: str) -> list[str]:
    """What must not be in the answer."""
    if access.kind in ("public", "library"):
        return [*CANARIES["foreign"], CANARY] if kind != "foreign" else []
    words = [] if kind == "foreign" and role == "stranger" else [*CANARIES["foreign"], CANARY]
    if role in ("nobody", "stranger"):
        words += CANARIES["own"] + CANARIES["other"]
    return words


@dataclass
class Cell:
    name: str
    kind: str
    method: str
    path: str
    access: Access
    parameters: list[str]

    @property
    def key(self) -> str:
        return f"{self.name},{self.kind},{self.method}"


def cells(world: World, methods: tuple[str, ...] = METHODS) -> Iterator[Cell]:
    for kind in TARGETS:
        for name, pattern, parameters in pages():
            if "host_slug" not in parameters and kind != "own":
                continue
            access = access_of(pattern.callback, pattern.name)
            assert access is not None, name
            path = path_of(name, parameters, world.targets[kind])
            for method in methods:
                yield Cell(name, kind, method, path, access, parameters)


def ask(client: Client, cell: Cell) -> tuple[HttpResponse, str]:
    """The answer and all that it says. What it changed is taken back, also in the browser."""
    cookies = client.cookies.output(header="", sep=";")
    with transaction.atomic():
        answer = client.generic(cell.method, cell.path)
        text = said(answer)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return answer, text


@contextmanager
def quiet() -> Iterator[None]:
    """A log line for each refusal would take longer than the refusal."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("role", ROLES)
def test_the_right_status_and_no_foreign_word(role, world, django_db_blocker):
    wrong, seen, planted = [], Counter(), 0
    user = world.users[role]
    with django_db_blocker.unblock(), time_machine.travel(NOW), quiet():
        client = client_of(user)
        for cell in cells(world):
            with connection.execute_wrapper(consent_log(cell.name if cell.method == "GET" else "")):
                answer, text = ask(client, cell)
            target = world.targets[cell.kind]
            statuses = allowed(cell.name, cell.access, cell.parameters, target, user)
            if answer.status_code not in statuses:
                wrong.append(f"{cell.key} answered {answer.status_code}, not {statuses}")
            for word in private_words(cell.access, cell.kind, role):
                if word in text:
                    wrong.append(f"{cell.key} holds “{word}”")
            seen[cell.method, answer.status_code] += 1
            planted += CANARY in text
    assert wrong == []
    if role == "owner":  # the log does see the register
        assert read_consent
    assert read_consent <= READS_CONSENT
    assert seen.total() > 300
    if role in ("owner", "coordinator", "lead"):  # a blank page everywhere is no proof
        assert seen["GET", 200] > 40, seen
    if role == "stranger":  # whose host it is sees the canaries
        assert planted > 20


def test_what_is_foreign_and_what_is_missing_are_the_same_page(world, django_db_blocker):
    def page(client: Client, path: str) -> tuple[int, str]:
        answer = client.get(path)
        body = re.sub(r'value="[^"]{60,}"', "", answer.content.decode())
        return answer.status_code, body.replace(path, "")

    with django_db_blocker.unblock(), time_machine.travel(NOW):
        client = client_of(world.users["applicant"])
        team = world.targets["own"].team
        foreign = page(client, reverse("collaboratives:team_home", args=["prairie", team.slug]))
        missing = page(client, reverse("collaboratives:team_home", args=["prairie", "no-such"]))
        assert foreign == missing
        assert foreign[0] == 404
