"""What readers do with a shared change: ask, name somebody, and begin a test of their own."""

import pytest

from collaboratives.states import SharedWith
from messaging.models import OutboundMessage
from reporting import actions
from reporting.models import ChangeTested, LibraryComment, Mention
from tenancy.models import AuditEvent
from tests.reporting.conftest import NOW
from tests.reporting.test_library import shared_change
from tests.reporting.test_reports import url


def mails():
    return sorted(
        (one.to, one.subject)
        for one in OutboundMessage.objects.filter(template="reporting/comment")
    )


@pytest.fixture
def change(team, applicant):
    return shared_change(team.team, applicant, level="cohort", plan="Call each one.")


def test_a_question_reaches_the_team_and_who_is_named(
    clock, team, change, other, coordinator, sign_in
):
    """S1-34, S3-22: teams learn from each other; no mail quotes a word."""
    client = sign_in(other.user)
    page = client.get(url("item", change.pk))
    assert page.context["named"] == ["Dana Whitfield"]  # its lead; no list of everybody
    text = "Who called, @dana whitfield? And @Marcus Okafor, @Somebody Else?"
    answer = client.post(url("comment", change.pk), {"text": text})
    written = LibraryComment.objects.get()
    assert answer.url == f"{url('item', change.pk)}#comment-{written.pk}"
    client.post(url("comment", change.pk), {"text": text})  # pressed twice
    assert [one.person for one in Mention.objects.all()] == [team.lead.user]
    assert mails() == [
        ("dana@riverbend.example", "Nia Bell mentioned you in the library"),
        ("marcus@riverbend.example", "Nia Bell wrote about a change you tested"),
    ]
    assert next(e.verb for e in AuditEvent.objects.about(change)) == "commented"
    own = sign_in(team.lead.user)
    own.post(url("comment", change.pk), {"text": "A nurse did, @Nia Bell."})
    assert ("nia@lakeside.example", "Dana Whitfield mentioned you in the library") in mails()
    page = own.get(url("item", change.pk)).content.decode()
    assert page.index("Who called") < page.index("A nurse did")


def test_who_reads_it_no_more_hears_nothing(clock, team, change, other, applicant, sign_in):
    """Narrowing works at once, for pages and for mails."""
    sign_in(other.user).post(url("comment", change.pk), {"text": "Who called?"})
    actions.share(item=change, level=SharedWith.TEAM, now=NOW, by=applicant)
    before = mails()
    sign_in(applicant).post(url("comment", change.pk), {"text": "A nurse, @Nia Bell."})
    assert [to for to, _subject in mails() if to not in dict(before)] == []
    assert not Mention.objects.exists()
    client = sign_in(other.user)
    assert client.post(url("comment", change.pk), {"text": "Hello?"}).status_code == 404
    assert client.post(url("adapt", change.pk), {"team": "other"}).status_code == 404
    one = LibraryComment.objects.order_by("pk").first()
    assert client.post(url("remove_comment", change.pk, one.pk)).status_code == 404


def test_who_writes_and_who_removes(clock, team, change, other, applicant, coordinator, sign_in):
    empty = sign_in(other.user).post(url("comment", change.pk), {"text": "  "})
    assert empty.status_code == 422 and "Write something first." in empty.content.decode()
    one = actions.comment(change=change, text="Rude.", now=NOW, by=other.user)
    other.role = "viewer"
    other.save()
    client = sign_in(other.user)
    assert client.post(url("comment", change.pk), {"text": "More."}).status_code == 403
    team.member.role = "viewer"
    team.member.save()
    refused = sign_in(team.member.user).post(url("remove_comment", change.pk, one.pk))
    assert refused.status_code == 403
    sign_in(applicant).post(url("remove_comment", change.pk, one.pk))
    assert "Rude." not in sign_in(applicant).get(url("item", change.pk)).content.decode()
    assert LibraryComment.objects.get().removed_by == applicant
    two = actions.comment(change=change, text="Also rude.", now=NOW, by=applicant)
    assert sign_in(coordinator).post(url("remove_comment", change.pk, two.pk)).status_code == 302


def test_a_test_begun_from_anothers_says_so_for_good(
    clock,
    team,
    change,
    other,
    far,
    applicant,
    sign_in,
):
    """S3-22: "adapted from" keeps its provenance, and tells nobody more than they may read."""
    client = sign_in(other.user)
    answer = client.post(url("adapt", change.pk), {"team": "other"})
    mine = ChangeTested.objects.get(team=other.team)
    assert answer.url == url("change_edit", "other", mine.pk)
    assert (mine.title, mine.plan, mine.act, mine.shared_with) == (
        "Calls after discharge", "Call each one.", "", "",
    )  # fmt: skip
    form = {"title": "Our calls", "started_on": "2026-11-10"}
    client.post(url("change_edit", "other", mine.pk), form)
    assert client.post(url("adapt", change.pk), {"team": "riverbend"}).status_code == 403
    words = "Calls after discharge, Riverbend"
    there = url("item", mine.pk)
    assert "Riverbend" in client.get(there).content.decode()
    assert "Our calls" not in sign_in(applicant).get(url("item", change.pk)).content.decode()
    mine.refresh_from_db()
    actions.share(item=mine, level=SharedWith.NETWORK, now=NOW, by=other.user)
    assert "Our calls" in sign_in(applicant).get(url("item", change.pk)).content.decode()
    outside = sign_in(far.user).get(there).content.decode()  # reads the new one, not the first
    assert "Riverbend" not in outside and "not shared with you" in outside
    actions.remove_change(change=change, by=applicant)
    mine.refresh_from_db()
    assert (mine.adapted_from, mine.adapted_words) == (None, words)
    assert words in sign_in(other.user).get(there).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_an_item_costs_the_same_for_any_number_of_comments(
    clock, change, other, applicant, sign_in, rows, django_assert_num_queries
):
    for number in range(rows):
        text = f"Question {number}, @Dana Whitfield"
        actions.comment(change=change, text=text, now=NOW, by=other.user)
    client = sign_in(applicant)
    with django_assert_num_queries(20):
        page = client.get(url("item", change.pk))
    assert page.content.decode().count('id="comment-') == rows
