"""Second factor, profile, the demo's one click, and where a person lands."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import queries
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def staff_home(host):
    return reverse("collaboratives:staff_home", args=[host.slug])


def present_code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_new_staff_set_up_the_code_app_and_it_counts_at_once(host, coordinator, sign_in):
    client = sign_in(coordinator, second_factor=False)
    EmailAddress.objects.create(user=coordinator, email=coordinator.email, verified=True)
    assert client.get(staff_home(host)).url == reverse("accounts:second_factor")
    page = client.get(reverse("accounts:second_factor")).content.decode()
    assert reverse("mfa_activate_totp") in page
    form = client.get(reverse("mfa_activate_totp"))
    secret = form.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": present_code(secret)})
    assert answer.url == reverse("accounts:second_factor_done")
    codes = client.get(answer.url).context["codes"]
    assert len(codes) == 10
    assert client.get(reverse("accounts:second_factor")).url == staff_home(host)
    assert client.get(staff_home(host)).status_code == 200


def test_staff_who_have_a_code_app_are_asked_for_its_code(host, coordinator, sign_in):
    TOTP.activate(coordinator, "JBSWY3DPEHPK3PXP")
    client = sign_in(coordinator, second_factor=False)
    client.get(staff_home(host))
    ask = client.get(reverse("accounts:second_factor"))
    assert ask.url.startswith(reverse("mfa_reauthenticate"))
    answer = client.post(ask.url, {"code": present_code("JBSWY3DPEHPK3PXP")})
    assert answer.url == reverse("accounts:second_factor")
    assert client.get(answer.url).url == staff_home(host)
    assert client.get(staff_home(host)).status_code == 200


def test_recovery_codes_are_not_shown_later(coordinator, sign_in):
    client = sign_in(coordinator, second_factor=False)
    assert client.get(reverse("accounts:second_factor_done")).url == reverse(
        "accounts:second_factor"
    )
    assert Authenticator.objects.count() == 0


def test_a_known_person_signs_in_by_a_mailed_code():
    user = UserFactory(email="dana@riverbend.example")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": user.email})
    code = re.search(r"\b[A-Z0-9]{4}-?[A-Z0-9]{2,4}\b", mail.outbox[-1].body).group()
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_five_wrong_passwords_close_that_way_only():
    # T13, T15
    user = UserFactory(email="dana@riverbend.example")
    user.set_password("a-long-password-1")
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for _ in range(5):
        Client().post(reverse("account_login"), {"login": user.email, "password": "wrong-one-12"})
    page = Client().post(
        reverse("account_login"), {"login": user.email, "password": "a-long-password-1"}
    )
    assert page.status_code == 200
    assert "Too many" in page.content.decode()
    Client().post(reverse("account_request_login_code"), {"email": user.email})
    assert mail.outbox[-1].to == [user.email]


def test_a_person_changes_their_profile(applicant, sign_in):
    client = sign_in(applicant)
    answer = client.post(
        reverse("accounts:profile"),
        {"name": "Dana W.", "language": "es", "time_zone": "America/New_York"},
    )
    assert answer.cookies["django_language"].value == "es"
    applicant.refresh_from_db()
    assert (applicant.name, applicant.language, applicant.time_zone) == (
        "Dana W.",
        "es",
        "America/New_York",
    )


def test_a_zone_that_does_not_exist_is_refused(applicant, sign_in):
    sign_in(applicant).post(
        reverse("accounts:profile"), {"name": "D", "language": "en", "time_zone": "Moon/Base"}
    )
    applicant.refresh_from_db()
    assert applicant.name == "Dana Whitfield"


def test_the_profile_is_for_who_is_signed_in(client):
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_a_persons_places_are_the_hosts_they_work_for(host, other_host, coordinator):
    MembershipFactory(host=other_host)
    assert queries.landing(coordinator) == staff_home(host)
    MembershipFactory(host=other_host, user=coordinator, roles=["coach"])
    places = [(place.host.slug, place.roles) for place in queries.places(coordinator)]
    assert places == [("lakeshore", ["coach"]), ("prairie", ["coordinator"])]
    assert queries.landing(coordinator) is None


# --- the demo ------------------------------------------------------------------------------------


@pytest.fixture
def demo(settings):
    settings.DEMO_MODE = True


def sign_in_as(client, address):
    return client.post(f"/demo/as/{address}/")


def test_one_click_signs_in_with_the_second_factor(demo, host):
    MembershipFactory(host=host, user__email="coordinator@prairie.example")
    client = Client()
    assert sign_in_as(client, "coordinator@prairie.example").url == staff_home(host)
    assert client.get(staff_home(host)).status_code == 200


def test_the_demos_applicants_land_in_their_host(demo, host):
    UserFactory(email="applicant@prairie.example")
    client = Client()
    mine = reverse("collaboratives:mine", args=[host.slug])
    assert sign_in_as(client, "applicant@prairie.example").url == mine


def test_another_click_is_another_person(demo, host):
    for name in ("applicant", "lead"):
        UserFactory(email=f"{name}@prairie.example")
    client = Client()
    sign_in_as(client, "applicant@prairie.example")
    before = client.session.session_key
    sign_in_as(client, "lead@prairie.example")
    assert client.session.session_key != before


def test_the_demo_needs_a_post_with_its_seal(demo, host):
    UserFactory(email="lead@prairie.example")
    assert Client().get("/demo/as/lead@prairie.example/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert sign_in_as(strict, "lead@prairie.example").status_code == 403
    assert sign_in_as(Client(), "nobody@prairie.example").status_code == 404


def test_outside_demo_mode_nobody_signs_in_by_a_click(host, settings):
    settings.DEMO_MODE = False
    UserFactory(email="lead@prairie.example")
    client = Client()
    assert sign_in_as(client, "lead@prairie.example").status_code == 404
    assert "_auth_user_id" not in client.session


# --- landing -------------------------------------------------------------------------------------


def test_staff_of_one_host_land_there(host, coordinator, sign_in):
    assert sign_in(coordinator).get("/").url == staff_home(host)


def test_staff_of_two_hosts_choose(host, other_host, coordinator, sign_in):
    MembershipFactory(host=other_host, user=coordinator)
    page = sign_in(coordinator).get("/").content.decode()
    assert "You work for" in page
    for one in (host, other_host):
        assert f'href="/{one.slug}/staff/"' in page


def test_others_find_their_teams_by_host(host, applicant, sign_in, client):
    assert 'href="/prairie/me/"' in sign_in(applicant).get("/").content.decode()
    visitor = client.get("/")
    assert 'href="/prairie/"' in visitor.content.decode()
    assert "You work for" not in visitor.content.decode()


def test_a_visitor_chooses_a_language_without_a_seal(host):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("set_language"), {"language": "es", "next": "/prairie/programs/"})
    assert (answer.status_code, answer.url) == (302, "/prairie/programs/")
    assert answer.cookies["django_language"].value == "es"
