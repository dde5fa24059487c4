"""The staff's list: what it costs, finds and counts."""

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import actions
from applications.actions.reviewing import Given
from applications.models import Application, Tie
from applications.queries.listing import SORTS, ListQuery, _found, listed
from applications.queries.places import LISTS
from applications.queries.staff import cohort_of_list, numbers_of
from tenancy.active import open_host
from tests.factories import MembershipFactory
from tests.factories.applications import (
    ApplicationFactory,
    AssignmentFactory,
    DeclarationFactory,
    LetterFactory,
    OpenCohortFactory,
)
from tests.factories.collaboratives import OrganizationFactory, TeamFactory

pytestmark = pytest.mark.django_db


def address(cohort, query=""):
    return reverse("applications:list", args=["prairie", cohort.slug]) + query


def shown(page):
    return [one.organization_name for one in page.context["page"].object_list]


@pytest.mark.parametrize("query", ["", "?view=missing", "?q=hospital&state=IL&sort=organization"])
@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_length(  # P9
    host, cohort, coordinator, sign_in, rows, query, django_assert_num_queries, now
):
    for one in ApplicationFactory.create_batch(rows, host=host, cohort=cohort, status="submitted"):
        LetterFactory(host=host, application=one)
    staff = sign_in(coordinator)
    # host, login session, person, membership, cohort with all its counts, rows with their number;
    # and four statements that open and close the host
    with django_assert_num_queries(6 + 4):
        page = staff.get(address(cohort, query))
    assert page.content.count(b'id="application-') == rows
    assert page.context["page"].paginator.count == rows


def test_the_mean_of_the_readers_stands_in_a_column_of_ones_choice(
    in_host, host, cohort, coordinator, sign_in, now, django_assert_num_queries
):
    """Who may not see others' scores sees their own alone; tests/applications/test_reviews.py."""
    for name, values in ("Alder", (2, 4)), ("Birch", (3,)), ("Cedar", ()):
        one = ApplicationFactory(
            host=host, cohort=cohort, status="in_review", organization_name=name
        )
        for value in values:
            reader = MembershipFactory(host=host, roles=["reviewer"]).user
            AssignmentFactory(host=host, application=one, reviewer=reader)
            DeclarationFactory(host=host, application=one, person=reader)
            rubric = cohort.program.blueprint.reviewing.rubric
            given = {scored.code: Given(value) for scored in rubric}
            actions.save_review(application=one, given=given, by=reader, now=now)
    staff = sign_in(coordinator)
    heads = staff.get(address(cohort)).context["heads"]
    assert "scores" not in [head["name"] for head in heads]
    with django_assert_num_queries(6 + 4 + 4):
        page = staff.get(address(cohort, "?columns=scores&sort=organization"))
    cells = [row.cells[0] for row in page.context["page"].rows]
    assert [cell["text"] for cell in cells] == ["3.0", "3.0", ""]
    assert [bool(cell["flags"]) for cell in cells] == [True, False, False]
    assert 'aria-label="2.0; 4.0, on a scale to 5"' in page.content.decode()


@pytest.fixture
def mixed(in_host, host, cohort):
    def make(name, status, **fields):
        return ApplicationFactory(
            host=host, cohort=cohort, organization_name=name, status=status, **fields
        )

    for name, status in [
        ("Alder", "submitted"),
        ("Birch", "in_review"),
        ("Cedar", "info_asked"),
        ("Dogwood", "decided"),
        ("Elm", "released"),
        ("Fir", "offer_accepted"),
        ("Ginkgo", "draft"),
        ("Hazel", "withdrawn"),
    ]:
        make(name, status)
    LetterFactory(host=host, application=cohort.applications.get(organization_name="Alder"))
    LetterFactory(
        host=host,
        application=cohort.applications.get(organization_name="Birch"),
        required=False,
    )


@pytest.mark.parametrize(
    ("view", "names"),
    [
        ("all", {"Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir"}),
        ("to_decide", {"Alder", "Birch", "Cedar"}),
        ("missing", {"Alder"}),
        ("to_release", {"Dogwood"}),
        ("decided", {"Elm", "Fir"}),
        ("drafts", {"Ginkgo"}),
    ],
)
def test_each_tab_counts_what_it_lists(mixed, cohort, coordinator, sign_in, view, names, now):
    page = sign_in(coordinator).get(address(cohort, f"?view={view}"))
    assert set(shown(page)) == names
    assert page.context["numbers"][view] == len(names)


def test_search_state_and_sort_narrow_the_list(in_host, host, cohort, coordinator, sign_in, now):
    for name, state in [("Northgate Clinic", "IL"), ("Southgate Clinic", "IA"), ("Mercy", "IL")]:
        ApplicationFactory(
            host=host,
            cohort=cohort,
            status="submitted",
            organization_name=name,
            organization=OrganizationFactory(host=host, name=name, state=state),
        )
    staff = sign_in(coordinator)
    assert shown(staff.get(address(cohort, "?q=gate&sort=organization"))) == [
        "Northgate Clinic",
        "Southgate Clinic",
    ]
    assert shown(staff.get(address(cohort, "?q=gate&state=ia"))) == ["Southgate Clinic"]
    assert shown(staff.get(address(cohort, "?sort=-organization")))[0] == "Southgate Clinic"
    empty = staff.get(address(cohort, "?q=nothing"))
    assert b"No applications match" in empty.content


def test_odd_addresses_show_the_default_or_nothing(host, cohort, coordinator, sign_in, now):
    staff = sign_in(coordinator)
    ok = ["?view=x", "?sort=x", "?page=x", "?page=-1", "?page=1"]
    assert {staff.get(address(cohort, query)).status_code for query in ok} == {200}
    assert staff.get(address(cohort, "?page=2")).status_code == 404
    assert staff.get(address(cohort, "?q=%00")).status_code == 400


def test_the_second_page_holds_the_rest(host, cohort, coordinator, sign_in, now):
    ApplicationFactory.create_batch(27, host=host, cohort=cohort, status="submitted")
    staff = sign_in(coordinator)
    assert len(shown(staff.get(address(cohort)))) == 25
    second = staff.get(address(cohort, "?page=2"))
    assert len(shown(second)) == 2
    assert b"26 to 27 of 27" in second.content


def test_seats_are_counted_as_taken_offered_and_pending(  # S2-03
    in_host, host, coordinator, sign_in, now
):
    cohort = OpenCohortFactory(host=host, capacity=50, seats_held=2)
    TeamFactory.create_batch(3, host=host, cohort=cohort)
    ApplicationFactory.create_batch(2, host=host, cohort=cohort, status="released")
    ApplicationFactory(host=host, cohort=cohort, status="decided")
    ApplicationFactory(host=host, cohort=cohort, status="decided", outcome="waitlist")
    capacity = sign_in(coordinator).get(address(cohort)).context["capacity"]
    assert (capacity.seats, capacity.taken, capacity.offered, capacity.pending) == (50, 3, 2, 1)
    assert (capacity.free, capacity.short_by) == (43, 0)


def test_releasing_more_than_there_are_seats_warns(in_host, host, coordinator, sign_in, now):
    cohort = OpenCohortFactory(host=host, capacity=1)
    ApplicationFactory.create_batch(2, host=host, cohort=cohort, status="decided")
    page = sign_in(coordinator).get(address(cohort, "?view=to_release"))
    assert b"offers 1 seat more than there is" in page.content


@pytest.mark.parametrize(
    ("who", "status"), [("coordinator", 200), ("analyst", 200), ("reviewer", 403)]
)
def test_the_boards_numbers(mixed, request, cohort, sign_in, who, status, now):
    staff = sign_in(request.getfixturevalue(who))
    page = staff.get(reverse("applications:board_numbers", args=["prairie", cohort.slug]))
    assert page.status_code == status
    if status == 200:
        assert [one["number"] for one in page.context["facts"]] == [3, 1, 1]
        assert [one["number"] for one in page.context["funnel"]] == [8, 6, 5, 3, 1, 0]
        assert (b"?view=started" in page.content) == (who == "coordinator")


def test_filters_stand_in_the_address_and_can_be_taken_off(mixed, cohort, coordinator, sign_in):
    """D: the address holds the state."""
    staff = sign_in(coordinator)
    page = staff.get(address(cohort, "?stage=in_review&stage=decided&outcome=admit&columns=lead"))
    assert shown(page) == ["Dogwood"]
    labels = [chip["label"] for chip in page.context["chips"]]
    assert labels == ["Stage: In review, Decided, not released", "Decision: Admit"]
    without = page.context["chips"][1]["remove_url"]
    assert without == "?view=all&stage=in_review%2Cdecided&sort=-submitted&columns=lead"
    again = staff.get(address(cohort, without))
    assert set(shown(again)) == {"Birch", "Dogwood"}
    assert [head["name"] for head in again.context["heads"]] == ["lead"]
    assert b'data-label="Stage"' not in again.content


def test_what_is_read_next_keeps_the_list(in_host, host, cohort, coordinator, sign_in, now):
    for name in ["Alder", "Birch", "Cedar", "Dogwood"]:
        status = "decided" if name == "Cedar" else "submitted"
        ApplicationFactory(host=host, cohort=cohort, status=status, organization_name=name)
    staff, ref = (
        sign_in(coordinator),
        dict(cohort.applications.values_list("organization_name", "reference")),
    )
    query = "?view=to_decide&sort=organization"
    page = staff.get(address(cohort, query))
    first = page.context["page"].object_list[0]
    assert first.url.endswith(f"{ref['Alder']}/read/{query}")
    assert page.context["read_next"] == first.url
    read = staff.get(first.url)
    assert (read.context["before"], read.context["after"]) == (None, ref["Birch"])
    middle = staff.get(address(cohort) + f"{ref['Birch']}/read/{query}")
    assert (middle.context["before"], middle.context["after"]) == (ref["Alder"], ref["Dogwood"])
    # decided meanwhile: not in the list any more, and yet the next one is next
    gone = staff.get(address(cohort) + f"{ref['Cedar']}/read/{query}")
    assert (gone.context["before"], gone.context["after"]) == (ref["Birch"], ref["Dogwood"])
    down = staff.get(address(cohort) + f"{ref['Birch']}/read/?view=to_decide&sort=-organization")
    assert (down.context["before"], down.context["after"]) == (ref["Dogwood"], ref["Alder"])
    done = staff.post(address(cohort) + f"{ref['Birch']}/review/{query}")
    assert done["Location"].endswith(f"{ref['Birch']}/read/{query}")


def test_a_reviewer_is_led_only_to_what_is_theirs(
    in_host, host, cohort, coordinator, reviewer, sign_in, now
):
    ours = ApplicationFactory.create_batch(3, host=host, cohort=cohort, status="submitted")
    for one in (ours[0], ours[2]):
        actions.assign(application=one, reviewer=reviewer, by=coordinator, now=now)
        DeclarationFactory(host=host, application=one, person=reviewer)
    read = sign_in(reviewer).get(address(cohort) + f"{ours[0].reference}/read/?sort=organization")
    assert {read.context["before"], read.context["after"]} == {None, ours[2].reference}


def test_every_number_of_the_funnel_opens_its_list(mixed, host, cohort, coordinator, sign_in, now):
    hidden = cohort.applications.get(organization_name="Fir")
    DeclarationFactory(host=host, application=hidden, person=coordinator, stance="conflict")
    TeamFactory.create_batch(2, host=host, cohort=cohort)
    staff = sign_in(coordinator)
    board = staff.get(reverse("applications:board_numbers", args=["prairie", cohort.slug]))
    *steps, joined = board.context["funnel"]
    assert [step["number"] for step in steps] == [7, 5, 4, 2, 0]
    for step in steps:
        page = staff.get(step["url"])
        assert page.context["page"].paginator.count == step["number"]
        assert [one["label"] for one in page.context["views"] if one["current"]] == [step["label"]]
    teams = staff.get(joined["url"])
    assert (joined["number"], teams.status_code) == (2, 200)


# --- prepared: the same rows and numbers as the plain queries, for everybody ----------------------


@pytest.mark.parametrize("who", ["coordinator", "reviewer"])
def test_the_prepared_list_is_the_plain_one(
    mixed, request, in_host, host, cohort, coordinator, who, now
):
    person = request.getfixturevalue(who)
    membership = person.memberships.get()
    names = dict(cohort.applications.values_list("organization_name", "pk"))
    for name in ("Alder", "Birch", "Elm"):
        application = cohort.applications.get(pk=names[name])
        AssignmentFactory(host=host, application=application, reviewer=person)
    hidden = cohort.applications.get(pk=names["Birch"])
    DeclarationFactory(host=host, application=hidden, person=person, stance="conflict")
    visible = Application.objects.visible_to(person, membership)
    shown = set()
    for view, sort in product(LISTS, SORTS):
        wanted = ListQuery(view=view, sort=sort)
        plain = [one.pk for one in listed(cohort, wanted, visible).for_list()]
        prepared = _found(cohort, wanted, person, membership)
        assert [one.pk for one in prepared] == plain
        shown.update(plain)
        numbers = numbers_of(cohort_of_list(cohort.slug, person, membership))
        assert numbers[view] == len(plain)
    assert hidden.pk not in shown
    assert len(shown) == (7 if who == "coordinator" else 2)


def test_no_statement_of_the_list_reads_a_whole_table(  # P10
    host, cohort, coordinator, sign_in, now
):
    """Judged with sequential scans and sorting made dear: the tables of a test fit into a page."""
    ApplicationFactory.create_batch(3, host=host, cohort=cohort, status="submitted")
    staff = sign_in(coordinator)
    with CaptureQueriesContext(connection) as asked:
        staff.get(address(cohort))
    statements = [one["sql"] for one in asked if one["sql"].startswith('SELECT "')]
    assert len(statements) == len(set(statements)) == 6
    with open_host(host.pk), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        plans = []
        for sql in statements:
            cursor.execute(f"EXPLAIN {sql}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    assert [plan for plan in plans if "Seq Scan" in plan] == []
    rows = next(plan for plan in plans if "applications_letter" in plan)
    assert "application_by_last_submitted" in rows
    assert "applications_tie" in rows


def test_ties_are_rows_that_the_database_keeps(in_host, host, cohort):
    one = ApplicationFactory(host=host, cohort=cohort)
    kept = Tie.objects.filter(application=one).order_by("value").values_list("value", flat=True)
    for ties in (["a.example", "b.example"], ["b.example", "c.example"], []):
        Application.objects.filter(pk=one.pk).update(ties=ties)
        assert list(kept.all()) == ties
    Application.objects.filter(pk=one.pk).update(ties=["b.example"], progress=5)
    one.delete()
    assert not Tie.objects.exists()
