"""In demo mode the mail of all hosts and of none is on one page; else there is no such page."""

import json
from datetime import timedelta

import pytest
from django.core.mail import send_mail
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from messaging import queries
from messaging.views import demo
from tests.factories.messaging import OutboundMessageFactory


@pytest.fixture
def demo_mode(settings):
    settings.DEMO_MODE = True
    settings.EMAIL_BACKEND = "messaging.backend.OutboxBackend"


def test_it_lists_what_would_have_left_newest_first(demo_mode, host, other_host):
    now = timezone.now()
    OutboundMessageFactory(
        host=host,
        to="dana@riverbend.example",
        subject="Please reply",
        text="Open https://x.example/r/reply/t0ken/.\nOr (https://x.example/b?c=1&d=2)",
        secrets=["t0ken"],
        created_at=now - timedelta(minutes=2),
    )
    OutboundMessageFactory(host=other_host, subject="Theirs", created_at=now - timedelta(minutes=1))
    send_mail("Your code", "ABC-123", None, ["ann@example.org"])
    answer = demo.outbox_json(RequestFactory().get("/"))
    code, theirs, reply = json.loads(answer.content)
    assert (code["to"], code["subject"], code["text"], code["links"]) == (
        "ann@example.org",
        "Your code",
        "ABC-123",
        [],
    )
    assert theirs["subject"] == "Theirs"
    assert reply == {
        "to": "dana@riverbend.example",
        "subject": "Please reply",
        "text": "Open https://x.example/r/reply/t0ken/.\nOr (https://x.example/b?c=1&d=2)",
        "links": ["https://x.example/r/reply/t0ken/", "https://x.example/b?c=1&d=2"],
        "created_at": (now - timedelta(minutes=2)).isoformat(),
    }


def test_its_page_shows_the_same(demo_mode, host):
    OutboundMessageFactory(host=host, subject="Please reply", text="Open https://x.example/a/ now")
    request = RequestFactory().get("/demo/outbox/")
    request.resolver_match = None
    text = demo.outbox_page(request).content.decode()
    assert "Please reply" in text
    assert '<a href="https://x.example/a/">https://x.example/a/</a>' in text


@pytest.mark.parametrize("view", [demo.outbox_json, demo.outbox_page])
def test_outside_demo_mode_it_does_not_exist(view, host):
    OutboundMessageFactory(host=host)
    with pytest.raises(Http404):
        view(RequestFactory().get("/"))


def test_outside_demo_mode_the_read_itself_refuses(host):
    with pytest.raises(RuntimeError, match="demo mode only"):
        queries.everything_posted()
