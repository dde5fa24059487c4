"""Every page costs the same queries at one row of each list and at three.

No list of pages is kept: they come from the URL configuration, and what a page lists is seen in
its template while it is drawn. Three kinds of fault are told apart: a page that costs more with
more rows; a list that `growing` does not make longer, so that nothing is known of it; a page
that nobody opened.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Model
from django.http import HttpResponse
from django.template import Context, engines
from django.template.defaulttags import ForNode
from django.test import Client
from django.urls import NoReverseMatch, clear_url_caches, path, reverse

from accounts.access import Access, public
from accounts.models import Membership
from charters.models import Commitment
from collaboratives.models import Team
from config import urls
from messaging.models import OutboundMessage
from tenancy.active import open_host
from tenancy.models import Host
from tests.architecture.cells import pages
from tests.architecture.growing import MARKUP, Growing, Target, client_of, quiet
from tests.factories import HostFactory

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
MOST = 30  # queries of any page

# Lists whose length is no number of rows that people add.
FIXED = {
    "applications/_letters_read.html: letters": "as many as the program asks for",
    "charters/version.html: signatures": "as many as the program asks for",
    "collaboratives/merge.html: columns": "two organizations beside each other",
    "reporting/_body.html: page.commitments": "what one leader promised at once",
    "reporting/*: earlier": "the earlier versions of one report",
    "reporting/milestones.html: found.before": "what the program named once",
    "*/report.html: events": "what happened to one report",
    "*/staff_session.html: events": "what happened to one session",
    "reporting/plan.html: periods": "planned once for a cohort",
    "reporting/*: board.periods": "planned once for a cohort",
    "reporting/*: *standings": "one for each period",
    # Full from the first on; MOST would be passed by one query for each.
    "collaboratives/activity.html: page.object_list": "fifty to a page",
    "messaging/list.html: page": "fifty to a page",
}
# Pages that nobody opens here, with what they are.
NOT_OPENED = {
    "account_*": "one person's own sign-in",
    "accounts:*": "one person's own sign-in",
    "mfa_*": "one person's own sign-in",
    "set_language": "leads back",
    "demo*": "only in demo mode, of an installation without people",
    "*_links:*": "the one thing that a link is about",
    "collaboratives:form_*": "one form, which is one row",
    "collaboratives:measure_upload*": "one file",
    "documents:job": "one job",
    "applications:go_on": "leads on",
    "applications:answers": "leads on",
    "applications:consent": "one person's own answer",
    "applications:form_impact": "one form",
    "*_pdf": "a file",
    "collaboratives:blank_form": "a file",
    "applications:video*": "one video",
    "applications:captions": "a file",
    "applications:file*": "a file",
    "applications:research_file": "a file",
    "program_sessions:calendar_file": "a file",
    "charters:pdf": "a file",
    "reporting:public_page": "one change",
    "reporting:check": "one report, as its editor shows it",
    "reporting:reopen": "one report",
    "reporting:preview": "one report",
    "reporting:question": "one answer",
    "reporting:version_changes": "two versions of one report",
    "reporting:version_pdf*": "a file",
    "collaboratives:group_edit": "one group of a cohort",
}


# --- two pages that must be found ----------------------------------------------------------------


@public
def one_query_for_each(request: Any) -> HttpResponse:
    """Plants what the test is there to find."""
    with open_host(Host.objects.get(slug="prairie").pk):
        page = engines["django"].from_string(
            "{% for team in teams %}"
            "{{ team.cohort.name }}{{ team.organization.name|safe }}"
            "{% endfor %}"
        )
        return HttpResponse(page.render({"teams": list(Team.objects.order_by("pk"))}))


@public
def never_longer(request: Any) -> HttpResponse:
    page = engines["django"].from_string("{% for host in alone %}{{ host.name }}{% endfor %}")
    return HttpResponse(page.render({"alone": list(Host.objects.filter(slug="prairie"))}))


@public
def never_opened(request: Any) -> HttpResponse:
    return HttpResponse(status=404)


PLANTED = [
    path("api/one-query-for-each/", one_query_for_each, name="one_query_for_each"),
    path("api/never-longer/", never_longer, name="never_longer"),
    path("api/never-opened/", never_opened, name="never_opened"),
]


# --- what is seen while pages are drawn ----------------------------------------------------------


@dataclass
class Seen:
    """costs: the queries of each page for each reader. loops: the most rounds of each list of
    rows. opened: pages that showed themselves, or take no GET. unescaped: pages on which a name
    became markup."""

    costs: dict[tuple[str, str, str], int] = field(default_factory=dict)
    loops: dict[str, int] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    unescaped: set[str] = field(default_factory=set)


class Given:
    """Stands for the expression after `in`, which was worked out already."""

    def __init__(self, values: Any) -> None:
        self.values = values

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        return self.values


def is_row(value: Any) -> bool:
    """A row of a table, or what a page makes of one."""
    if is_dataclass(value):
        return any(isinstance(getattr(value, one.name), Model) for one in fields(value))
    parts = value.values() if isinstance(value, dict) else value
    return isinstance(value, Model) or (
        isinstance(value, dict | tuple) and any(isinstance(one, Model) for one in parts)
    )


@contextmanager
def loops_counted(loops: dict[str, int]) -> Iterator[None]:
    draw = ForNode.render

    def render(self: ForNode, context: Context) -> str:
        values = self.sequence.resolve(context, ignore_failures=True)
        values = values if hasattr(values, "__len__") else list(values or [])
        if any(is_row(value) for value in (values if not isinstance(values, dict) else [])):
            name = f"{self.origin.template_name}: {self.sequence}"
            loops[name] = max(loops.get(name, 0), len(values))
        counted = copy.copy(self)
        counted.sequence = Given(values)
        return draw(counted, context)

    ForNode.render = render  # type: ignore[method-assign]
    try:
        yield
    finally:
        ForNode.render = draw  # type: ignore[method-assign]


def readers(access: Access) -> set[str]:
    if access.kind == "staff":
        return {"staff"}
    if access.kind == "signed_in":
        return {"staff", "lead"}
    return {"lead"} if access.link == "signed_in" else {"nobody"}


def first(rows: Any) -> int:
    row = rows.first()
    return row.pk if row else 0


def values_of(growing: Growing, target: Target, name: str) -> dict[str, Any]:
    team, cohort, application = target.team, target.cohort, target.application
    letter, measure = application.letters.first(), team.measures.order_by("pk").first()
    room = name.partition(":")[0]
    pks = {
        "accounts_host": lambda: first(Membership.objects.all()),
        "collaboratives:organization": lambda: team.organization_id,
        "collaboratives:merge": lambda: team.organization_id,
        "collaboratives": lambda: first(team.members),
        "program_sessions": lambda: first(cohort.sessions.order_by("-pk")),
        "charters": lambda: first(Commitment.objects.filter(charter__team=team)),
        "reporting": lambda: first(team.changes_tested),
        "messaging": lambda: first(OutboundMessage.objects.filter(cohort_slug=cohort.slug)),
    }
    asked = name in ("applications:question", "applications:restore") or letter is None
    written = growing.periods[-1 if name == "reporting:edit" else 0]
    return {
        "host_slug": growing.host.slug,
        "cohort_slug": cohort.slug,
        "team_slug": team.slug,
        "reference": application.reference,
        "section": "organization",
        "field": "aim" if asked else letter.field,
        "measure_slug": measure.slug if measure else "none",
        "program_slug": cohort.program.slug,
        "period_slug": written.slug,
        "key": "learning-network",
        "column": "name",
        "number": 1,
        "token": "an-unknown-token",
        "address": "lead@prairie.example",
        "organization_pk": team.organization_id,
        "other_pk": growing.running.team.organization_id,
        "uuid": UUID(int=7),
        "job_uuid": UUID(int=7),
        "pk": pks[name]() if name in pks else pks[room]() if room in pks else 0,
    }


def address(name: str, values: dict[str, Any]) -> str:
    """With 0 for the values that nobody knows, where words are not taken."""
    try:
        return reverse(name, kwargs=values)
    except NoReverseMatch:
        known = {one: 0 if value == "none" else value for one, value in values.items()}
        return reverse(name, kwargs=known)


def look(growing: Growing, seen: Seen, *, known: Seen | None = None) -> None:
    """Open every page as those who may, about each place, and change nothing.

    known: of an earlier look; only what showed itself then is opened again.
    """
    clients = {
        "staff": client_of(growing.staff),
        "lead": client_of(growing.lead),
        "nobody": client_of(None),
    }
    for page in pages.__wrapped__():  # anew, with the planted ones
        name, access, parameters = page.name, page.access, page.parameters
        for place in ("running", "open") if "host_slug" in parameters else ("running",):
            target = getattr(growing, place)
            with open_host(growing.host.pk):
                values = values_of(growing, target, name)
                picked = [f"pick={one.reference}" for one in target.cohort.applications.all()]
            where = address(name, {one: values.get(one, "none") for one in parameters})
            for reader in readers(access):
                if known and (name, place, reader) not in known.costs:
                    continue
                answer, cost = ask(clients[reader], f"{where}?{'&'.join(picked)}")
                if answer.status_code == 200:
                    seen.costs[name, place, reader] = cost
                if "html" in answer["Content-Type"] and MARKUP in answer.content.decode():
                    seen.unescaped.add(name)
                if answer.status_code in (200, 405):
                    seen.opened.add(name)


def ask(client: Client, where: str) -> tuple[HttpResponse, int]:
    """The answer and the number of queries, without those that open and close a host."""
    asked = []

    def counted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT set_config")):
            asked.append(sql)
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(counted):
        answer = client.get(where)
        transaction.set_rollback(True)
    return answer, len(asked)


@pytest.fixture
def with_planted_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(urls, "urlpatterns", [*PLANTED, *urls.urlpatterns])
    clear_url_caches()
    yield
    monkeypatch.undo()
    clear_url_caches()


@pytest.fixture
def looked(db: None, settings: Any, tmp_path: Any, with_planted_pages: None) -> tuple[Seen, Seen]:
    """What was seen at one row, and at three."""
    settings.MEDIA_ROOT = tmp_path
    one, three = Seen(), Seen()
    with time_machine.travel(NOW), quiet():
        host = HostFactory(slug="prairie", name="Prairie Health Equity Network")
        with open_host(host.pk):
            growing = Growing(host, NOW)
        for seen, more in ((one, 1), (three, 2)):
            with open_host(host.pk):
                for _ in range(more):
                    growing.one_more()
            with loops_counted(seen.loops):
                look(growing, seen, known=one if seen is three else None)
    return one, three


def test_every_page_costs_the_same_at_one_row_and_at_three(looked):
    """And shows no name as markup. The planted page is found by each rule."""
    one, three = looked
    both = one.costs.keys() & three.costs.keys()
    dearer = {
        name: f"{one.costs[name, place, reader]} queries, then {three.costs[name, place, reader]}"
        for name, place, reader in both
        if one.costs[name, place, reader] != three.costs[name, place, reader]
    }
    planted = {"one_query_for_each"}
    assert dearer.keys() == planted, dearer
    assert {name for (name, *_), cost in three.costs.items() if cost > MOST} == set()
    assert one.unescaped | three.unescaped == planted
    assert len(both) > 200


@pytest.mark.soak
def test_every_list_grew_and_every_page_was_opened(looked):
    """Otherwise the test above would say nothing of them."""
    one, three = looked
    same = {name for name, rounds in three.loops.items() if rounds <= one.loops.get(name, 0)}
    assert {name for name in same if not any(fnmatch(name, known) for known in FIXED)} == {
        "None: alone"
    }
    shut = {page.name for page in (*pages(), *PLANTED)} - one.opened
    assert {name for name in shut if not any(fnmatch(name, known) for known in NOT_OPENED)} == {
        "never_opened"
    }
