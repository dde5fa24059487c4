import pytest
from django.db import connection

from messaging.models import OutboundMessage
from messaging.outbox import OutsideTransaction
from messaging.sealing import unseal


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


def test_the_same_cause_posts_once(in_host, post):
    assert post() is not None
    assert post(to="somebody@else.example") is None
    assert [m.to for m in OutboundMessage.objects.all()] == ["dana@riverbend.example"]
