"""One receipt each, however often and from however many browsers the same form is sent, and also
when the server dies between its work and its answer."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse

from applications.models import Application, Submission
from messaging.models import OutboundMessage
from questionnaires.queries import form_of
from tenancy.active import open_host
from tenancy.models import AuditEvent
from tests.browser.site import launcher
from tests.factories import HostFactory, UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    LetterFactory,
    OpenCohortFactory,
    complete_answers,
)

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 20
SIGNED = {"signed_name": "Dana Whitfield", "signed_title": "Lead", "agree": "on"}


@pytest.fixture
def host(db):
    return HostFactory(slug="prairie")


@pytest.fixture
def cohort(host):
    """Takes applications today: the server's clock is the real one."""
    now = datetime.now(UTC)
    with open_host(host.pk):
        return OpenCohortFactory(
            host=host,
            opens_at=now - timedelta(days=9),
            closes_at=now + timedelta(days=9),
            starts_on=now.date() + timedelta(days=60),
            ends_on=now.date() + timedelta(days=400),
        )


def ready_to_send(host, cohort, number):
    """A draft with all answers, and its letter asked for."""
    lead = UserFactory(name=f"Lead {number}")
    draft = ApplicationFactory(
        host=host, cohort=cohort, lead=lead, reference=f"LN27-{1000 + number}"
    )
    asked = {"requested_from": "ceo@x.example", "requested_at": draft.started_at}
    LetterFactory(host=host, application=draft, state="requested", **asked)
    answers = complete_answers(form_of(draft.response.version))
    answers["organization_name"] = f"Hospital number {number}"
    draft.response.answers = answers
    draft.response.save()
    return draft


# --- a server of its own -----------------------------------------------------------------------


@dataclass
class Server:
    """The product in gunicorn, on the test's database."""

    port: int
    flag: Path

    def ask(self, method, path, *, cookie="", body=""):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": cookie, "Host": f"127.0.0.1:{self.port}"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            connection.close()

    def is_ready(self):
        try:
            return self.ask("GET", "/healthz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False


@contextmanager
def serving(tmp_path: Path, *, workers: int, threads: int) -> Iterator[Server]:
    server = Server(launcher().free_port(), tmp_path / "die")
    database = settings.DATABASES["default"]["NAME"]
    env = os.environ | {
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{database}",
        "DIES_ONCE": str(server.flag),
        "PUBLIC_URL": f"http://127.0.0.1:{server.port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    command = [sys.executable, "-m", "gunicorn", "tests.applications.dying:application"]
    command += ["--bind", f"127.0.0.1:{server.port}", "--no-control-socket"]
    command += ["--workers", str(workers), "--threads", str(threads)]
    log = tmp_path / "web.log"
    with log.open("wb") as out:
        child = subprocess.Popen(
            command,
            env=env,
            cwd=settings.BASE_DIR,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
        )
    try:
        end = time.monotonic() + 60
        while not server.is_ready():
            assert child.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
        yield server
    finally:
        child.terminate()
        child.wait(20)


def begin(server, sign_in, draft):
    """Signed in and on the page. Returns what sends the form, and the address of the receipt."""
    client = sign_in(draft.lead)
    name = settings.SESSION_COOKIE_NAME
    login = f"{name}={client.cookies[name].value}"
    names = ["prairie", draft.reference]
    submit = reverse("applications:submit", args=names)
    status, headers, page = server.ask("GET", submit, cookie=login)
    assert status == 200, page
    cookie = f"{login}; {headers['Set-Cookie'].partition(';')[0]}"
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    body = urlencode({**SIGNED, "csrfmiddlewaretoken": token})

    def send():
        status, headers, _page = server.ask("POST", submit, cookie=cookie, body=body)
        return status, headers.get("Location")

    def read(path):
        return server.ask("GET", path, cookie=cookie)

    return send, read, reverse("applications:submitted", args=names)


@pytest.mark.parametrize("forms", [10, pytest.param(50, marks=pytest.mark.soak)])
def test_each_form_sent_twenty_times_at_once_is_one_application(
    forms, host, cohort, sign_in, tmp_path
):
    with open_host(host.pk):
        drafts = [ready_to_send(host, cohort, number) for number in range(forms)]
    together = Barrier(TIMES)

    def send_with_the_others(send):
        together.wait(60)
        return send()

    with serving(tmp_path, workers=2, threads=10) as server, ThreadPoolExecutor(TIMES) as pool:
        for draft in drafts:
            send, _read, receipt = begin(server, sign_in, draft)
            answers = list(pool.map(send_with_the_others, [send] * TIMES))
            assert answers == [(302, receipt)] * TIMES
    references = sorted(draft.reference for draft in drafts)
    with open_host(host.pk):
        sent = Application.objects.filter(status="submitted").order_by("reference")
        assert list(sent.values_list("reference", flat=True)) == references
        once = dict.fromkeys((draft.pk for draft in drafts), 1)
        submissions = Submission.objects.order_by("pk")
        assert Counter(submissions.values_list("application_id", flat=True)) == once
        events = AuditEvent.objects.filter(verb="submitted").order_by("pk")
        assert Counter(str(event.object_id) for event in events) == {str(pk): 1 for pk in once}
        mails = OutboundMessage.objects.filter(template="applications/received").order_by("pk")
        assert sorted(mail.to for mail in mails) == sorted(draft.lead.email for draft in drafts)


def test_the_retry_after_the_server_was_killed_gives_the_same_receipt(
    host, cohort, sign_in, tmp_path
):
    with open_host(host.pk):
        draft = ready_to_send(host, cohort, 1)
    with serving(tmp_path, workers=1, threads=1) as server:
        send, read, receipt = begin(server, sign_in, draft)
        server.flag.touch()
        with pytest.raises((OSError, http.client.HTTPException)):
            send()
        assert not server.flag.exists()
        with open_host(host.pk):
            first = Submission.objects.get()  # it was done, and nobody heard
        while not server.is_ready():
            continue
        assert send() == (302, receipt)
        status, _headers, page = read(receipt)
        assert status == 200
        assert draft.reference in page
    with open_host(host.pk):
        again = Submission.objects.get()
        assert (again.pk, again.submitted_at) == (first.pk, first.submitted_at)
        assert OutboundMessage.objects.filter(template="applications/received").count() == 1
        assert AuditEvent.objects.filter(verb="submitted").count() == 1
