"""Every response carries the headers that keep its page to itself. # G22"""

import re
from contextlib import suppress
from itertools import count
from uuid import UUID

import pytest
from django.conf import settings as now_set
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, clear_url_caches, path, reverse

from accounts.access import public
from config import urls
from tests.architecture.cells import pages
from tests.architecture.growing import quiet
from tests.factories import UserFactory

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FROM_DJANGO = {  # but for the two health checks, which ask for nothing
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}
TO_A_PERSON = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
HEALTH = {"healthz", "readyz"}

numbers = count(1)


def lacks(answer: HttpResponse, wanted: dict[str, str]) -> set[str]:
    missing = {name for name, value in wanted.items() if value not in answer.get(name, "")}
    policy = answer.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy:
        missing.add("Content-Security-Policy")
    if re.search(r"unsafe-|https?:|\*", policy):
        missing.add(f"a strict policy, not {policy}")
    return missing


def somewhere(name: str, parameters: list[str]) -> str:
    """The address of the page with values that lead nowhere; a new token each time."""
    values = {"host_slug": "prairie", "uuid": UUID(int=7), "job_uuid": UUID(int=7)}
    for unknown in (f"an-unknown-value-{next(numbers)}", 1, UUID(int=7)):
        kwargs = {one: values.get(one, unknown) for one in parameters}
        with suppress(NoReverseMatch):
            return reverse(name, kwargs=kwargs)
    numbered = {"pk", "number", "other_pk", "organization_pk"}
    words = f"an-unknown-value-{next(numbers)}"
    mixed = {one: values.get(one, 1 if one in numbered else words) for one in parameters}
    return reverse(name, kwargs=mixed)


@pytest.mark.parametrize("signed_in", [False, True])
def test_every_address_answers_with_all_headers(db, host, signed_in):
    faults, statuses = {}, set()
    client = Client(raise_request_exception=False)
    if signed_in:
        client.force_login(UserFactory())
    with quiet():
        for page in pages():
            name, parameters = page.name, list(page.parameters)
            if signed_in and name == "account_logout":
                continue
            client.defaults["REMOTE_ADDR"] = f"2001:db8::{next(numbers):x}"
            answer = client.get(somewhere(name, parameters))
            statuses.add(answer.status_code)
            wanted = ALWAYS if name in HEALTH else ALWAYS | FROM_DJANGO
            if "token" in parameters:
                wanted = wanted | {"Referrer-Policy": "no-referrer"}
            if signed_in and name not in HEALTH | {"set_language"}:
                wanted = wanted | TO_A_PERSON
            if found := lacks(answer, wanted):
                faults[name] = found
    assert faults == {}
    assert statuses >= {200, 302, 404}


def test_signing_out_leaves_nothing_typed_in_the_browser(db):
    client = Client()
    client.force_login(UserFactory())
    asked, done = (getattr(client, way)(reverse("account_logout")) for way in ("get", "post"))
    assert "Clear-Site-Data" not in asked.headers
    assert (done.status_code, done["Clear-Site-Data"]) == (302, '"storage"')


def test_a_missing_page_a_fault_and_a_file_of_ours_carry_them(db, monkeypatch, settings, tmp_path):
    @public
    def broken(request):
        raise RuntimeError("on purpose")

    (tmp_path / "some.css").write_text("p { color: red }")
    settings.STATIC_ROOT = tmp_path
    monkeypatch.setattr(urls, "urlpatterns", [path("api/broken/", broken), *urls.urlpatterns])
    clear_url_caches()
    client = Client(raise_request_exception=False)
    with quiet():
        wanted = ("/no/such/page/", "/api/broken/", "/static/some.css", "/a%00b/", "/?q=%00")
        answers = {where: client.get(where) for where in wanted}
        answers["/static/some.css"].close()
    monkeypatch.undo()
    clear_url_caches()
    found = {where: answer.status_code for where, answer in answers.items()}
    assert found == {
        "/no/such/page/": 404,
        "/api/broken/": 500,
        "/static/some.css": 200,
        "/a%00b/": 400,
        "/?q=%00": 400,
    }
    assert {where: lacks(answer, ALWAYS | FROM_DJANGO) for where, answer in answers.items()} == {
        where: set() for where in answers
    }


def test_an_answer_without_them_would_be_found():
    assert lacks(HttpResponse(), ALWAYS | FROM_DJANGO) == {
        *ALWAYS,
        *FROM_DJANGO,
        "Content-Security-Policy",
    }


def test_the_headers_come_from_before_anything_can_answer():
    outermost = now_set.MIDDLEWARE[:2]
    assert outermost == ["csp.middleware.CSPMiddleware", "config.middleware.HeadersMiddleware"]
