"""A login ends by itself, and with the role; what was typed is given back."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions, login_time
from accounts.roles import Role
from tenancy.active import open_host
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def signed_in_now(sign_in, clock):
    """Signed in at this moment, as far as the clock of the login goes."""

    def enter(user) -> Client:
        client = sign_in(user)
        session = client.session
        session[login_time.KEY] = login_time.begin(timezone.now().timestamp())
        session.save()
        return client

    return enter


def staff_home(host):
    return reverse("collaboratives:staff_home", args=[host.slug])


def mine(host):
    return reverse("applications:mine", args=[host.slug])


def leads_to_sign_in(answer) -> bool:
    return answer.status_code == 302 and answer.url.startswith(reverse("account_login"))


def test_staff_are_signed_out_after_thirty_minutes_without_use(
    host, coordinator, signed_in_now, clock
):
    client = signed_in_now(coordinator)
    for _ in range(3):
        clock.shift(timedelta(minutes=29))
        assert client.get(staff_home(host)).status_code == 200
    clock.shift(timedelta(minutes=30))
    late = client.get(staff_home(host))
    assert leads_to_sign_in(late)
    assert "nothing was done for a while" in client.get(late.url).content.decode()
    assert not leads_to_sign_in(client.get(late.url))


def test_others_have_three_hours(host, applicant, signed_in_now, clock):
    client = signed_in_now(applicant)
    clock.shift(timedelta(hours=2, minutes=59))
    assert client.get(mine(host)).status_code == 200
    clock.shift(timedelta(hours=3))
    assert leads_to_sign_in(client.get(mine(host)))


def test_nobody_stays_longer_than_twelve_hours(host, applicant, signed_in_now, clock):
    client = signed_in_now(applicant)
    for _ in range(5):
        clock.shift(timedelta(hours=2, minutes=20))
        assert client.get(mine(host)).status_code == 200
    clock.shift(timedelta(minutes=21))
    assert leads_to_sign_in(client.get(mine(host)))


def test_staff_are_known_as_staff_on_pages_without_a_host(host, coordinator, signed_in_now, clock):
    client = signed_in_now(coordinator)
    client.get(staff_home(host))
    clock.shift(timedelta(minutes=31))
    assert leads_to_sign_in(client.get(reverse("accounts:profile")))


def test_the_operator_has_the_time_of_staff(signed_in_now, clock, applicant):
    applicant.is_operator = True
    applicant.save()
    client = signed_in_now(applicant)
    clock.shift(timedelta(minutes=31))
    assert leads_to_sign_in(client.get(reverse("accounts:profile")))


def test_what_a_page_asks_by_itself_is_no_use_of_it(host, coordinator, signed_in_now, clock):
    client = signed_in_now(coordinator)
    client.get(staff_home(host))
    clock.shift(timedelta(minutes=20))
    left = client.get(reverse("accounts:time_left"), headers={"x-unattended": "1"})
    assert left.json() == {"seconds": 10 * 60}
    clock.shift(timedelta(minutes=5))
    assert client.post(reverse("accounts:time_left")).json() == {"seconds": 30 * 60}
    clock.shift(timedelta(minutes=30))
    assert leads_to_sign_in(client.get(reverse("accounts:time_left")))


def test_a_form_that_comes_too_late_gets_its_text_back(host, applicant, signed_in_now, clock):
    client = signed_in_now(applicant)
    clock.shift(timedelta(hours=4))
    page = reverse("accounts:profile")
    late = client.post(page, {"name": "Dana <Whitfield>", "password": "s3cret-words"})
    text = late.content.decode()
    assert late.status_code == 401
    assert "Dana &lt;Whitfield&gt;" in text
    assert "s3cret-words" not in text
    assert f"{reverse('account_login')}?next={page}" in text
    applicant.refresh_from_db()
    assert applicant.name == "Dana Whitfield"


def test_what_saves_by_itself_is_sent_to_sign_in(host, applicant, signed_in_now, clock):
    client = signed_in_now(applicant)
    clock.shift(timedelta(hours=4))
    answer = client.post(reverse("accounts:time_left"), headers={"accept": "application/json"})
    assert leads_to_sign_in(answer)


def test_every_page_of_a_login_says_how_long_it_lasts(host, coordinator, signed_in_now, clock):
    # WCAG 2.2.1
    client = signed_in_now(coordinator)
    client.get(staff_home(host))
    page = client.get(staff_home(host)).content.decode()
    assert 'data-seconds="1800"' in page
    assert "You will be signed out in two minutes." in page
    assert "<login-clock" not in Client().get(reverse("account_login")).content.decode()


def test_a_use_is_noted_once_a_minute(host, coordinator, signed_in_now, clock, captured_writes):
    client = signed_in_now(coordinator)
    client.get(staff_home(host))
    clock.shift(timedelta(seconds=59))
    assert captured_writes(lambda: client.get(staff_home(host))) == 0
    clock.shift(timedelta(seconds=1))
    assert captured_writes(lambda: client.get(staff_home(host))) == 1


@pytest.fixture
def captured_writes():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(act) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            act()
        return sum("UPDATE" in q["sql"] and "django_session" in q["sql"] for q in queries)

    return count


@pytest.mark.parametrize("change", ["fewer", "other", "none"])
def test_a_role_that_changes_ends_the_logins_that_had_it(host, owner, sign_in, clock, change):
    member = MembershipFactory(host=host, roles=[Role.COORDINATOR, Role.COACH])
    client = sign_in(member.user)
    assert client.get(staff_home(host)).status_code == 200
    clock.shift(timedelta(seconds=1))
    with open_host(host.pk):
        if change == "none":
            actions.end_membership(membership=member, now=timezone.now(), by=owner)
        else:
            roles = [Role.COACH] if change == "fewer" else [Role.ANALYST]
            actions.change_roles(membership=member, roles=roles, now=timezone.now(), by=owner)
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    answer = client.get(staff_home(host))
    assert leads_to_sign_in(answer)
    assert "Your role here has changed." in client.get(answer.url).content.decode()
    client.cookies[settings.SESSION_COOKIE_NAME] = old  # the key of before is worth nothing
    assert leads_to_sign_in(client.get(staff_home(host)))
    clock.shift(timedelta(seconds=1))
    again = sign_in(member.user).get(staff_home(host))
    assert again.status_code == (404 if change == "none" else 200)


def test_a_role_in_another_host_keeps_its_login(host, other_host, owner, sign_in, clock):
    here = MembershipFactory(host=host, roles=[Role.COACH])
    MembershipFactory(host=other_host, user=here.user, roles=[Role.COACH])
    client = sign_in(here.user)
    clock.shift(timedelta(seconds=1))
    with open_host(host.pk):
        actions.end_membership(membership=here, now=timezone.now(), by=owner)
    assert client.get(staff_home(other_host)).status_code == 200


def test_who_changes_their_own_roles_goes_on_under_a_new_key(host, owner, sign_in, clock):
    MembershipFactory(host=host, roles=[Role.OWNER])
    with open_host(host.pk):
        me = owner.memberships.get()
    client = sign_in(owner)
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    clock.shift(timedelta(seconds=1))
    page = reverse("accounts_host:member", args=[host.slug, me.pk])
    assert client.post(page, {"roles": ["owner", "coach"]}).status_code == 302
    assert client.get(staff_home(host)).status_code == 200
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != old
    stale = Client()
    stale.cookies[settings.SESSION_COOKIE_NAME] = old
    assert leads_to_sign_in(stale.get(staff_home(host)))
