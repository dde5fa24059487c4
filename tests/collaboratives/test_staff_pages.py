"""Lists of staff: who may open them, what they cost, what they never show."""

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from tenancy import audit
from tenancy.active import open_host
from tests.factories import MembershipFactory
from tests.factories.collaboratives import (
    CohortFactory,
    OrganizationFactory,
    TeamFactory,
    TeamMemberFactory,
)

pytestmark = pytest.mark.django_db
WALL = ("SAVEPOINT", "RELEASE", "SELECT set_config")


def url(host, name, *args):
    return reverse(f"collaboratives:{name}", args=[host.slug, *args])


def cost(client, page, capture) -> tuple[int, str]:
    with capture(30) as captured:
        answer = client.get(page)
    assert answer.status_code == 200
    sql = [q["sql"] for q in captured.captured_queries]
    assert len([s for s in sql if not s.startswith(WALL)]) == len(
        {s for s in sql if not s.startswith(WALL)}
    ), "a statement twice in a request"
    return len([s for s in sql if not s.startswith(WALL)]), answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_staff_home_costs_the_same(rows, host, coordinator, sign_in, django_assert_max_num_queries):
    CohortFactory.create_batch(rows, host=host)
    # login session, user, host, membership, cohorts
    queries, page = cost(
        sign_in(coordinator), url(host, "staff_home"), django_assert_max_num_queries
    )
    assert (queries, page.count('id="cohort-')) == (5, rows)


@pytest.mark.parametrize("rows", [1, 3])
def test_teams_cost_the_same(
    rows, host, cohort, coordinator, sign_in, django_assert_max_num_queries
):
    for _ in range(rows):
        team = TeamFactory(host=host, cohort=cohort)
        TeamMemberFactory.create_batch(rows, host=host, team=team)
    # login session, user, host, membership, cohort, teams, people
    queries, page = cost(
        sign_in(coordinator), url(host, "teams", cohort.slug), django_assert_max_num_queries
    )
    assert (queries, page.count('id="team-')) == (7, rows)


@pytest.mark.parametrize("rows", [1, 3])
def test_organizations_cost_the_same(
    rows, host, coordinator, sign_in, django_assert_max_num_queries
):
    OrganizationFactory.create_batch(rows, host=host)
    # login session, user, host, membership, count, organizations, those alike
    queries, page = cost(
        sign_in(coordinator), url(host, "organizations"), django_assert_max_num_queries
    )
    assert (queries, page.count('id="organization-')) == (7, rows)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_activity_log_costs_the_same(
    rows, host, team, coordinator, sign_in, django_assert_max_num_queries
):
    with open_host(host.pk):
        for _ in range(rows):
            audit.record("renamed", team, by=coordinator, before={"name": "A"}, after={"name": "B"})
    # login session, user, host, membership, count, events
    queries, page = cost(sign_in(coordinator), url(host, "activity"), django_assert_max_num_queries)
    assert (queries, page.count('id="event-')) == (6, rows)
    assert "name: A became B" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_board_costs_the_same(
    rows, host, cohort, coordinator, sign_in, django_assert_max_num_queries
):
    TeamFactory.create_batch(rows, host=host, cohort=cohort)
    # login session, user, host, membership, cohort, seats taken
    queries, page = cost(
        sign_in(coordinator), url(host, "cohort_board", cohort.slug), django_assert_max_num_queries
    )
    assert queries == 6
    for room in ("applications", "program_sessions", "reporting", "charters"):
        assert reverse(f"{room}:board_numbers", args=[host.slug, cohort.slug]) in page


def test_the_home_says_what_needs_attention(host, coordinator, sign_in):
    CohortFactory(host=host, published_at=None, opens_at=None, closes_at=None)
    with time_machine.travel("2026-11-30T12:00:00Z", tick=False):
        CohortFactory(host=host)
        page = sign_in(coordinator).get(url(host, "staff_home")).content.decode()
    for words in ("Not public yet", "No application dates", "Closes in 4 days"):
        assert words in page


def test_an_empty_house_says_how_to_begin(host, coordinator, sign_in):
    page = sign_in(coordinator).get(url(host, "staff_home")).content.decode()
    assert "No cohorts yet" in page
    assert url(host, "blueprints") in page


PAGES = {
    "staff_home": {Role.OWNER, Role.COORDINATOR, Role.REVIEWER, Role.COACH, Role.ANALYST},
    "cohort_board": {Role.OWNER, Role.COORDINATOR, Role.COACH, Role.ANALYST},
    "teams": {Role.OWNER, Role.COORDINATOR, Role.COACH, Role.ANALYST},
    "organizations": {Role.OWNER, Role.COORDINATOR, Role.COACH, Role.ANALYST},
    "activity": {Role.OWNER, Role.COORDINATOR},
    "blueprints": {Role.OWNER, Role.COORDINATOR},
    "setup": {Role.OWNER, Role.COORDINATOR},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", PAGES)
def test_each_role_opens_its_own_pages(name, role, host, cohort, sign_in):
    args = [cohort.slug] if name in ("cohort_board", "teams", "setup") else []
    client = sign_in(MembershipFactory(host=host, roles=[role]).user)
    expected = 200 if role in PAGES[name] else 403
    assert client.get(url(host, name, *args)).status_code == expected


@pytest.mark.parametrize("name", PAGES)
def test_for_everybody_else_staff_pages_do_not_exist(
    name, host, cohort, stranger, applicant, sign_in, client
):
    args = [cohort.slug] if name in ("cohort_board", "teams", "setup") else []
    page = url(host, name, *args)
    assert client.get(page).status_code == 302
    assert sign_in(stranger).get(page).status_code == 404
    assert sign_in(applicant).get(page).status_code == 404


def test_a_password_alone_opens_no_staff_page(host, coordinator, sign_in):
    answer = sign_in(coordinator, second_factor=False).get(url(host, "staff_home"))
    assert (answer.status_code, answer.url) == (302, reverse("accounts:second_factor"))


def test_a_coach_sees_the_teams_given_to_them(host, cohort, coach, sign_in):
    TeamFactory(host=host, cohort=cohort, name="Mine", coach=coach)
    TeamFactory(host=host, cohort=cohort, name="CANARY")
    page = sign_in(coach).get(url(host, "teams", cohort.slug)).content.decode()
    assert "Mine" in page
    assert "CANARY" not in page


def test_the_directory_is_searched_by_name_and_place(host, coordinator, sign_in):
    OrganizationFactory(host=host, name="Mercy Fields", city="Quincy")
    OrganizationFactory(host=host, name="Northgate Clinics", city="Rockford", state="IA")
    client = sign_in(coordinator)
    for words, found in (("quincy", "Mercy Fields"), ("north IA", "Northgate Clinics")):
        page = client.get(url(host, "organizations"), {"q": words}).content.decode()
        assert [name for name in ("Mercy Fields", "Northgate Clinics") if name in page] == [found]
    assert (
        "No organization matches"
        in client.get(url(host, "organizations"), {"q": "zzz"}).content.decode()
    )


def test_an_organization_shows_its_teams_and_history(host, team, coordinator, sign_in):
    with open_host(host.pk):
        audit.record("renamed", team.organization, by=coordinator, after={"name": "Riverbend"})
    page = sign_in(coordinator).get(url(host, "organization", team.organization_id))
    assert team.name in page.content.decode()
    assert "renamed" in page.content.decode()


def test_another_hosts_rows_are_on_no_page(host, other_host, coordinator, sign_in):
    cohort = CohortFactory(host=other_host, name="CANARY", slug="theirs")
    theirs = TeamFactory(host=other_host, cohort=cohort, name="CANARY", organization__name="CANARY")
    with open_host(other_host.pk):
        audit.record("CANARY", theirs, by="Somebody")
    client = sign_in(coordinator)
    for page in (
        url(host, "staff_home"),
        url(host, "organizations"),
        url(host, "activity"),
        url(host, "organization", theirs.organization_id),
        url(host, "cohort_board", "theirs"),
        url(host, "team_home", theirs.slug),
    ):
        assert b"CANARY" not in client.get(page).content


@pytest.mark.parametrize("who", ["coordinator", "lead", "applicant"])
def test_me_leads_to_ones_own_place(who, host, team, coordinator, applicant, sign_in):
    if who == "lead":
        TeamMemberFactory(host=host, team=team, user=applicant)
    person = coordinator if who == "coordinator" else applicant
    places = {
        "coordinator": url(host, "staff_home"),
        "lead": url(host, "team_home", team.slug),
        "applicant": reverse("applications:mine", args=[host.slug]),
    }
    assert sign_in(person).get(url(host, "mine")).url == places[who]


def test_me_lists_teams_of_who_has_several(host, cohort, applicant, sign_in):
    for name in ("One", "Two"):
        TeamMemberFactory(
            host=host, team=TeamFactory(host=host, cohort=cohort, name=name), user=applicant
        )
    page = sign_in(applicant).get(url(host, "mine")).content.decode()
    assert "One" in page
    assert "Two" in page
