"""Every page of the URL configuration, asked by every person: what the matrix is made of."""

import gc
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cache
from time import time
from typing import Any
from uuid import UUID

import pytest
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views import defaults

from accounts import login_time
from accounts.access import Access, access_of
from accounts.models import Membership, User
from applications.models import Application
from collaboratives.models import Team
from config import urls
from tenancy.active import open_host, open_person
from tenancy.models import Host
from tests.architecture.decoded import said
from tests.architecture.planting import CANARY, TEAM_CANARY

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
# Pages that show everybody a part; what of another team is not shared stays private there too.
IN_PART_PUBLIC = {"reporting:library", "reporting:item"}
# Names that stand on private pages of the target and nowhere else.
CANARIES = {
    "own": ["Cedar Valley Community", "Marcus Okafor", "lindholm@cedar", "Riverbend Regional"],
    "other": ["Lakota Plains", "@lakota.example", "Mercy Fields"],
    "foreign": ["Harbor Point", "lindholm@harbor"],
}
TARGETS = tuple(CANARIES)
# Nothing of the other team is theirs to see.
OUTSIDERS = {"nobody", "applicant", "lead", "member", "stranger"}


@dataclass
class Target:
    """One place that pages are about, and the values that lead there. alone: values that no
    other place of the cohort shares."""

    host: Host
    team: Team
    application: Application
    kwargs: dict[str, Any]
    pks: dict[str, int]
    alone: dict[str, Any]

    def value(self, name: str, parameter: str) -> Any:
        """What stands for this parameter in the address of this page."""
        if parameter == "pk":
            return self.pks.get(name, self.pks.get(name.partition(":")[0], 0))
        if parameter == "token":  # so many a minute for one token
            return f"unknown-token-for-{name}".replace(":", "-")
        return self.kwargs.get(f"{name} {parameter}", self.kwargs[parameter])


@dataclass(frozen=True)
class Page:
    name: str
    access: Access
    parameters: tuple[str, ...]

    def path(self, target: Target, **other: Any) -> str:
        kwargs = {one: target.value(self.name, one) for one in self.parameters}
        return reverse(self.name, kwargs=kwargs | other)


@cache
def pages() -> tuple[Page, ...]:
    """Every URL that has a name."""

    def walk(patterns: list[Any], space: str, names: list[str]) -> Iterator[tuple[str, Any, Any]]:
        for pattern in patterns:
            found = [*names, *pattern.pattern.converters]
            if isinstance(pattern, URLResolver):
                inner = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from walk(pattern.url_patterns, space + inner, found)
            elif pattern.name:
                yield space + pattern.name, pattern, found

    def page(name: str, pattern: URLPattern, parameters: list[str]) -> Page:
        access = access_of(pattern.callback, pattern.name)
        assert access is not None, name
        return Page(name, access, tuple(parameters))

    return tuple(page(*found) for found in walk(get_resolver().url_patterns, "", []))


class Remembering(AuthenticationBackend):
    """Asks the database once for a person, not with every page."""

    def get_user(self, user_id: Any) -> Any:
        return copy(_person(int(user_id)))


@cache
def _person(pk: int) -> User:
    return User.objects.get(pk=pk)


class Visitor(RequestFactory):
    """One person's browser, second factor included; it keeps nothing of what it is answered."""

    def __init__(self, user: User | None) -> None:
        # so many tokens a minute from one address
        address = f"2001:db8:{user.pk if user else 0:x}::1"
        login = f"{settings.SESSION_COOKIE_NAME}={_login(user)}" if user else ""
        super().__init__(REMOTE_ADDR=address, HTTP_COOKIE=login)
        self.user = user
        self.handler = ClientHandler(enforce_csrf_checks=False)

    def request(self, **request: Any) -> HttpResponse:
        return self.handler(self._base_environ(**request))


def _login(user: User) -> str:
    with open_person(user.pk):
        staff = Membership.across_hosts.filter(user=user).exists()
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = f"{__name__}.{Remembering.__name__}"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session[login_time.KEY] = login_time.begin(time(), staff=staff)
    session.save()
    return str(session.session_key)


# --- what the declaration of a page permits -------------------------------------------------------


@cache
def membership_of(host: Host, user: User) -> Membership | None:
    with open_host(host.pk):
        return Membership.objects.filter(user=user).first()


@cache
def _visible(host: Host, team: Team | None, application: Application | None, user: User) -> bool:
    membership = membership_of(host, user)
    with open_host(host.pk):
        if team is not None:
            return Team.objects.visible_to(user, membership).filter(pk=team.pk).exists()
        assert application is not None
        seen = Application.objects.visible_to(user, membership=membership)
        return seen.filter(pk=application.pk).exists()


def sees(page: Page, target: Target, user: User | None) -> bool | None:
    """Whether the rows behind the page are the person's to see. None: it depends on more."""
    if user is None:
        return False
    if "team_slug" in page.parameters:
        return None if page.name in SHARED else _visible(target.host, target.team, None, user)
    if "reference" in page.parameters:
        return _visible(target.host, None, target.application, user)
    return None


def allowed(page: Page, target: Target, user: User | None) -> set[int]:
    """The statuses that the declaration permits. 405: the page takes other methods only."""
    opened = {200, 302, 400, 401, 403, 404, 405, 409, 410, 413, 422, 423}
    if page.access.kind == "staff":
        if user is None:
            return {302, 405}
        membership = membership_of(target.host, user)
        if membership is None:
            return {404, 405}
        if not membership.may(page.access.permission):  # type: ignore[arg-type]
            return {403, 405}
        return {404, 405} if sees(page, target, user) is False else opened - {403}
    if page.access.kind == "signed_in":
        if user is None:
            return {302, 405}
        return {404, 405} if sees(page, target, user) is False else opened
    if page.access.kind in ("link", "demo"):
        return {404, 405}
    return opened


# --- asking ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    page: Page
    kind: str
    method: str

    def __str__(self) -> str:
        return f"{self.page.name},{self.kind},{self.method}"


class Taken:
    """Takes back what an answer wrote. Where nothing was written the transaction goes on."""

    def __init__(self) -> None:
        self.block: Any = None
        self.wrote = False
        self.tables: set[str] = set()

    def _note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.wrote = self.wrote or sql.startswith(("INSERT", "UPDATE", "DELETE", "WITH"))
        self.tables |= {table for table in WATCHED if table in sql}
        return execute(sql, params, many, context)

    @contextmanager
    def back(self) -> Iterator[None]:
        if self.block is None:
            self.block = transaction.atomic()
            self.block.__enter__()
        self.wrote, self.tables = False, set()
        with connection.execute_wrapper(self._note):
            yield
        if self.wrote or connection.needs_rollback:
            self.end()

    def end(self) -> None:
        if self.block is not None:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)
            self.block = None


# Who may read the table of consents: a person's own page and own task list, and the owners'
# register of counts. S0-26
CONSENTS = "applications_consentrecord"
WATCHED = (CONSENTS,)


def as_one_visitor() -> override_settings:
    """The login is in the cookie, so that no page of thousands asks the database for it."""
    return override_settings(
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        AUTHENTICATION_BACKENDS=[f"{__name__}.{Remembering.__name__}"],
    )


@contextmanager
def quick() -> Iterator[None]:
    """No log line for each refusal, and each page of refusal drawn once for a person and host:
    it shows nothing of the object. How it is drawn for each address, the comparison of what is
    foreign with what is missing sees."""
    with pytest.MonkeyPatch.context() as patch, as_one_visitor():
        for status, view in (404, defaults.page_not_found), (403, defaults.permission_denied):
            patch.setattr(urls, f"handler{status}", _once(view), raising=False)
        logging.disable(logging.CRITICAL)
        gc.disable()  # a round leaves little behind, and looking for it takes long
        yield
        gc.enable()
        logging.disable(logging.NOTSET)


def _once(view: Any) -> Any:
    drawn: dict[tuple[Any, ...], HttpResponse] = {}

    def refused(request: Any, exception: Any = None) -> HttpResponse:
        names = sorted(request.resolver_match.kwargs) if request.resolver_match else ()
        kind = (request.user.pk, request.host and request.host.slug, *names)
        if kind not in drawn:
            drawn[kind] = view(request, exception)
        kept = drawn[kind]
        return HttpResponse(kept.content, status=kept.status_code, headers=kept.headers)

    return refused


@dataclass
class Answers:
    """What a round through the pages brought. statuses: by cell and role."""

    statuses: dict[Cell, dict[str, int]] = field(default_factory=dict)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    words: Counter[tuple[str, str]] = field(default_factory=Counter)
    read_consent: set[str] = field(default_factory=set)

    def count(self, role: str, method: str, status: int = 0) -> int:
        return sum(
            cell.method == method and (not status or by_role[role] == status)
            for cell, by_role in self.statuses.items()
            if role in by_role
        )


def private_words(cell: Cell, role: str) -> list[str]:
    """What must not be in the answer."""
    if cell.page.access.kind in ("public", "library"):
        words = [*CANARIES["foreign"], CANARY] if cell.kind != "foreign" else []
        in_part = cell.page.name in IN_PART_PUBLIC and role in OUTSIDERS
        return [*words, TEAM_CANARY] if in_part else words
    is_theirs = cell.kind == "foreign" and role == "stranger"
    words = [] if is_theirs else [*CANARIES["foreign"], CANARY]
    if role in ("nobody", "stranger"):
        words += CANARIES["own"] + CANARIES["other"]
    if role in OUTSIDERS and cell.page.name not in SHARED:
        words.append(TEAM_CANARY)
    return words


class Round:
    """One person's way through all pages."""

    def __init__(self, role: str, user: User | None, targets: dict[str, Target], to: Answers):
        self.role, self.user, self.targets, self.answers = role, user, targets, to
        self.visitor, self.taken = Visitor(user), Taken()
        self.statuses: dict[Cell, int] = {}
        self.wrong = to.wrong.setdefault(role, [])

    def ask(self, cells: Iterable[Cell]) -> None:
        for cell in cells:
            with self.taken.back():
                answer = self.visitor.generic(cell.method, cell.page.path(self.targets[cell.kind]))
                text = said(answer)
            self._judge(cell, answer.status_code, text)
            if CONSENTS in self.taken.tables and cell.method == "GET":
                self.answers.read_consent.add(cell.page.name)
        self.taken.end()

    def _judge(self, cell: Cell, status: int, text: str) -> None:
        self.statuses[cell] = status
        self.answers.statuses.setdefault(cell, {})[self.role] = status
        statuses = allowed(cell.page, self.targets[cell.kind], self.user)
        if status not in statuses:
            self.wrong.append(f"{cell} answered {status}, not {statuses}")
        for word in private_words(cell, self.role):
            if word in text:
                self.wrong.append(f"{cell} holds “{word}”")
        for word in (CANARY, TEAM_CANARY):
            self.answers.words[self.role, word] += word in text


def round_of(kind: str, targets: dict[str, Target], *methods: str) -> Iterator[Cell]:
    """What lies in this place, where its address is not that of one's own."""
    for page in pages():
        if kind == "own" or page.path(targets[kind]) != page.path(targets["own"]):
            yield from (Cell(page, kind, method) for method in methods)


def ask_all(targets: dict[str, Target], users: dict[str, User | None], *methods: str) -> Answers:
    """A method that a page refuses for one's own is not tried on what is another's."""
    answers = Answers()
    for role, user in users.items():
        way = Round(role, user, targets, answers)
        way.ask(round_of("own", targets, *methods))
        given = {cell for cell, status in way.statuses.items() if status != 405}
        for kind in "other", "foreign":
            cells = round_of(kind, targets, *methods)
            way.ask(cell for cell in cells if replace(cell, kind="own") in given)
    return answers


def words_seen(role: str, user: User | None, targets: dict[str, Target]) -> list[str]:
    """Which pages show this person what is not theirs, whatever their status is."""
    answers = Answers()
    way = Round(role, user, targets, answers)
    for kind in TARGETS:
        way.ask(round_of(kind, targets, "GET"))
    return [one for one in way.wrong if CANARY in one or TEAM_CANARY in one]


# --- what is foreign and what is missing ----------------------------------------------------------

MISSING = {"uuid": UUID(int=8), "job_uuid": UUID(int=8), "reference": "ZZ99-9999", "number": 9999}


def missing(parameter: str) -> Any:
    """A value of this kind that nothing has."""
    return MISSING.get(parameter, 987654321 if parameter.endswith("pk") else "no-such-thing")


def plain(answer: HttpResponse, value: Any) -> tuple[int, str, str]:
    """Without the seals of forms, and without what was asked for."""
    body = re.sub(r"\b[A-Za-z0-9]{64}\b", "", answer.content.decode(errors="replace"))
    asked = rf"(?<=[/F]){re.escape(str(value))}(?=[/%\"])"  # in an address, also in a quoted one
    texts = (re.sub(asked, "VALUE", text) for text in (answer.headers.get("Location", ""), body))
    return answer.status_code, *texts


def tell_apart(
    user: User | None, kind: str, targets: dict[str, Target]
) -> tuple[list[tuple[Any, ...]], int]:
    """Each parameter in turn names something of another place, then nothing at all, in a GET or,
    where that is refused, in a POST. Returns the pages that answer the two differently or do not
    refuse, and how many pairs were compared."""
    visitor, taken, compared = Visitor(user), Taken(), 0
    differ: list[tuple[Any, ...]] = []
    own, theirs = targets["own"], targets[kind]
    for page in pages():
        if "host_slug" not in page.parameters or page.access.kind == "public":
            continue
        if kind == "other" and page.name in SHARED:
            continue
        for parameter in page.parameters[1:]:
            value = theirs.alone.get(parameter) or theirs.value(page.name, parameter)
            if value in (own.value(page.name, parameter), 0):
                continue  # a name that both places use, as a section's
            for method in "GET", "POST":
                answers = []
                for one in (value, missing(parameter)):
                    with taken.back():
                        answer = visitor.generic(method, page.path(own, **{parameter: one}))
                        answers.append(plain(answer, one))
                if answers[0][0] != 405 or answers[1][0] != 405:
                    break
            compared += 1
            if answers[0] != answers[1] or answers[0][0] not in (403, 404, 405):
                differ.append((page.name, parameter, method, answers[0][0], answers[1][0]))
    taken.end()
    return differ, compared
