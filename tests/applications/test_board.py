"""The list by stage: the same rows, and the moves that the state machine allows."""

import pytest
from django.urls import reverse

from applications.models import Application
from applications.queries.board import ELSEWHERE, POSTED
from applications.states import Status, machine
from tests.factories.applications import ApplicationFactory, DeclarationFactory, LetterFactory

pytestmark = pytest.mark.django_db


def address(cohort, query="", name="board"):
    return reverse(f"applications:{name}", args=["prairie", cohort.slug]) + query


def cards(page):
    return {
        column.status.value: [one.organization_name for one in column.cards]
        for column in page.context["board"]
        if column.cards
    }


@pytest.fixture
def mixed(in_host, host, cohort):
    for name, status in [
        ("Alder", "submitted"),
        ("Birch", "in_review"),
        ("Cedar", "info_asked"),
        ("Dogwood", "decided"),
        ("Elm", "released"),
        ("Fir", "draft"),
        ("Ginkgo", "submitted"),
    ]:
        ApplicationFactory(host=host, cohort=cohort, organization_name=name, status=status)


def test_each_stands_in_the_column_of_its_state(mixed, cohort, coordinator, sign_in, now):
    staff = sign_in(coordinator)
    assert cards(staff.get(address(cohort, "?sort=organization"))) == {
        "submitted": ["Alder", "Ginkgo"],
        "info_asked": ["Cedar"],
        "in_review": ["Birch"],
        "decided": ["Dogwood"],
        "released": ["Elm"],
    }
    assert cards(staff.get(address(cohort, "?q=alder"))) == {"submitted": ["Alder"]}


@pytest.mark.parametrize("status", ["submitted", "info_asked", "in_review", "decided", "released"])
def test_a_card_offers_what_the_machine_allows(
    in_host, host, cohort, coordinator, sign_in, status, now
):
    one = ApplicationFactory(host=host, cohort=cohort, status=status)
    [card] = [
        one
        for column in sign_in(coordinator).get(address(cohort)).context["board"]
        for one in column.cards
    ]
    allowed = {
        verb
        for verb in (*POSTED, *ELSEWHERE, "release")
        if machine.allows(verb, one.status) and machine.target(verb, one.status) != one.status
    }
    assert {move["verb"] for move in card.moves} == allowed
    assert {move["to"] for move in card.moves} == {
        Status(machine.target(verb, one.status)).label for verb in allowed
    }


def test_a_card_is_moved_without_dragging(mixed, cohort, coordinator, sign_in, now):
    staff = sign_in(coordinator)
    alder = Application.objects.get(organization_name="Alder")
    bulk = address(cohort, "?sort=organization", "bulk")
    form = {"from_board": "1", "move": f"begin_review {alder.reference}"}
    moved = staff.post(bulk, form)
    assert moved["Location"] == address(cohort, "?view=all&sort=organization")
    board = staff.get(moved["Location"])
    assert cards(board)["in_review"] == ["Alder", "Birch"]
    refused = staff.post(bulk, form, follow=True)
    assert "Alder: Not possible while it is: In review" in refused.content.decode()
    assert cards(refused)["in_review"] == ["Alder", "Birch"]


def test_a_full_column_leads_to_the_list(in_host, host, cohort, coordinator, sign_in, now):
    ApplicationFactory.create_batch(22, host=host, cohort=cohort, status="submitted")
    staff = sign_in(coordinator)
    page = staff.get(address(cohort))
    [column] = [one for one in page.context["board"] if one.cards]
    assert (column.number, len(column.cards), column.more) == (22, 20, 2)
    assert b"2 more in the list" in page.content
    listed = staff.get(column.all_url)
    assert listed.context["page"].paginator.count == 22


def test_a_conflict_and_a_missing_role_leave_no_card(
    mixed, host, cohort, coordinator, reviewer, sign_in, now
):
    hidden = Application.objects.get(organization_name="Birch")
    DeclarationFactory(host=host, application=hidden, person=coordinator, stance="conflict")
    page = sign_in(coordinator).get(address(cohort))
    assert "in_review" not in cards(page)
    assert b"Birch" not in page.content
    assert cards(sign_in(reviewer).get(address(cohort))) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_board_costs_the_same_for_any_length(  # P9
    in_host, host, cohort, coordinator, sign_in, rows, django_assert_num_queries, now
):
    for one in ApplicationFactory.create_batch(rows, host=host, cohort=cohort, status="submitted"):
        LetterFactory(host=host, application=one)
    staff = sign_in(coordinator)
    with django_assert_num_queries(6 + 3):
        staff.get(address(cohort))
