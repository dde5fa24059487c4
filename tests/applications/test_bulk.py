"""One act on many applications, with a result for each."""

import pytest
from django.urls import reverse

from applications import actions
from applications.models import Application, Assignment
from messaging.models import OutboundMessage
from tenancy.models import AuditEvent
from tests.factories.applications import (
    ApplicationFactory,
    AssignmentFactory,
    DeclarationFactory,
    OpenCohortFactory,
)
from tests.factories.collaboratives import blueprint_content

pytestmark = pytest.mark.django_db


def make(host, cohort, **names):
    return {
        name: ApplicationFactory(
            host=host, cohort=cohort, status=status, organization_name=name
        ).reference
        for name, status in names.items()
    }


def bulk(cohort, query=""):
    return reverse("applications:bulk", args=["prairie", cohort.slug]) + query


def results(page):
    return {one.application.organization_name: one.refused for one in page.context["results"]}


def test_each_has_its_result_and_one_keeps_no_other_back(
    in_host, host, cohort, coordinator, sign_in, now
):
    refs = make(host, cohort, Alder="submitted", Birch="decided", Cedar="submitted")
    staff = sign_in(coordinator)
    page = staff.post(
        bulk(cohort, "?view=to_decide"), {"act": "begin_review", "pick": list(refs.values())}
    )
    assert results(page) == {
        "Alder": "",
        "Birch": "Not possible while it is: Decided, not released",
        "Cedar": "",
    }
    assert "2 of 3 done." in page.content.decode()
    assert page.context["back"].endswith("/applications/?view=to_decide&sort=-submitted")
    states = dict(Application.objects.values_list("organization_name", "status"))
    assert states == {"Alder": "in_review", "Birch": "decided", "Cedar": "in_review"}
    event = AuditEvent.objects.get(verb="begin_review_for_many")
    assert event.object_id == str(cohort.pk)
    assert event.after == {"done": 2, "refused": 1}


def test_of_one_alone_the_list_tells(in_host, host, cohort, coordinator, sign_in, now):
    refs = make(host, cohort, Alder="submitted", Birch="released")
    staff = sign_in(coordinator)
    done = staff.post(bulk(cohort), {"act": "begin_review", "pick": refs["Alder"]}, follow=True)
    assert "Done: Alder." in done.content.decode()
    no = staff.post(bulk(cohort), {"act": "begin_review", "pick": refs["Birch"]}, follow=True)
    assert "Birch: Not possible while it is: Released" in no.content.decode()
    none = staff.post(bulk(cohort), {"act": "begin_review"}, follow=True)
    assert "Select the applications first." in none.content.decode()
    assert staff.post(bulk(cohort), {"act": "delete", "pick": refs["Alder"]}).status_code == 404


def test_drafts_are_reminded_once_a_day(in_host, host, cohort, coordinator, sign_in, now):
    refs = make(host, cohort, Alder="draft", Birch="draft", Cedar="submitted")
    staff = sign_in(coordinator)
    first = staff.post(bulk(cohort), {"act": "remind", "pick": [refs["Alder"], refs["Cedar"]]})
    assert results(first) == {"Alder": "", "Cedar": "It is not a draft any more."}
    again = staff.post(bulk(cohort), {"act": "remind", "pick": [refs["Alder"], refs["Birch"]]})
    assert results(again) == {"Alder": "It was reminded today.", "Birch": ""}
    mails = OutboundMessage.objects.filter(template="applications/draft_reminder")
    assert mails.count() == 2


def test_what_cannot_be_sent_any_more_is_not_reminded(
    in_host, host, closed_cohort, coordinator, sign_in, now
):
    refs = make(host, closed_cohort, Alder="draft", Birch="draft")
    page = sign_in(coordinator).post(
        bulk(closed_cohort), {"act": "remind", "pick": list(refs.values())}
    )
    assert set(results(page).values()) == {"It can't be sent in now, so a reminder is no help."}
    assert not OutboundMessage.objects.exists()


@pytest.fixture
def closed_cohort(in_host, host, now):
    return OpenCohortFactory(host=host, closes_at=now)


def test_a_decision_is_taken_back_for_many(in_host, host, cohort, coordinator, sign_in, now):
    refs = make(host, cohort, Alder="decided", Birch="decided")
    page = sign_in(coordinator).post(
        bulk(cohort), {"act": "undo_decision", "pick": list(refs.values())}
    )
    assert results(page) == {"Alder": "", "Birch": ""}


def test_another_cohorts_application_is_not_touched(
    in_host, host, cohort, coordinator, reviewer, sign_in, now
):
    other = OpenCohortFactory(host=host)
    refs = make(host, other, Alder="submitted")
    sign_in(coordinator).post(bulk(cohort), {"act": "begin_review", "pick": refs["Alder"]})
    assert Application.objects.get().status == "submitted"
    page = sign_in(reviewer).post(bulk(other), {"act": "begin_review", "pick": refs["Alder"]})
    assert page.status_code == 403


# --- readers and decisions ------------------------------------------------------------------------


def many(cohort, name):
    return reverse(f"applications:{name}_many", args=["prairie", cohort.slug])


def test_many_are_given_to_a_reader_with_one_mail(
    in_host, host, cohort, coordinator, reviewer, sign_in, now
):
    refs = make(
        host,
        cohort,
        Alder="submitted",
        Birch="decided",
        Cedar="submitted",
        Dogwood="in_review",
        Elm="submitted",
    )
    by_name = {one.organization_name: one for one in Application.objects.all()}
    DeclarationFactory(
        host=host, application=by_name["Cedar"], person=reviewer, stance="conflict", reason="x"
    )
    AssignmentFactory(host=host, application=by_name["Dogwood"], reviewer=reviewer)
    staff, picks = sign_in(coordinator), {"pick": list(refs.values())}
    page = staff.post(many(cohort, "assign"), picks)
    assert page.status_code == 200
    assert b"Alder" in page.content
    assert staff.post(many(cohort, "assign"), {**picks, "give": "give"}).status_code == 422
    done = staff.post(many(cohort, "assign"), {**picks, "give": "give", "reader": reviewer.pk})
    assert results(done) == {
        "Alder": "",
        "Birch": "Not possible while it is: Decided, not released",
        "Cedar": f"{reviewer.name} has a conflict of interest.",
        "Dogwood": f"{reviewer.name} has it already.",
        "Elm": "",
    }
    given = Assignment.objects.filter(reviewer=reviewer).order_by("application__organization_name")
    assert [one.application.organization_name for one in given] == ["Alder", "Dogwood", "Elm"]
    mail = OutboundMessage.objects.get()
    assert (mail.to, mail.template) == (reviewer.email, "applications/reviews_assigned")


def test_one_decision_for_many_by_the_rules_of_one(
    in_host, host, cohort, coordinator, sign_in, now
):
    """What was decided keeps its own feedback; nobody hears of it. D: decide quietly."""
    refs = make(host, cohort, Alder="submitted", Birch="decided", Cedar="released", Elm="draft")
    Application.objects.filter(organization_name="Birch").update(feedback="Its own words.")
    staff, data = sign_in(coordinator), {"pick": list(refs.values()), "outcome": "decline"}
    assert b"Record a decision" in staff.post(many(cohort, "decide"), data).content
    assert Application.objects.get(organization_name="Alder").status == "submitted"
    no_word = staff.post(many(cohort, "decide"), {**data, "record": "record"})
    assert no_word.status_code == 422
    done = staff.post(
        many(cohort, "decide"), {**data, "record": "record", "feedback": "Name who leads it."}
    )
    assert results(done) == {
        "Alder": "",
        "Birch": "It has a decision: Admit. Take it back first.",
        "Cedar": "Not possible while it is: Released",
        "Elm": "Not possible while it is: Draft",
    }
    told = dict(Application.objects.values_list("organization_name", "feedback"))
    assert told == {
        "Alder": "Name who leads it.",
        "Birch": "Its own words.",
        "Cedar": "",
        "Elm": "",
    }
    assert not OutboundMessage.objects.exists()
    assert AuditEvent.objects.get(verb="decide_for_many").after == {"done": 1, "refused": 3}


def test_a_colleague_who_was_faster_is_not_overruled(
    in_host, host, cohort, coordinator, sign_in, now
):
    """Whatever the list showed: each is judged as it stands when its turn comes."""
    make(host, cohort, Alder="submitted")
    shown = list(Application.objects.all())
    given = {"outcome": "decline", "by": coordinator, "now": now}
    actions.decide(application=shown[0], feedback="Their own words.", **given)
    done = actions.decide_each(cohort=cohort, applications=shown, feedback="For all.", **given)
    assert [one.refused for one in done] == [
        "It has a decision: Decline with feedback. Take it back first."
    ]
    assert Application.objects.get().feedback == "Their own words."


def test_a_program_without_a_bare_no_gives_none_to_many(
    in_host, host, coordinator, sign_in, now
):  # S4-35
    """Neither by the page's choices, nor by what is posted past them, nor by the action."""
    cohort = OpenCohortFactory(host=host, program__content=blueprint_content("action-community"))
    refs = make(host, cohort, Alder="submitted", Birch="submitted")
    staff, data = sign_in(coordinator), {"pick": list(refs.values())}
    page = staff.post(many(cohort, "decide"), data).content.decode()
    assert 'value="offer_other"' in page
    assert 'value="decline"' not in page
    sent = {**data, "record": "record", "outcome": "decline", "feedback": "No."}
    assert staff.post(many(cohort, "decide"), sent).status_code == 422
    past = actions.decide_each(
        cohort=cohort,
        applications=Application.objects.order_by("pk"),
        outcome="decline",
        feedback="No.",
        by=coordinator,
        now=now,
    )
    assert {one.refused for one in past} == {"This program does not give this answer."}
    assert set(Application.objects.values_list("status", "outcome")) == {("submitted", "")}


def test_who_is_to_read_one_says_first_if_they_may(
    in_host, host, cohort, coordinator, sign_in, now
):
    refs = make(host, cohort, Alder="submitted", Birch="submitted")
    alder = Application.objects.get(organization_name="Alder")
    AssignmentFactory(host=host, application=alder, reviewer=coordinator)
    data = {"pick": list(refs.values()), "record": "record", "outcome": "admit"}
    page = sign_in(coordinator).post(many(cohort, "decide"), data)
    assert results(page) == {
        "Alder": "Open it first and say if you have a conflict of interest.",
        "Birch": "",
    }


def test_many_pass_over_what_is_hidden_and_who_may_not(
    in_host, host, cohort, coordinator, reviewer, sign_in, now
):
    refs = make(host, cohort, Alder="submitted", Birch="submitted", Cedar="submitted")
    alder = Application.objects.get(organization_name="Alder")
    DeclarationFactory(
        host=host, application=alder, person=coordinator, stance="conflict", reason="x"
    )
    picks = {"pick": list(refs.values())}
    staff = sign_in(coordinator)
    done = staff.post(many(cohort, "decide"), {**picks, "record": "record", "outcome": "admit"})
    assert set(results(done)) == {"Birch", "Cedar"}
    alone = {"pick": refs["Alder"], "give": "give", "reader": reviewer.pk}
    said = staff.post(many(cohort, "assign"), alone, follow=True)
    assert b"Select the applications first." in said.content
    assert Application.objects.get(pk=alder.pk).status == "submitted"
    assert not Assignment.objects.exists()
    for name in ("assign", "decide"):
        assert sign_in(reviewer).post(many(cohort, name), picks).status_code == 403
