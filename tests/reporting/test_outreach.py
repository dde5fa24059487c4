"""What leaves the network: public pages, what was told elsewhere; and calls with staff."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from messaging.models import OutboundMessage
from reporting import actions
from reporting.models import Dissemination, FeedbackCall, PublicPage
from reporting.states import PageState, page_machine
from tenancy.models import AuditEvent
from tests.architecture.cells import plain
from tests.factories import MembershipFactory
from tests.factories.reporting import cohort_with_periods, submitted_report
from tests.reporting.conftest import NOW
from tests.reporting.test_library import shared_change
from tests.reporting.test_reports import url
from workflow.machine import TransitionNotAllowed


def mails(template):
    found = OutboundMessage.objects.filter(template=f"reporting/{template}")
    return sorted((one.to, one.subject) for one in found)


@pytest.fixture
def change(team, measure, third, applicant):
    change = shared_change(
        team.team, applicant, measure=measure, study="Seven in ten were reached."
    )
    submitted_report(team.team, third, applicant, now=NOW)
    return change


def public(change, lead, coordinator):
    page = actions.ask_for_page(change=change, now=NOW, by=lead)
    return actions.allow_page(page=page, now=NOW, by=coordinator)


# --- public pages --------------------------------------------------------------------------------


def test_a_change_is_public_after_two_yeses(
    clock, team, change, other, applicant, coordinator, sign_in
):
    """S1-34: openly and publicly, once the team's lead and the host have both said yes."""
    there, deciding = url("item", change.pk), url("public_page", change.pk)
    outside = Client()
    assert "/accounts/login/" in outside.get(there).url
    for person in [team.member.user, other.user]:
        assert sign_in(person).get(deciding).status_code == 403
    lead = sign_in(applicant)
    assert "Seven in ten" in lead.get(deciding).content.decode()
    assert lead.post(deciding, {"act": "ask"}).status_code == 422  # not read yet
    assert lead.post(deciding, {"act": "allow"}).status_code == 403
    lead.post(deciding, {"act": "ask", "checked": "on"})
    assert lead.post(deciding, {"act": "allow"}).status_code == 403
    assert outside.get(there).status_code == 302
    to = team.team.cohort.program.contact_email or team.team.host.contact_email
    assert mails("page_asked") == [
        (to, "Action needed: Riverbend wants to show a change to everybody")
    ]
    staff = sign_in(coordinator)
    assert "Waiting for your yes" in staff.get(url("library")).content.decode()
    assert "Yes, make it public" in staff.get(deciding).content.decode()
    staff.post(deciding, {"act": "allow"})
    page = outside.get(there)
    text = page.content.decode()
    assert page.status_code == 200 and "Seven in ten were reached." in text
    assert not page.cookies
    table = page.context["shown"].charts.table
    assert table.masked
    assert all(cell.numerator != 7 for group in table.groups for cell in group.cells)
    assert "Calls after discharge" in outside.get(url("library")).content.decode()
    assert mails("page_decided") == [
        ("dana@riverbend.example", "Public now: Calls after discharge")
    ]
    verbs = [event.verb for event in AuditEvent.objects.about(change)]
    assert verbs[:3] == ["allowed_public_page", "asked_for_public_page", "shared_wider"]


def test_the_public_reads_what_both_said_yes_to(clock, change, applicant, coordinator, sign_in):
    public(change, applicant, coordinator)
    form = {"title": "Calls", "started_on": "2026-08-01", "study": "Mrs. Doe was reached."}
    sign_in(applicant).post(url("change_edit", "riverbend", change.pk), form)
    assert "Doe" not in Client().get(url("item", change.pk)).content.decode()
    again = actions.ask_for_page(change=_again(change), now=NOW, by=applicant)
    assert "Seven in ten" in Client().get(url("item", change.pk)).content.decode()
    actions.allow_page(page=again, now=NOW, by=coordinator)
    assert "Doe" in Client().get(url("item", change.pk)).content.decode()


def _again(change):
    return type(change).objects.with_team().get(pk=change.pk)


@pytest.mark.parametrize("how", ["narrower", "lead", "host", "removed"])
def test_either_side_takes_it_back_at_once(
    clock, change, applicant, coordinator, stranger, sign_in, how
):
    """Narrowing is always possible; gone and never there are the same."""
    public(change, applicant, coordinator)
    there, deciding = url("item", change.pk), url("public_page", change.pk)
    assert sign_in(stranger).get(there).status_code == 200
    lead, staff = sign_in(applicant), sign_in(coordinator)
    if how == "narrower":
        lead.post(url("change_sharing", "riverbend", change.pk), {"level": "network"})
    elif how == "lead":
        lead.post(deciding, {"act": "close"})
    elif how == "host":
        assert staff.post(deciding, {"act": "close"}).status_code == 422  # says no reason
        staff.post(deciding, {"act": "close", "reason": "A name is in it."})
        assert ("dana@riverbend.example", "Not public any more: Calls after discharge") in mails(
            "page_decided"
        )
    else:
        lead.post(url("change_remove", "riverbend", change.pk))
    client = sign_in(stranger)
    gone, missing = client.get(there), client.get(url("item", 10**9))
    assert plain(gone, change.pk) == plain(missing, 10**9)
    assert gone.status_code == 404
    visitor = [Client().get(there), Client().get(url("item", 10**9))]
    assert [one.status_code for one in visitor] == [302, 302]
    assert "Nothing is public yet" in Client().get(url("library")).content.decode()


def test_the_host_says_no_with_a_reason(clock, change, applicant, coordinator, sign_in):
    actions.ask_for_page(change=change, now=NOW, by=applicant)
    deciding = url("public_page", change.pk)
    sign_in(coordinator).post(deciding, {"act": "refuse", "reason": "Please wait for our review."})
    page = PublicPage.objects.get()
    assert (page.state, page.reason) == ("refused", "Please wait for our review.")
    assert mails("page_decided") == [
        ("dana@riverbend.example", "Not public: Calls after discharge")
    ]
    assert "Please wait" in sign_in(applicant).get(deciding).content.decode()
    answer = sign_in(coordinator).post(deciding, {"act": "allow"}, follow=True)
    assert "Somebody has decided this already." in answer.content.decode()
    assert not PublicPage.objects.open().exists()


@pytest.mark.parametrize("verb", page_machine.moves)
@pytest.mark.parametrize("state", PageState)
def test_every_move_of_a_page(verb, state):
    sources, target = page_machine.moves[verb]
    if state in sources:
        assert page_machine.target(verb, state) == target
    else:
        with pytest.raises(TransitionNotAllowed):
            page_machine.target(verb, state)


def test_the_database_wants_both_yeses(clock, change, applicant):
    page = actions.ask_for_page(change=change, now=NOW, by=applicant)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicPage.objects.filter(pk=page.pk).update(state="open")


# --- told elsewhere ------------------------------------------------------------------------------

TALK = {
    "kind": "presentation",
    "title": "What calls did for us",
    "told_on": "2026-10-20",
    "link": "https://forum.example/talk",
    "permission": "given",
    "permission_by": "The patient council",
}


def test_where_a_team_told_it_with_type_and_permission(
    clock, team, change, other, applicant, coordinator, stranger, sign_in
):
    """S4-18: a log with type, day, link and permission; readers see what they may."""
    client, where = sign_in(applicant), url("disseminations", "riverbend")
    assert "Nothing noted yet" in client.get(where).content.decode()
    add = url("dissemination_add", "riverbend")
    for bad in [{"permission_by": ""}, {"link": "javascript:alert(1)"}, {"kind": "rumour"}]:
        assert client.post(add, {**TALK, **bad}).status_code == 422
    for permission in ["given", "asked"]:
        given = {
            **TALK,
            "change": change.pk,
            "permission": permission,
            "title": f"It is {permission}",
        }
        assert client.post(add, given).url == where
    page = client.get(where).content.decode()
    for words in ["It is given", "Presentation", "The patient council", "forum.example"]:
        assert words in page
    seen = sign_in(other.user).get(url("item", change.pk)).content.decode()
    assert "It is given" in seen and "It is asked" not in seen
    assert sign_in(other.user).get(where).status_code == 404
    assert sign_in(stranger).get(where).status_code == 404
    assert sign_in(coordinator).get(where).status_code == 200
    assert sign_in(coordinator).get(add).status_code == 403
    one = Dissemination.objects.get(permission="given")
    edit = url("dissemination_edit", "riverbend", one.pk)
    client = sign_in(applicant)
    client.post(edit, {**TALK, "title": "Better"})
    one.refresh_from_db()
    assert (one.title, [e.verb for e in AuditEvent.objects.about(one)]) == (
        "Better", ["changed", "added"],
    )  # fmt: skip
    client.post(edit, {"remove": "1"})
    assert Dissemination.objects.count() == 1


# --- calls with staff ----------------------------------------------------------------------------

CALL = {"held_on": "2026-10-06", "people": "Dana and Renata", "notes": "Fewer forms, please."}


def test_feedback_calls_are_counted_with_notes(
    clock, in_host, team, applicant, other, coordinator, coach, analyst, sign_in
):
    """S1-33: about three calls with the program's staff from each team."""
    cohort = cohort_with_periods(
        in_host, slug="lan", name="LAN", key="learning-and-action-network", code="LAN"
    )
    team.team.cohort = cohort
    team.team.save()
    where, add = url("feedback_calls", "riverbend"), url("feedback_call_add", "riverbend")
    staff = sign_in(coordinator)
    assert "0 of about 3" in staff.get(where).content.decode()
    assert staff.post(add, CALL).url == where
    assert staff.post(add, CALL).status_code == 422  # the same day twice
    own = sign_in(applicant)
    page = own.get(where).content.decode()
    assert "1 of about 3" in page and "Fewer forms, please." in page
    assert own.get(add).status_code == 403
    assert sign_in(other.user).get(where).status_code == 404
    assert sign_in(coach).get(where).status_code == 404  # not their team
    assert sign_in(analyst).post(add, {**CALL, "held_on": "2026-10-07"}).status_code == 403
    board = sign_in(coordinator).get(url("outreach", "lan")).content.decode()
    assert "About 3 calls with each team." in board and "1 of 3" in board
    one = FeedbackCall.objects.get()
    assert [e.verb for e in AuditEvent.objects.about(one)] == ["added"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_cost_the_same_for_any_number(
    clock, team, change, applicant, coordinator, sign_in, rows, django_assert_num_queries
):
    for number in range(rows):
        given = {"held_on": f"2026-10-0{number + 1}", "people": "All", "notes": ""}
        actions.add_piece(FeedbackCall, team=team.team, given=given, by=coordinator)
    client = sign_in(coordinator)
    with django_assert_num_queries(10):
        page = client.get(url("feedback_calls", "riverbend"))
    assert page.content.decode().count('id="call-') == rows


def test_another_hosts_staff_decides_nothing(clock, change, applicant, other_host, sign_in):
    actions.ask_for_page(change=change, now=NOW, by=applicant)
    other = MembershipFactory(host=other_host, roles=["owner"]).user
    assert sign_in(other).post(url("public_page", change.pk), {"act": "allow"}).status_code == 404
