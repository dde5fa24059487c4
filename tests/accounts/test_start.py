"""A code by mail: the way in for whoever has no account, and for whoever has one."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.models import StartCode, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
START, CODE = "/accounts/start/", "/accounts/start/code/"


def mailed_code() -> str:
    return re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", mail.outbox[-1].body).group()


def ask(client, email, **fields):
    return client.post(START, {"email": email, **fields})


def test_a_new_address_becomes_a_person_only_once_it_is_proved():
    client = Client()
    assert ask(client, "Dana@Riverbend.example", next="/prairie/p/x/apply/").url == CODE
    assert User.objects.count() == 0
    answer = client.post(CODE, {"code": mailed_code().lower()})
    assert (answer.status_code, answer.url) == (302, "/prairie/p/x/apply/")
    user = User.objects.get()
    assert (user.email, user.has_usable_password()) == ("dana@riverbend.example", False)
    assert EmailAddress.objects.filter(user=user, verified=True, primary=True).exists()
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_known_person_is_signed_in_and_stays_one_person():
    user = UserFactory(email="dana@riverbend.example")
    client = Client()
    ask(client, "DANA@riverbend.example")
    client.post(CODE, {"code": mailed_code()})
    assert client.session["_auth_user_id"] == str(user.pk)
    assert User.objects.get() == user


def test_who_has_a_second_factor_still_must_give_it():
    user = UserFactory(email="dana@riverbend.example")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    TOTP.activate(user, generate_totp_secret())
    client = Client()
    ask(client, user.email)
    answer = client.post(CODE, {"code": mailed_code()})
    assert answer.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session


def test_nothing_tells_whether_an_address_has_an_account():
    # T14: same status, same page, same mail
    UserFactory(email="known@riverbend.example")
    pages = []
    for email in ("known@riverbend.example", "other@riverbend.example"):
        client = Client()
        first = ask(client, email)
        second = client.get(CODE)
        wrong = client.post(CODE, {"code": "BBBB-BBBB"})
        body = re.sub(r'value="[A-Za-z0-9]{64}"', "", wrong.content.decode())
        statuses = (first.status_code, first.url, second.status_code, wrong.status_code)
        pages.append((*statuses, body.replace(email, "ADDRESS")))
    assert pages[0] == pages[1]
    texts = [re.sub(r"[A-Z0-9]{4}-[A-Z0-9]{4}", "CODE", m.body) for m in mail.outbox]
    assert texts[0] == texts[1]


def test_both_kinds_of_address_cost_the_same_statements(django_assert_num_queries):
    UserFactory(email="known@riverbend.example")
    for email in ("known@riverbend.example", "other@riverbend.example"):
        with django_assert_num_queries(4):  # savepoint, expired codes out, one in, release
            actions.request_start_code(email=email, language="en", now=datetime.now(UTC))


def test_the_table_holds_no_code_in_the_clear():
    key = actions.request_start_code(
        email="dana@riverbend.example", language="en", now=datetime.now(UTC)
    )
    row = StartCode.objects.get()
    assert key not in (row.browser_sha256, row.code_sha256)
    assert mailed_code().replace("-", "") not in str(vars(row))


def test_three_wrong_tries_end_a_code():
    # T13
    client = Client()
    ask(client, "dana@riverbend.example")
    code = mailed_code()
    lefts = [client.post(CODE, {"code": "BBBB-BBBB"}).content.decode() for _ in range(3)]
    assert "2 tries left" in lefts[0]
    assert "1 try left" in lefts[1]
    assert "no longer works" in lefts[2]
    client.post(CODE, {"code": code})
    assert "_auth_user_id" not in client.session


def test_a_code_works_in_the_browser_that_asked_and_nowhere_else():
    one, other = Client(), Client()
    ask(one, "dana@riverbend.example")
    code = mailed_code()
    ask(other, "dana@riverbend.example")
    other.post(CODE, {"code": code})
    assert "_auth_user_id" not in other.session
    one.post(CODE, {"code": code})
    assert "_auth_user_id" in one.session


def test_a_code_works_once_and_for_ten_minutes():
    now = datetime(2026, 11, 20, 16, tzinfo=UTC)
    key = actions.request_start_code(email="dana@riverbend.example", language="en", now=now)
    code = mailed_code()
    late = now + timedelta(minutes=10)
    assert actions.check_start_code(browser_key=key, code=code, now=late).email is None
    checked = actions.check_start_code(browser_key=key, code=code, now=late - timedelta(seconds=1))
    assert checked.email == "dana@riverbend.example"
    assert actions.check_start_code(browser_key=key, code=code, now=now).email is None


def test_signing_in_changes_the_key_of_the_login_session():
    # T18
    client = Client()
    ask(client, "dana@riverbend.example")
    before = client.session.session_key
    client.post(CODE, {"code": mailed_code()})
    assert client.session.session_key != before


@pytest.mark.parametrize(
    "bad", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_it_leads_only_to_pages_of_ours(bad):
    client = Client()
    ask(client, "dana@riverbend.example", next=bad)
    assert client.post(CODE, {"code": mailed_code()}).url == "/"


def test_a_robot_that_fills_every_field_gets_no_mail_and_the_same_answer():
    client = Client()
    assert ask(client, "dana@riverbend.example", website="http://spam.example").url == CODE
    assert mail.outbox == []
    assert client.get(CODE).status_code == 200


def test_one_address_gets_three_codes_an_hour():
    statuses = [ask(Client(), "dana@riverbend.example").status_code for _ in range(4)]
    assert statuses == [302, 302, 302, 429]
    assert len(mail.outbox) == 3
    assert ask(Client(), "other@riverbend.example").status_code == 302


def test_a_made_up_forwarding_header_does_not_lift_the_limit():
    answers = [
        Client().post(START, {"email": "d@r.example"}, headers={"x-forwarded-for": f"9.9.9.{n}"})
        for n in range(4)
    ]
    assert answers[-1].status_code == 429


def test_the_page_says_what_is_wrong_with_an_address():
    page = ask(Client(), "dana").content.decode()
    assert "Enter an email address like name@example.org." in page
    assert mail.outbox == []


def test_nobody_signs_up_by_themselves():
    page = Client().get(reverse("account_signup"))
    assert b'name="email"' not in page.content
    Client().post(reverse("account_signup"), {"email": "dana@riverbend.example"})
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("account_login", {"password": "wrong-password-123"}),
        ("account_request_login_code", {}),
        ("account_reset_password", {}),
    ],
)
def test_sign_in_pages_answer_known_and_unknown_alike(url, data):
    # T14
    known = UserFactory(email="known@riverbend.example")
    known.set_password("a-long-password-1")
    known.save()
    EmailAddress.objects.create(user=known, email=known.email, verified=True, primary=True)
    field = "login" if url == "account_login" else "email"
    answers = []
    for email in ("known@riverbend.example", "other@riverbend.example"):
        page = Client().post(reverse(url), {field: email, **data}, follow=True)
        body = re.sub(r'value="[A-Za-z0-9]{64}"', "", page.content.decode())
        answers.append((page.status_code, page.redirect_chain, body.replace(email, "ADDRESS")))
    assert answers[0] == answers[1]


def test_a_stranger_is_not_mailed_by_the_sign_in_pages():
    for url in ("account_request_login_code", "account_reset_password"):
        Client().post(reverse(url), {"email": "nobody@riverbend.example"})
    assert mail.outbox == []


@time_machine.travel(datetime(2026, 11, 20, 16, tzinfo=UTC), tick=False)
def test_expired_codes_do_not_pile_up():
    now = datetime.now(UTC)
    actions.request_start_code(email="a@r.example", language="en", now=now - timedelta(days=3))
    actions.request_start_code(email="b@r.example", language="en", now=now)
    assert [row.email for row in StartCode.objects.all()] == ["b@r.example"]
