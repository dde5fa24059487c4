"""One act on many applications, with a result for each."""

import pytest
from django.urls import reverse

from applications.models import Application
from messaging.models import OutboundMessage
from tenancy.models import AuditEvent
from tests.factories.applications import ApplicationFactory, OpenCohortFactory

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
