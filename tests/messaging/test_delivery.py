"""Mail leaves through a real server, claimed by the worker's own database role."""

import logging
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.core.mail import send_mail
from django.db import connection
from django.utils import timezone

from messaging.delivery import GIVE_UP_AFTER, LADDER, LEASE, _settle, claim, delay, deliver_due
from messaging.models import DeliveryAttempt, OutboundMessage, Suppression
from messaging.outbox import Attachment
from messaging.sealing import unseal
from messaging.smtp import Answer
from messaging.states import Outcome, State
from tenancy.active import open_host
from tests.factories.messaging import OutboundMessageFactory
from tests.messaging.sink import free_port

pytestmark = pytest.mark.usefixtures("worker")


def stored(host, **which):
    with open_host(host.pk):
        return OutboundMessage.objects.get(**which)


def state_of(host):
    return stored(host).state


def post_here(host, post, **given):
    with open_host(host.pk):
        return post(**given)


def test_a_mail_arrives_as_it_was_posted(host, post, sink):
    message = post_here(host, post, secrets=["t0ken"])
    assert deliver_due(now=timezone.now()) == 1

    [mail] = sink.taken
    assert mail["Message-ID"] == f"<{message.guid}@localhost>" == message.message_id
    assert mail["From"] == "Prairie Health Equity Network <no-reply@localhost>"
    assert mail["Reply-To"] == "help@prairie.example"
    assert mail["To"] == "dana@riverbend.example"
    assert mail["Subject"] == "Yes: D'Arcy & Co"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "/r/reply/t0ken/ to reply" in mail.get_body(("plain",)).get_content()
    assert "<p style=" in mail.get_body(("html",)).get_content()

    message = stored(host)
    assert (message.state, message.attempts, message.last_code) == (State.SENT, 1, 250)
    assert (message.locked_by, message.lease_until) == ("", None)
    with open_host(host.pk):
        [attempt] = DeliveryAttempt.objects.all()
    assert (attempt.outcome, attempt.code, attempt.lease_no) == (Outcome.SENT, 250, 1)


def test_the_private_link_leaves_the_stored_body_once_sent(host, post, sink):
    post_here(host, post, secrets=["t0ken"])
    deliver_due(now=timezone.now())
    message = stored(host)
    assert message.is_blanked
    body = unseal(message.body)
    assert "/r/reply/[private link]/ to reply" in body.text
    assert "t0ken" not in body.text + body.html


def test_a_calendar_file_is_an_alternative_that_calendars_understand(host, post, sink):
    invite = Attachment("invite.ics", "text/calendar; method=REQUEST", b"BEGIN:VCALENDAR\r\n")
    letter = Attachment("receipt.pdf", "application/pdf", b"%PDF-1.7 \xe2")
    post_here(host, post, attachments=[invite, letter])
    deliver_due(now=timezone.now())
    [mail] = sink.taken
    parts = {part.get_content_type(): part for part in mail.walk()}
    assert parts["text/calendar"].get_param("method") == "REQUEST"
    assert parts["text/calendar"].get_content() == "BEGIN:VCALENDAR\r\n"
    assert parts["application/pdf"].get_filename() == "receipt.pdf"
    assert parts["application/pdf"].get_content() == b"%PDF-1.7 \xe2"


def test_mail_of_two_hosts_and_of_none_goes_out_in_one_run(host, other_host, sink, settings):
    settings.EMAIL_BACKEND = "messaging.backend.OutboxBackend"
    OutboundMessageFactory(host=host, to="a@example.org")
    OutboundMessageFactory(host=other_host, to="b@example.org")
    send_mail("Your code", "ABC-123", None, ["c@example.org"])
    assert deliver_due(now=timezone.now()) == 3
    assert [mail["To"] for mail in sink.taken] == [
        "c@example.org",  # somebody waits for it at the sign-in page
        "a@example.org",
        "b@example.org",
    ]


def test_what_is_not_yet_due_waits(host, sink):
    now = timezone.now()
    OutboundMessageFactory(host=host, next_attempt_at=now + timedelta(hours=1))
    assert deliver_due(now=now) == 0
    assert deliver_due(now=now + timedelta(hours=1)) == 1


def test_what_came_too_late_is_cancelled_and_not_sent(host, sink):
    now = timezone.now()
    OutboundMessageFactory(host=host, expires_at=now, secrets=["news"])
    assert deliver_due(now=now) == 0
    assert sink.taken == []
    message = stored(host)
    assert (message.state, unseal(message.body).text) == (State.CANCELLED, "Good [private link].")


# --- when the server says no ---------------------------------------------------------------------


def test_not_now_is_tried_again_with_the_same_message_id(host, sink):
    now = timezone.now()
    message = OutboundMessageFactory(host=host)
    sink.data = ["451 4.7.1 greylisted, try later"]
    assert deliver_due(now=now) == 0
    waiting = stored(host)
    assert (waiting.state, waiting.last_code) == (State.RETRY, 451)
    assert waiting.last_error == "4.7.1 greylisted, try later"
    wait = waiting.next_attempt_at - now
    assert timedelta(seconds=48) <= wait <= timedelta(seconds=73)

    assert deliver_due(now=now + timedelta(seconds=40)) == 0
    assert deliver_due(now=now + timedelta(seconds=80)) == 1
    assert [mail["Message-ID"] for mail in sink.taken] == [message.message_id]
    with open_host(host.pk):
        outcomes = list(DeliveryAttempt.objects.order_by("lease_no").values_list("outcome"))
    assert outcomes == [(Outcome.RETRY,), (Outcome.SENT,)]


def test_a_wrong_address_fails_for_good_and_is_written_to_no_more(host, post, sink):
    sink.rcpt = ["550 5.1.1 no such user"]
    post_here(host, post)
    deliver_due(now=timezone.now())
    assert state_of(host) == State.FAILED
    with open_host(host.pk):
        assert [s.reason for s in Suppression.objects.all()] == ["550 5.1.1 no such user"]
        again = post(dedupe_key="example:2")
    assert again.state == State.WITHHELD
    assert deliver_due(now=timezone.now()) == 0
    assert sink.taken == []


def test_an_address_stays_good_for_another_host(host, other_host, post, sink):
    sink.rcpt = ["550 5.1.1 no such user"]
    post_here(host, post)
    deliver_due(now=timezone.now())
    OutboundMessageFactory(host=other_host, to="dana@riverbend.example")
    assert deliver_due(now=timezone.now()) == 1


@pytest.mark.parametrize("answer", ["552 5.2.2 mailbox full", "550 5.7.1 not allowed by policy"])
def test_a_refusal_that_is_not_about_the_address_suppresses_nothing(host, sink, answer):
    sink.rcpt = [answer]
    OutboundMessageFactory(host=host)
    deliver_due(now=timezone.now())
    assert state_of(host) == State.FAILED
    with open_host(host.pk):
        assert not Suppression.objects.exists()


def test_a_mail_whose_words_are_refused_fails_alone(host, sink):
    sink.data = ["554 5.7.1 looks like spam"]
    OutboundMessageFactory.create_batch(2, host=host)
    assert deliver_due(now=timezone.now()) == 1
    with open_host(host.pk):
        states = sorted(OutboundMessage.objects.values_list("state", flat=True))
    assert states == [State.FAILED, State.SENT]


def test_a_dead_server_costs_one_try_and_stops_the_run(host, settings, caplog):
    settings.EMAIL_URL = f"smtp://127.0.0.1:{free_port()}"
    OutboundMessageFactory.create_batch(2, host=host)
    assert deliver_due(now=timezone.now()) == 0
    with open_host(host.pk):
        states = list(OutboundMessage.objects.order_by("pk").values_list("state", "last_code"))
    assert states == [(State.RETRY, None), (State.QUEUED, None)]
    assert [r.levelno for r in caplog.records if r.name == "messaging.delivery"] == [logging.ERROR]


def test_after_three_days_it_gives_up(host, sink):
    now = timezone.now()
    sink.data = ["451 later"]
    OutboundMessageFactory(host=host, created_at=now - GIVE_UP_AFTER, attempts=12)
    deliver_due(now=now)
    assert state_of(host) == State.DEAD


def test_the_ladder_climbs_and_then_stays():
    steps = [delay(n, spread=1.0) for n in range(1, 12)]
    assert steps == [*LADDER, *[LADDER[-1]] * 3]


# --- when a worker dies ----------------------------------------------------------------------


def test_a_lease_keeps_others_away_until_it_is_over(host, sink):
    now = timezone.now()
    OutboundMessageFactory(host=host)
    held = claim(now=now)
    assert (held.state, held.attempts, held.lease_no) == (State.SENDING, 1, 1)
    assert deliver_due(now=now + LEASE - timedelta(seconds=1)) == 0
    assert deliver_due(now=now + LEASE + timedelta(seconds=1)) == 1
    message = stored(host)
    assert (message.state, message.attempts, message.lease_no) == (State.SENT, 2, 2)


def test_who_lost_the_lease_writes_nothing(host, sink, caplog):
    now = timezone.now()
    OutboundMessageFactory(host=host)
    slow = claim(now=now)
    assert deliver_due(now=now + LEASE + timedelta(seconds=1)) == 1
    assert _settle(slow, Answer(Outcome.FAILED, 550, "late news"), now=now) is False
    message = stored(host)
    assert (message.state, message.last_code) == (State.SENT, 250)
    assert "lease lost" in caplog.text


def test_who_lost_the_lease_does_not_settle_what_another_is_sending(host, sink):
    now = timezone.now()
    OutboundMessageFactory(host=host)
    slow = claim(now=now)
    quick = claim(now=now + LEASE + timedelta(seconds=1))
    assert quick.pk == slow.pk
    assert _settle(slow, Answer(Outcome.SENT, 250), now=now) is False
    assert state_of(host) == State.SENDING
    assert _settle(quick, Answer(Outcome.SENT, 250), now=now) is True


def test_killed_between_the_servers_yes_and_our_commit_it_sends_the_same_mail_again(host, sink):
    """The one window in which a reader gets a mail twice: it carries the same Message-ID."""
    message = OutboundMessageFactory(host=host)
    settings_dict = connection.settings_dict
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "deliver_due"],
        env={
            **os.environ,
            "DATABASE_URL": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(
                **settings_dict
            ),
            "EMAIL_URL": sink.url,
            "DEMO_MODE": "0",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    sink.before_answer = lambda: os.kill(worker.pid, signal.SIGKILL)
    worker.communicate(timeout=60)
    assert worker.returncode == -signal.SIGKILL
    assert state_of(host) == State.SENDING

    sink.before_answer = lambda: None
    assert deliver_due(now=timezone.now() + LEASE + timedelta(seconds=1)) == 1
    assert [mail["Message-ID"] for mail in sink.taken] == [message.message_id] * 2


def test_two_workers_at_once_send_each_mail_once(host, sink):
    OutboundMessageFactory.create_batch(12, host=host)
    together = threading.Barrier(3)
    sent = []

    def work():
        together.wait()
        try:
            sent.append(deliver_due(now=timezone.now()))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 12
    assert len({mail["Message-ID"] for mail in sink.taken}) == len(sink.taken) == 12


# --- where nothing leaves ------------------------------------------------------------------------


def test_in_demo_mode_mail_is_kept_here_with_its_links(host, post, sink, settings):
    settings.DEMO_MODE = True
    post_here(host, post, secrets=["t0ken"])
    assert deliver_due(now=timezone.now()) == 1
    assert sink.taken == []
    message = stored(host)
    assert (message.state, message.is_blanked) == (State.SENT, False)
    assert "/r/reply/t0ken/" in unseal(message.body).text


def test_production_without_a_mail_server_sends_nothing_and_says_so(host, settings, caplog):
    settings.PRODUCTION, settings.EMAIL_URL = True, ""
    OutboundMessageFactory(host=host)
    assert deliver_due(now=timezone.now()) == 0
    assert state_of(host) == State.QUEUED
    assert "EMAIL_URL is not set" in caplog.text


def test_mail_sealed_with_a_lost_key_fails_and_the_next_goes_out(host, sink, settings):
    OutboundMessageFactory(host=host, to="first@example.org")
    old, settings.SECRET_KEY = (
        settings.SECRET_KEY,
        "another-secret-key-that-is-long-enough-as-well-0123456789",
    )
    OutboundMessageFactory(host=host, to="second@example.org")
    assert deliver_due(now=timezone.now()) == 1
    assert stored(host, to="first@example.org").state == State.FAILED

    OutboundMessageFactory(host=host, to="third@example.org")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = old, [settings.SECRET_KEY]
    assert deliver_due(now=timezone.now()) == 1
    assert [mail["To"] for mail in sink.taken] == ["second@example.org", "third@example.org"]
