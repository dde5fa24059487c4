"""Links without an account: the token is seen once, the pages behind it never hold it."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import opened_links
from accounts.views.invitations import invitation as invitation_page
from config.logs import MaskLinks
from sessions.models import Invitee
from tenancy import links
from tenancy.active import open_host
from tenancy.models import Link
from tests.factories.sessions import InviteeFactory

pytestmark = pytest.mark.django_db


def rsvp(host, **facts) -> tuple[Invitee, str]:
    """An invitee and the path in their mail."""
    invitee = InviteeFactory(host=host, session__published=True, **facts)
    token = links.issue(
        kind="rsvp", subject=invitee, expires_at=timezone.now() + timedelta(days=900)
    )
    return invitee, reverse("sessions_links:rsvp", args=[token])


def cookie_of(answer):
    (name,) = answer.cookies
    return answer.cookies[name]


def test_the_first_look_leads_to_an_address_without_the_token(host):
    _invitee, path = rsvp(host)
    token = path.split("/")[3]
    client = Client()
    first = client.get(f"{path}?answer=yes")
    assert first.status_code == 302
    assert re.fullmatch(r"/r/rsvp/[0-9a-f]{12}/\?answer=yes", first.url)
    assert first["Referrer-Policy"] == "no-referrer"
    assert first["Cache-Control"] == "no-store"
    page = client.get(first.url)
    assert page.status_code == 200
    assert token not in page.content.decode()
    # The form's seal is only taken from a page that says where it comes from.
    assert page["Referrer-Policy"] == "same-origin"


def test_the_cookie_is_signed_scoped_and_short(host):
    _invitee, path = rsvp(host)
    cookie = cookie_of(Client().get(path))
    assert (cookie["path"], cookie["max-age"], cookie["samesite"]) == ("/r/", 3600, "Lax")
    assert cookie["httponly"]
    assert path.split("/")[3] not in cookie.OutputString()


def test_a_forged_or_borrowed_cookie_opens_nothing(host):
    _one, first = rsvp(host)
    _two, second = rsvp(host)
    client = Client()
    here, there = client.get(first).url, Client().get(second).url
    (name,) = client.cookies
    other = name.replace(here.split("/")[3], there.split("/")[3])
    client.cookies[other] = client.cookies[name].value  # the first one's, under the second's name
    assert client.get(there).status_code == 410
    client.cookies[name] = client.cookies[name].value[:-1] + "x"
    assert client.get(here).status_code == 410


def test_two_tabs_do_not_mix_up(host):
    one, first = rsvp(host)
    two, second = rsvp(host)
    client = Client()
    here, there = client.get(first).url, client.get(second).url
    client.post(here, {"answer": "yes"})
    client.post(there, {"answer": "no"})
    with open_host(host.pk):
        one.refresh_from_db()
        two.refresh_from_db()
    assert (one.answer, two.answer) == ("yes", "no")


def test_tabs_that_open_at_the_same_moment_keep_both(host):
    """Neither answer knew of the other: each sets a cookie of its own."""
    paths = [rsvp(host)[1] for _ in range(2)]
    answers = [Client().get(path) for path in paths]
    browser = Client()
    for answer in answers:
        browser.cookies.update(answer.cookies)
    assert [browser.get(answer.url).status_code for answer in answers] == [200, 200]


def test_a_link_opens_pages_of_its_own_kind_only(host):
    _invitee, path = rsvp(host)
    client = Client()
    here = client.get(path).url
    assert client.get(here.replace("/rsvp/", "/sign/")).status_code == 404


def test_after_an_hour_the_page_asks_for_the_mail_and_gives_the_text_back(host):
    _invitee, path = rsvp(host)
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        here = client.get(path).url
        clock.shift(timedelta(minutes=59))
        assert client.get(here).status_code == 200  # and counts from here again
        clock.shift(timedelta(minutes=59))
        assert client.get(here).status_code == 200
        clock.shift(timedelta(minutes=61))
        late = client.post(here, {"answer": "yes", "note": "We can't leave <the> ward."})
        assert late.status_code == 410
        text = late.content.decode()
        assert "Open the link in your email again" in text
        assert "We can&#x27;t leave &lt;the&gt; ward." in text
        with open_host(host.pk):
            assert Invitee.objects.get().answer == ""
        assert client.get(client.get(path).url).status_code == 200


def test_what_saves_by_itself_is_told_in_its_own_format():
    answer = Client().post(
        "/r/reply/0123456789ab/autosave/", headers={"accept": "application/json"}
    )
    assert answer.status_code == 410
    assert "Open the link in your email again" in answer.json()["detail"]


def test_a_link_that_was_closed_meanwhile_is_closed_for_the_cookie_too(host):
    invitee, path = rsvp(host)
    client = Client()
    here = client.get(path).url
    links.revoke(kind="rsvp", subject=invitee, now=timezone.now())
    assert client.get(here).status_code == 404
    Link.objects.update(revoked_at=None, expires_at=timezone.now())
    assert client.get(here).status_code == 404


def test_ten_openings_a_minute_from_one_address(host):
    """T16: and a readable page that says how long to wait."""
    _invitee, path = rsvp(host)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert [Client().get(path).status_code for _ in range(11)] == [302] * 10 + [429]
        page = Client().get(path)
        assert page["Retry-After"] == "60"
        assert "Please wait a little" in page.content.decode()
        # A scanner at another address has not shut the reader out, nor do HEADs count.
        assert Client(REMOTE_ADDR="203.0.113.9").get(path).status_code == 302
        assert Client().head(path).status_code == 302
        clock.shift(timedelta(seconds=61))
        assert Client().get(path).status_code == 302


def test_thirty_guesses_a_minute_from_one_address(db):
    with time_machine.travel(timezone.now(), tick=False):
        answers = [Client().get(f"/r/rsvp/guess-number-{n:06}/").status_code for n in range(31)]
        assert answers == [404] * 30 + [429]
        spoofed = Client().get(
            "/r/rsvp/guess-number-again/", headers={"x-forwarded-for": "198.51.100.7"}
        )
        assert spoofed.status_code == 429


def test_pages_that_are_open_are_not_counted(host):
    """A reply saves itself every few seconds."""
    _invitee, path = rsvp(host)
    client = Client()
    here = client.get(path).url
    assert {client.get(here).status_code for _ in range(40)} == {200}


def test_a_busy_reader_does_not_send_an_endless_header(host):
    client = Client()
    for n in range(opened_links.KEPT + 3):
        _invitee, path = rsvp(host)
        client.get(path, REMOTE_ADDR=f"203.0.113.{n}")
    kept = [name for name, cookie in client.cookies.items() if cookie.value]
    assert len(kept) == opened_links.KEPT


def test_logs_hold_no_token(caplog):
    token = "A" * 43
    record = logging.LogRecord("x", logging.INFO, "", 0, "GET %s", (f"/r/rsvp/{token}/",), None)
    assert MaskLinks().filter(record)
    assert record.getMessage() == "GET /r/rsvp/…/"


def test_every_page_below_r_stands_behind_the_one_door():
    from django.urls import get_resolver

    from tests.architecture.test_access import all_urls

    kinds = {
        route: pattern.callback.access.kind
        for route, pattern in all_urls(get_resolver().url_patterns)
        if route.startswith("r/")
    }
    assert set(kinds.values()) == {"link"}
    assert invitation_page.access.link == "invite"
