"""Staff are invited, given roles and let go; the owner sees all of it."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Invitation, Membership
from accounts.roles import Role
from tenancy import links
from tenancy.active import open_host
from tenancy.models import AuditEvent, Link
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def url(host, name, *args):
    return reverse(f"accounts_host:{name}", args=[host.slug, *args])


def prove(email, **facts):
    user = UserFactory(email=email, **facts)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    client = Client()
    client.force_login(user)
    return client, user


def plain(answer, path) -> tuple[int, str]:
    """The page without its own address and the form's seal."""
    body = answer.content.decode().replace(path, "PATH")
    return answer.status_code, re.sub(r'value="[A-Za-z0-9]{64}"', "", body)


def link_in_mail() -> str:
    return re.search(r"/r/invite/[^/\s]+/", mail.outbox[-1].body).group()


@pytest.fixture
def offer(host, owner):
    """Sends an invitation and gives the path of its link."""

    def send(email="ravi@prairie.example", roles=("reviewer",), now=None):
        with open_host(host.pk):
            actions.invite(
                host_id=host.pk,
                email=email,
                roles=roles,
                language="en",
                now=now or timezone.now(),
                by=owner,
            )
        return link_in_mail()

    return send


# --- inviting ----------------------------------------------------------------------------------


def test_an_owner_invites_and_the_person_joins(host, owner, sign_in, in_host):
    client = sign_in(owner)
    answer = client.post(
        url(host, "invite"), {"email": "Ravi@prairie.example", "roles": ["reviewer", "coach"]}
    )
    assert answer.url == url(host, "people")
    assert mail.outbox[-1].to == ["ravi@prairie.example"]
    assert "Reviewer, Coach" in mail.outbox[-1].body
    path = link_in_mail()
    theirs, user = prove("ravi@prairie.example")
    page = theirs.get(path, follow=True)
    assert page["Referrer-Policy"] == "same-origin"
    assert "Ines Duarte invites you to work for Prairie Health Equity Network." in (
        page.content.decode()
    )
    assert theirs.post(path).url == reverse("collaboratives:staff_home", args=[host.slug])
    membership = Membership.objects.get(user=user)
    assert membership.roles == ["reviewer", "coach"]
    assert [e.verb for e in AuditEvent.objects.about(membership)] == ["joined"]
    invitation = Invitation.objects.get()
    assert [e.verb for e in AuditEvent.objects.about(invitation)] == ["invited"]
    assert (invitation.state, invitation.accepted_by) == ("accepted", user)


def test_only_the_hash_of_a_link_is_kept(offer):
    token = offer().split("/")[3]
    link = Link.objects.get()
    assert token not in str(vars(link))
    assert link.expires_at - timezone.now() > timedelta(days=6, hours=23)


def test_a_forwarded_invitation_gives_a_stranger_nothing(offer, in_host):
    # T16
    path = offer()
    theirs, user = prove("mallory@else.example")
    answer = theirs.post(path)
    assert answer.status_code == 403
    assert "This invitation is for ravi@prairie.example." in answer.content.decode()
    assert not Membership.objects.filter(user=user).exists()


def test_a_claimed_address_gives_nothing_before_it_is_verified(offer, in_host):
    path = offer()
    user = UserFactory(email="ravi@prairie.example")
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    client = Client()
    client.force_login(user)
    assert client.post(path).status_code == 403
    assert not Membership.objects.filter(user=user).exists()


def test_who_is_not_signed_in_proves_the_invited_address_first(host, offer, in_host):
    path = offer()
    client = Client()
    assert client.post(path).url == reverse("accounts:start_code")
    assert mail.outbox[-1].to == ["ravi@prairie.example"]
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", mail.outbox[-1].body).group()
    assert client.post(reverse("accounts:start_code"), {"code": code}).url == path
    client.post(path)
    assert Membership.objects.get(user__email="ravi@prairie.example").roles == ["reviewer"]
    assert client.get(reverse("collaboratives:staff_home", args=[host.slug])).url == reverse(
        "accounts:second_factor"
    )


def test_looking_changes_nothing(offer):
    # T17
    path = offer()
    for _ in range(10):
        assert Client(REMOTE_ADDR="203.0.113.9").head(path, follow=True).status_code == 200
        assert Client(REMOTE_ADDR="203.0.113.9").get(path, follow=True).status_code == 200
    theirs, _user = prove("ravi@prairie.example")
    assert theirs.post(path).status_code == 302


def test_unknown_used_expired_withdrawn_and_replaced_are_the_same_page(host, owner, offer, in_host):
    # T16
    used = offer("a@prairie.example")
    theirs, _user = prove("a@prairie.example")
    theirs.post(used)
    expired = offer("b@prairie.example", now=timezone.now() - timedelta(days=7))
    withdrawn = offer("c@prairie.example")
    actions.revoke(
        invitation=Invitation.objects.get(email="c@prairie.example"), now=timezone.now(), by=owner
    )
    replaced = offer("d@prairie.example")
    actions.resend(
        invitation=Invitation.objects.get(email="d@prairie.example"),
        language="en",
        now=timezone.now(),
        by=owner,
    )
    fresh = link_in_mail()
    dead = [used, expired, withdrawn, replaced, "/r/invite/made-up-by-somebody/"]
    for ask in (Client().get, Client().post):
        assert len({plain(ask(path), path) for path in dead}) == 1
        assert ask(dead[0]).status_code == 404
    assert Client().get(fresh, follow=True).status_code == 200


def test_a_link_of_another_kind_opens_no_invitation(host, owner, in_host):
    membership = Membership.objects.get(user=owner)
    token = links.issue(
        kind="reply", subject=membership, expires_at=timezone.now() + timedelta(days=1)
    )
    assert Client().get(f"/r/invite/{token}/").status_code == 404


def test_inviting_tells_nothing_about_accounts(host, owner, sign_in):
    # T14
    UserFactory(email="known@else.example")
    client = sign_in(owner)
    answers = []
    for email in ("known@else.example", "other@else.example"):
        answer = client.post(url(host, "invite"), {"email": email, "roles": ["coach"]})
        page = client.get(answer.url).content.decode()
        answers.append((answer.status_code, answer.url, f"sent an invitation to {email}" in page))
        text = re.sub(r"/r/invite/[^/\s]+/", "LINK", mail.outbox[-1].body)
        answers[-1] += (text,)
    assert answers[0] == answers[1]


def test_inviting_the_same_address_again_replaces_the_open_offer(offer, in_host):
    first, second = offer(roles=["reviewer"]), offer(roles=["coach"])
    assert Invitation.objects.get().roles == ["coach"]
    assert Client().get(first).status_code == 404
    assert Client().get(second, follow=True).status_code == 200


def test_who_works_here_already_is_not_invited(host, owner, coordinator, sign_in):
    page = sign_in(owner).post(
        url(host, "invite"), {"email": coordinator.email, "roles": ["coach"]}
    )
    assert "This person works for you already." in page.content.decode()


def test_who_left_is_brought_back_with_the_offered_roles_only(host, owner, offer, in_host):
    gone, user = prove("ravi@prairie.example")
    MembershipFactory(host=host, user=user, roles=["owner"], ended_at=timezone.now())
    gone.post(offer(roles=["reviewer"]))
    membership = Membership.objects.get(user=user)
    assert (membership.roles, membership.ended_at) == (["reviewer"], None)


# --- the page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same(rows, host, owner, offer, sign_in, django_assert_max_num_queries):
    MembershipFactory.create_batch(rows, host=host)
    for n in range(rows):
        offer(f"p{n}@prairie.example")
    client = sign_in(owner)
    with django_assert_max_num_queries(20) as captured:
        page = client.get(url(host, "people"))
    sql = [q["sql"] for q in captured.captured_queries]
    # login session, user, host, membership, people, invitations
    assert len([s for s in sql if not s.startswith(("SAVE", "RELEASE", "SELECT set_"))]) == 6
    assert page.content.count(b'id="member-') == rows + 1
    assert page.content.count(b'id="invitation-') == rows


@pytest.mark.parametrize("role", [r for r in Role if r != Role.OWNER])
def test_only_an_owner_sees_people(role, host, owner, offer, sign_in):
    offer()
    client = sign_in(MembershipFactory(host=host, roles=[role]).user)
    with open_host(host.pk):
        theirs = Membership.objects.get(user=owner).pk
        invitation = Invitation.objects.get().pk
    for page in (url(host, "people"), url(host, "invite"), url(host, "member", theirs)):
        assert client.get(page).status_code == 403
    for name, pk in (("end", theirs), ("resend", invitation), ("revoke", invitation)):
        assert client.post(url(host, name, pk)).status_code == 403


def test_another_hosts_people_are_not_found(host, other_host, owner, sign_in):
    theirs = MembershipFactory(host=other_host, user__name="CANARY")
    client = sign_in(owner)
    for name in ("member", "end"):
        answer = client.get(url(host, name, theirs.pk))
        assert answer.status_code == 404
        assert b"CANARY" not in answer.content
    assert b"CANARY" not in client.get(url(host, "people")).content
    assert client.get(url(other_host, "people")).status_code == 404


def test_roles_change_and_the_history_shows_it(host, owner, coordinator, sign_in, in_host):
    member = Membership.objects.get(user=coordinator)
    client = sign_in(owner)
    client.post(url(host, "member", member.pk), {"roles": ["coach", "coordinator"]})
    member.refresh_from_db()
    assert member.roles == ["coordinator", "coach"]
    page = client.get(url(host, "member", member.pk)).content.decode()
    assert "Ines Duarte: changed roles" in page
    assert "roles: Coordinator became Coordinator, Coach" in page


def test_a_host_keeps_an_owner(host, owner, sign_in, in_host):
    member = Membership.objects.get(user=owner)
    client = sign_in(owner)
    page = client.post(url(host, "member", member.pk), {"roles": ["coach"]}).content.decode()
    assert "There must be at least one owner." in page
    page = client.post(url(host, "end", member.pk), follow=True).content.decode()
    assert "There must be at least one owner." in page
    member.refresh_from_db()
    assert (member.roles, member.ended_at) == (["owner"], None)


def test_access_ends_with_the_next_request(host, owner, coordinator, sign_in, in_host):
    # T18
    theirs = sign_in(coordinator)
    home = reverse("collaboratives:staff_home", args=[host.slug])
    assert theirs.get(home).status_code == 200
    member = Membership.objects.get(user=coordinator)
    client = sign_in(owner)
    assert b"End access for Renata Solis?" in client.get(url(host, "end", member.pk)).content
    client.post(url(host, "end", member.pk))
    assert theirs.get(home).url.startswith(reverse("account_login"))
    assert theirs.get(home).status_code == 302
    assert "No longer with us" in client.get(url(host, "people")).content.decode()


def test_it_asks_again_who_it_is_before_what_matters_most(host, owner, sign_in, in_host):
    owner.set_password("a-long-password-1")
    owner.save()
    client = sign_in(owner)
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 301
    session["account_authentication_methods_user"] = str(owner.pk)
    session.save()
    assert client.get(url(host, "people")).status_code == 200
    page = url(host, "invite")
    for ask in (client.get, client.post):
        assert ask(page).url == f"{reverse('account_reauthenticate')}?next={page}".replace(
            page, page.replace("/", "%2F")
        )
    assert mail.outbox == []
