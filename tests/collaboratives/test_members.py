"""A team's people: who may change them, what the program asks, how they join."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from collaboratives import actions, composition
from collaboratives.blueprints import load
from collaboratives.forms.teams import MemberForm
from collaboratives.models import TeamMember
from collaboratives.roster import RosterEntry
from messaging.models import OutboundMessage
from messaging.sealing import unseal
from tenancy.models import AuditEvent
from tests.factories import UserFactory
from tests.factories.collaboratives import TeamFactory, TeamMemberFactory

pytestmark = pytest.mark.django_db


def url(host, name, *args):
    return reverse(f"collaboratives:{name}", args=[host.slug, *args])


@pytest.fixture
def lead(host, team):
    user = UserFactory(name="Marcus Okafor", email="marcus@riverbend.example")
    return TeamMemberFactory(host=host, team=team, user=user, role="lead")


@pytest.fixture
def member(host, team):
    user = UserFactory(name="Priya Raman", email="priya@riverbend.example")
    return TeamMemberFactory(host=host, team=team, user=user, role="member")


@pytest.fixture
def newcomer(host, team):
    return TeamMemberFactory(
        host=host,
        team=team,
        user=None,
        name="Lena Tso",
        email="lena@partner.example",
        role="member",
    )


TYPED = {"name": "Ana Bell", "email": "Ana@riverbend.example", "role": "member", "leadership": ""}


# --- composition --------------------------------------------------------------------------------


def entries(n, **facts):
    return [RosterEntry(f"P{i}", f"p{i}@r.example", **facts) for i in range(n)]


@pytest.mark.parametrize(
    ("size", "few", "many"),
    [(2, True, False), (3, False, False), (7, False, False), (8, False, True)],
)
def test_three_to_seven_people_both_included(size, few, many):
    # S3-17, S4-21
    for key in ("learning-network", "action-community"):
        found = composition.check(load(key), entries(size))
        assert (found.size, found.too_few, found.too_many) == (size, few, many)


def test_recommended_lenses_are_a_hint_and_one_person_may_bring_several():
    # S3-19
    people = [
        *entries(2),
        RosterEntry("Dana", "d@r.example", lenses=("data", "equity", "quality_improvement")),
    ]
    found = composition.check(load("learning-network"), people)
    assert found.covered == ("Data", "Quality improvement", "Equity")
    assert found.missing == ("Patient-facing care",)
    assert found.is_whole


def test_partner_quality_leader_and_alternate_are_hard_rules():
    # S1-16, S1-20, S1-21
    blueprint = load("learning-and-action-network")
    bare = composition.check(blueprint, entries(4))
    assert [minimum.met for minimum in bare.minimums] == [False, False]
    assert (bare.lacks_leader, bare.lacks_alternate, bare.is_whole) == (True, True, False)
    people = [
        *entries(2, department="equity"),
        RosterEntry(
            "Partner",
            "c@p.example",
            department="community_partner",
            roles=("community_representative",),
        ),
        RosterEntry("Quality", "q@r.example", department="quality", roles=("qi_lead",)),
        RosterEntry("Leader", "l@r.example", role="viewer", leadership="senior_leader"),
        RosterEntry("Other", "a@r.example", role="viewer", leadership="alternate"),
    ]
    whole = composition.check(blueprint, people)
    assert [minimum.met for minimum in whole.minimums] == [True, True]
    assert (whole.lacks_leader, whole.lacks_alternate) == (False, False)


def test_a_team_of_one_department_is_not_whole():
    # S4-21
    blueprint = load("action-community")
    leader = RosterEntry("Leader", "l@r.example", role="viewer", leadership="senior_leader")
    alike = composition.check(blueprint, [*entries(3, department="quality"), leader])
    assert (alike.one_department, alike.is_whole) == (True, False)
    other = RosterEntry("Other", "o@r.example", department="clinical")
    mixed = composition.check(blueprint, [*entries(3, department="quality"), other, leader])
    assert (mixed.one_department, mixed.is_whole) == (False, True)
    said = "Everybody is from one department. Add people from another."
    note = "collaboratives/_composition.html"
    assert said in render_to_string(note, {"composition": alike})
    assert said not in render_to_string(note, {"composition": mixed})


def test_components_that_nobody_stands_for_are_named():
    # S1-19
    people = entries(2, lenses=("priority", "partnerships"))
    found = composition.check(load("learning-and-action-network"), people)
    assert found.covered == ("Make health equity a top goal", "Work with community partners")
    assert found.missing == (
        "Build the structures and steps that support equity",
        "Act on the social needs that health care can reach",
        "Reduce racism inside the institution",
    )


def test_recommended_roles_are_named_and_bar_nobody():
    # S1-06 to S1-13
    blueprint = load("learning-and-action-network")
    leader = RosterEntry("L", "l@r.example", role="viewer", leadership="senior_leader")
    people = [*entries(1, roles=("qi_lead", "frontline_provider")), leader]
    found = composition.check(blueprint, people)
    assert found.roles_missing == (
        "Project manager",
        "Data analyst",
        "Community or patient representative",
        "Equity staff",
        "Community or population health staff",
    )
    assert found.roles_to_add == ("Human resources", "Information technology")
    said = render_to_string("collaboratives/_composition.html", {"composition": found})
    assert "Recommended, not on the team yet: Project manager, Data analyst," in said
    assert "You may also add: Human resources, Information technology." in said
    offered = dict(MemberForm(blueprint=blueprint).fields["roles"].choices)
    assert offered["human_resources"] == "Human resources"


def test_three_lenses_without_one_for_data():
    # S4-22
    found = composition.check(load("action-community"), entries(3, lenses=("data", "equity")))
    assert found.covered == ("Equity",)
    assert found.missing == ("Quality improvement", "Patient-facing care")


def test_a_leader_who_only_looks_on_does_not_count_towards_the_size():
    # S1-14: a leader may also be on the team, and then counts
    looks_on = RosterEntry("L", "l@r.example", role="viewer", leadership="senior_leader")
    works = RosterEntry("M", "m@r.example", leadership="alternate")
    found = composition.check(load("learning-network"), [*entries(2), looks_on, works])
    assert found.size == 3


def test_a_steering_group_stands_beside_the_team():
    # S1-14
    steers = RosterEntry("S", "s@r.example", group="steering")
    found = composition.check(load("learning-and-action-network"), [*entries(2), steers])
    assert found.size == 2


def test_a_program_without_a_rule_asks_for_nothing():
    # S1-42
    assert composition.check(load("progress-report-ian"), []).is_whole


# --- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same(rows, host, team, lead, sign_in, django_assert_max_num_queries):
    for n in range(rows):
        TeamMemberFactory(host=host, team=team, user=None, email=f"p{n}@r.example")
    client = sign_in(lead.user)
    with django_assert_max_num_queries(30) as captured:
        page = client.get(url(host, "members", team.slug))
    sql = [q["sql"] for q in captured.captured_queries]
    # login session, user, host, membership, team, people, who left, history
    assert len([s for s in sql if not s.startswith(("SAVE", "RELEASE", "SELECT set_"))]) == 8
    assert page.content.count(b'id="member-') == rows + 1


def test_the_page_says_what_the_roster_has_and_lacks(host, team, lead, sign_in):
    # S3-17, S3-19
    page = sign_in(lead.user).get(url(host, "members", team.slug)).content.decode()
    page = re.sub(r"\s+", " ", page)
    assert "<b>1 person.</b> You need 3 to 7." in page
    assert "Not yet: Data, Quality improvement, Equity, Patient-facing care." in page
    assert "There are too few people." in page


def test_team_home_is_composed_of_the_rooms(host, team, member, sign_in, in_host):
    page = sign_in(member.user).get(url(host, "team_home", team.slug)).content.decode()
    for name in ("program_sessions:next_for_team", "reporting:due_for_team"):
        assert f'hx-get="{reverse(name, args=[host.slug, team.slug])}"' in page
    assert "charters:for_team" not in page
    charter = reverse("charters:for_team", args=[host.slug, team.slug])
    assert charter not in page
    type(team.cohort).objects.filter(pk=team.cohort_id).update(signs_charter=True)
    assert charter in sign_in(member.user).get(url(host, "team_home", team.slug)).content.decode()


# --- who may -------------------------------------------------------------------------------------

EDITING = ("member_add", "member_edit", "member_remove", "hand_over")
POSTING = ("member_invite", "member_withdraw")


def statuses(client, host, team, target):
    args = {
        name: [team.slug] if name == "member_add" else [team.slug, target.pk] for name in EDITING
    }
    got = [client.get(url(host, name, *args[name])).status_code for name in EDITING]
    return got + [
        client.post(url(host, name, team.slug, target.pk)).status_code for name in POSTING
    ]


def test_a_lead_and_staff_who_edit_teams_may_change_people(
    host, team, lead, newcomer, coordinator, sign_in
):
    for person in (lead.user, coordinator):
        assert statuses(sign_in(person), host, team, newcomer) == [200] * 4 + [302] * 2


def test_members_and_viewers_read(host, team, lead, member, newcomer, sign_in):
    viewer = TeamMemberFactory(host=host, team=team, role="viewer")
    for person in (member.user, viewer.user):
        client = sign_in(person)
        assert client.get(url(host, "members", team.slug)).status_code == 200
        assert statuses(client, host, team, newcomer) == [403] * 6
        assert b"Add someone" not in client.get(url(host, "members", team.slug)).content


def test_for_everybody_else_the_team_does_not_exist(
    host, other_host, team, lead, newcomer, reviewer, stranger, applicant, sign_in, client
):
    other_lead = TeamMemberFactory(host=host, team=TeamFactory(host=host), role="lead")
    gone = TeamMemberFactory(host=host, team=team, left_at=timezone.now())
    for person in (reviewer, stranger, applicant, other_lead.user, gone.user):
        theirs = sign_in(person)
        for name in ("team_home", "members"):
            assert theirs.get(url(host, name, team.slug)).status_code == 404
        assert statuses(theirs, host, team, newcomer) == [404] * 6
    assert client.get(url(host, "team_home", team.slug)).status_code == 302


def test_staff_without_a_second_factor_see_no_team(host, team, coordinator, sign_in):
    weak = sign_in(coordinator, second_factor=False)
    assert weak.get(url(host, "members", team.slug)).status_code == 404


def test_another_teams_person_is_not_changed_through_ones_own_team(host, team, lead, sign_in):
    other = TeamMemberFactory(host=host, team=TeamFactory(host=host), user=None, name="CANARY")
    assert statuses(sign_in(lead.user), host, team, other)[1:] == [404] * 5


# --- changing ------------------------------------------------------------------------------------


def test_a_person_is_added_with_the_programs_words(host, team, lead, sign_in, in_host):
    answer = sign_in(lead.user).post(
        url(host, "member_add", team.slug),
        {**TYPED, "roles": ["data_analyst"], "lenses": ["data"], "department": "quality"},
    )
    assert answer.status_code == 302
    added = TeamMember.objects.get(email="ana@riverbend.example")
    assert (added.name, added.roles, added.lenses, added.department, added.user_id) == (
        "Ana Bell",
        ["data_analyst"],
        ["data"],
        "quality",
        None,
    )
    page = sign_in(lead.user).get(url(host, "members", team.slug)).content.decode()
    assert "Data analyst" in page
    assert mail.outbox == []


def test_an_address_and_a_leadership_have_one_place(host, team, lead, newcomer, sign_in, in_host):
    # S1-16
    client = sign_in(lead.user)
    page = client.post(
        url(host, "member_add", team.slug), {**TYPED, "email": newcomer.email}
    ).content.decode()
    assert "Lena Tso is on the team with this address." in page
    client.post(url(host, "member_add", team.slug), {**TYPED, "leadership": "alternate"})
    page = client.post(
        url(host, "member_add", team.slug),
        {**TYPED, "email": "x@r.example", "leadership": "alternate"},
    ).content.decode()
    assert "Ana Bell holds this place. Change that first." in page
    assert TeamMember.objects.filter(leadership="alternate").count() == 1


def test_who_joined_keeps_their_address(host, team, lead, member, sign_in, in_host):
    sign_in(lead.user).post(
        url(host, "member_edit", team.slug, member.pk),
        {**TYPED, "name": "Priya R.", "email": "other@r.example"},
    )
    member.refresh_from_db()
    assert (member.name, member.email) == ("Priya R.", "priya@riverbend.example")


def test_a_team_is_never_without_a_lead(host, team, lead, member, sign_in, in_host):
    client = sign_in(lead.user)
    page = client.post(url(host, "member_edit", team.slug, lead.pk), TYPED).content.decode()
    assert "Hand the lead over to somebody else first." in page
    client.post(url(host, "member_remove", team.slug, lead.pk))
    lead.refresh_from_db()
    assert (lead.role, lead.left_at) == ("lead", None)


def test_the_lead_is_handed_over_and_the_history_shows_it(
    host, team, lead, member, sign_in, in_host
):
    client = sign_in(lead.user)
    client.post(url(host, "hand_over", team.slug, member.pk))
    for person, role in ((lead, "member"), (member, "lead")):
        person.refresh_from_db()
        assert person.role == role
    event = AuditEvent.objects.about(team).first()
    assert (event.verb, event.before, event.after) == (
        "handed over",
        {"lead": ["Marcus Okafor"]},
        {"lead": ["Priya Raman"]},
    )
    assert client.get(url(host, "member_add", team.slug)).status_code == 403


def test_who_leaves_is_kept_in_the_history(host, team, lead, member, sign_in, in_host):
    sign_in(lead.user).post(url(host, "member_remove", team.slug, member.pk))
    member.refresh_from_db()
    assert member.left_at is not None
    page = sign_in(lead.user).get(url(host, "members", team.slug)).content.decode()
    assert "Left the team" in page
    assert sign_in(member.user).get(url(host, "team_home", team.slug)).status_code == 404


# --- joining -------------------------------------------------------------------------------------


def invite(member, by, now=None) -> str:
    """The path of the link in the mail."""
    actions.invite_member(member=member, now=now or timezone.now(), by=by)
    body = unseal(OutboundMessage.objects.order_by("-pk").first().body)
    return re.search(r"/r/member/[^/\s]+/", body.text).group()


def prove(email) -> tuple[Client, User]:
    user = UserFactory(email=email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    client = Client()
    client.force_login(user)
    return client, user


def test_a_person_joins_with_the_verified_address(host, team, lead, newcomer, in_host):
    path = invite(newcomer, lead.user)
    client, user = prove(newcomer.email)
    page = client.get(path, follow=True)
    assert (page.status_code, page["Referrer-Policy"]) == (200, "same-origin")
    assert "Join the team of Riverbend Regional" in page.content.decode()
    newcomer.refresh_from_db()
    assert newcomer.user_id is None
    assert client.post(path).url == url(host, "team_home", team.slug)
    newcomer.refresh_from_db()
    assert (newcomer.user, newcomer.invited_at) == (user, None)
    assert client.post(path).url == url(host, "team_home", team.slug)


def test_a_forwarded_link_gives_no_place(host, team, lead, newcomer, in_host):
    # T16
    path = invite(newcomer, lead.user)
    client, _user = prove("somebody@else.example")
    assert client.post(path).status_code == 403
    newcomer.refresh_from_db()
    assert newcomer.user_id is None


def test_an_address_that_is_only_claimed_gives_no_place(host, team, lead, newcomer, in_host):
    path = invite(newcomer, lead.user)
    client = Client()
    client.force_login(UserFactory(email=newcomer.email))
    assert client.post(path).status_code == 403


def test_a_stranger_is_sent_a_code_and_comes_back(host, team, lead, newcomer, in_host):
    path = invite(newcomer, lead.user)
    client = Client()
    assert client.post(path).url == reverse("accounts:start_code")
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", mail.outbox[-1].body).group()
    assert mail.outbox[-1].to == [newcomer.email]
    assert client.post(reverse("accounts:start_code"), {"code": code}).url == path
    assert client.post(path).status_code == 302
    newcomer.refresh_from_db()
    assert newcomer.user.email == newcomer.email


def test_looking_at_a_link_changes_nothing(host, team, lead, newcomer, in_host):
    # T17
    path = invite(newcomer, lead.user)
    for _ in range(10):
        assert Client(REMOTE_ADDR="203.0.113.9").head(path, follow=True).status_code == 200
        assert Client(REMOTE_ADDR="203.0.113.9").get(path, follow=True).status_code == 200
    client, _user = prove(newcomer.email)
    assert client.post(path).status_code == 302


def test_every_dead_link_is_the_same_page(host, team, lead, newcomer, in_host):
    # T16: unknown, replaced, withdrawn, expired
    replaced = invite(newcomer, lead.user)
    withdrawn = invite(newcomer, lead.user)
    actions.withdraw_invitation(member=newcomer, now=timezone.now(), by=lead.user)
    early = timezone.now() - timedelta(days=8)
    expired = invite(newcomer, lead.user, early)
    pages = set()
    for path in (replaced, withdrawn, expired, "/r/member/made-up-by-somebody/"):
        answer = Client().get(path)
        body = answer.content.decode().replace(path, "PATH")
        pages.add((answer.status_code, re.sub(r'value="[A-Za-z0-9]{64}"', "", body)))
    assert [status for status, _body in pages] == [404]


def test_two_people_cannot_both_take_a_place(host, team, lead, newcomer, in_host):
    path = invite(newcomer, lead.user)
    client, _user = prove(newcomer.email)
    newcomer.user = UserFactory()
    newcomer.save()
    assert client.post(path).status_code == 404
