"""Mail is promised in the transaction of its cause."""

import threading
from datetime import timedelta
from time import monotonic

import pytest
from celery import current_app
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, connection, transaction
from django.template import TemplateDoesNotExist
from django.utils import timezone

from messaging import outbox, queries
from messaging.models import GlobalMessage, OutboundMessage
from messaging.outbox import OutsideTransaction
from messaging.sealing import unseal
from messaging.states import State
from tenancy.active import HostNotActive, all_hosts, open_host
from tests.factories.messaging import OutboundMessageFactory
from tests.messaging.sink import free_port


def test_a_mail_is_a_row_rendered_and_sealed(in_host, post):
    message = post(secrets=["t0ken"], about=in_host)
    assert message.subject == "Yes: D'Arcy & Co"
    assert b"riverbend" not in bytes(message.body) and b"t0ken" not in bytes(message.body)
    body = unseal(message.body)
    assert body.text == (
        "Hello D'Arcy,\nopen http://127.0.0.1:8000/r/reply/t0ken/ to reply.\n"
        "Prairie Health Equity Network\n"
    )
    assert '<p style="color: #083f4b;">Hello D\'Arcy' in body.html
    assert (message.sender_name, message.reply_to) == (in_host.name, in_host.contact_email)
    assert (message.state, message.priority, message.attempts) == (State.QUEUED, 5, 0)


def test_what_people_wrote_stays_text_in_the_html(in_host, post):
    body = unseal(post(context={"name": "<b>Dana</b>", "token": "t"}).body)
    assert "<b>Dana" in body.text
    assert "<b>Dana" not in body.html and "&lt;b&gt;Dana" in body.html


def test_it_speaks_the_readers_language(in_host, post):
    assert post(language="es").subject.startswith("Sí:")
    assert post(language="tlh", dedupe_key="klingon").subject.startswith("Yes:")


def test_the_same_cause_posts_once(in_host, post):
    assert post() is not None
    assert post(to="somebody@else.example") is None
    assert [m.to for m in OutboundMessage.objects.all()] == ["dana@riverbend.example"]


def test_two_hosts_may_use_the_same_key(host, other_host, post):
    with open_host(host.pk):
        assert post()
    with open_host(other_host.pk):
        assert post(host_id=other_host.pk)


def test_it_cannot_be_posted_for_a_host_that_is_not_open(host, other_host, post):
    with pytest.raises(Exception, match="row-level security"), open_host(other_host.pk):
        post(host_id=host.pk)


@pytest.mark.django_db(transaction=True)
def test_it_cannot_be_posted_outside_a_transaction(host, post):
    with pytest.raises(OutsideTransaction):
        post()


@pytest.mark.django_db(transaction=True)
def test_it_vanishes_with_its_cause(host, post):
    with pytest.raises(ZeroDivisionError), open_host(host.pk):
        post()
        raise ZeroDivisionError
    with open_host(host.pk):
        assert not OutboundMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_key_post_one_mail(host, post):
    together = threading.Barrier(4)
    posted = []

    def work():
        try:
            with open_host(host.pk):
                together.wait()
                posted.append(post())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [bool(message) for message in posted].count(True) == 1


def test_a_subject_with_a_private_link_is_refused(in_host, post):
    with pytest.raises(ValueError, match="subject"):
        post(context={"name": "t0ken", "token": "t0ken"}, secrets=["t0ken"])


def test_a_missing_template_is_loud(in_host, post):
    with pytest.raises(TemplateDoesNotExist):
        post(template="messaging/nothing")


def test_it_waits_until_its_time(in_host, post):
    later = timezone.now() + timedelta(days=2)
    assert post(not_before=later).next_attempt_at == later


def test_it_is_found_by_what_it_is_about(in_host, owner, post):
    post(about=owner)
    post(dedupe_key="other", about=in_host)
    post(dedupe_key="quiet", about=owner, private=True)
    assert [m.dedupe_key for m in queries.about(owner)] == ["example:1"]


def test_the_states_are_tied_to_their_stamps(in_host):
    message = OutboundMessageFactory(host=in_host)
    for wrong in (
        {"state": State.SENT},
        {"state": State.SENDING},
        {"state": State.RETRY, "locked_by": "somebody", "lease_until": timezone.now()},
        {"sent_at": timezone.now()},
        {"state": "lost"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            OutboundMessage.objects.filter(pk=message.pk).update(**wrong)


def test_another_hosts_mail_is_invisible(host, other_host):
    OutboundMessageFactory(host=other_host)
    with open_host(host.pk):
        assert not OutboundMessage.objects.exists()
    with pytest.raises(HostNotActive):
        OutboundMessage.objects.exists()


def test_the_web_role_cannot_look_at_mail_of_all_hosts(host):
    """The database shows that to the worker alone."""
    OutboundMessageFactory(host=host)
    with all_hosts():
        assert not OutboundMessage.objects.exists()


# --- when the broker is away ---------------------------------------------------------------------


@pytest.fixture
def dead_broker(monkeypatch):
    monkeypatch.setattr(outbox, "_no_hint_before", 0.0)
    monkeypatch.setattr(current_app.conf, "broker_url", f"redis://127.0.0.1:{free_port()}/0")


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_costs_no_time_and_no_mail(host, post, dead_broker, caplog):
    started = monotonic()
    for n in range(3):
        with open_host(host.pk):
            assert post(dedupe_key=f"example:{n}")
    assert monotonic() - started < 2
    assert caplog.text.count("no hint that mail is due") == 1
    with open_host(host.pk):
        assert OutboundMessage.objects.count() == 3


def test_many_mails_of_one_transaction_give_one_hint(
    in_host, post, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as hints:
        post()
        with transaction.atomic():
            post(dedupe_key="example:2")
    assert len(hints) == 1


# --- Django's mail API ---------------------------------------------------------------------------


def test_djangos_mail_api_writes_a_row_without_a_host(db, settings):
    settings.EMAIL_BACKEND = "messaging.backend.OutboxBackend"
    email = EmailMultiAlternatives("Your\ncode", "ABC-123", to=["Dana <Dana@Riverbend.example>"])
    email.attach_alternative("<p>ABC-123</p>", "text/html")
    assert email.send() == 1
    [message] = GlobalMessage.objects.all()
    assert (message.to, message.subject) == ("dana@riverbend.example", "Your code")
    assert b"ABC-123" not in bytes(message.body)
    assert unseal(message.body).text == "ABC-123"
