"""Staff write to the applicants they chose, and see first how each gets it."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from applications import actions
from messaging.models import OutboundMessage
from messaging.queries import shown
from tenancy.models import AuditEvent
from tests.applications.conftest import NOW
from tests.factories import UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    ApplicationPersonFactory,
    OpenCohortFactory,
)

pytestmark = pytest.mark.django_db

TEXT = "Dear {name}, please send the letter of {organization} ({reference}). {Unknown} <b>"


@pytest.fixture
def three(in_host, host, cohort):
    return [
        ApplicationFactory(
            host=host,
            cohort=cohort,
            status=status,
            organization_name=name,
            lead=UserFactory(name=lead),
        )
        for name, lead, status in [
            ("Amber Valley", "Ann Lee", "submitted"),
            ("Birch Hill", "Bo Kim", "in_review"),
            ("Cedar Lake", "Cy Roe", "draft"),
        ]
    ]


def url(cohort):
    return reverse("applications:write", args=["prairie", cohort.slug])


def data(applications, **more):
    picks = [one.reference for one in applications]
    words = {"subject": "Action needed: a letter", "text": TEXT}
    return {"pick": picks, "key": str(uuid4()), **words, **more}


def mails():
    return sorted((mail.to, mail.subject) for mail in OutboundMessage.objects.all())


def test_each_sees_their_own_names(three, cohort, coordinator, sign_in, now):  # S3-26
    staff = sign_in(coordinator)
    page = staff.post(url(cohort), data(three, preview="preview")).content.decode()
    assert "Dear Ann Lee, please send the letter of Amber Valley" in page
    assert "Dear Cy Roe, please send the letter of Cedar Lake" in page
    assert "{Unknown} &lt;b&gt;" in page
    assert mails() == []


def test_the_mail_goes_to_the_editors_once(three, host, cohort, coordinator, sign_in, now):
    editor = ApplicationPersonFactory(host=host, application=three[0]).user
    ApplicationPersonFactory(host=host, application=three[0], role="viewer")
    staff, sent = sign_in(coordinator), data(three[:2], send="send")
    for _ in range(2):
        staff.post(url(cohort), sent)
    people = [three[0].lead, editor, three[1].lead]
    assert mails() == sorted((one.email, "Action needed: a letter") for one in people)
    mail = OutboundMessage.objects.get(to=three[1].lead.email)
    assert f"the letter of Birch Hill ({three[1].reference})" in shown(mail).text
    assert [event.verb for event in AuditEvent.objects.about(three[0])] == ["wrote to"]


def test_one_comes_to_the_writer_first(three, cohort, coordinator, sign_in, now):
    page = sign_in(coordinator).post(url(cohort), data(three, test="test"))
    assert b"We sent one to you." in page.content
    assert b"Dear Ann Lee" in page.content
    assert [to for to, _subject in mails()] == [coordinator.email]


def test_it_can_be_sent_later(three, cohort, coordinator, sign_in, now):
    staff = sign_in(coordinator)
    half = staff.post(url(cohort), data(three, send="send", day="2026-11-30"))
    assert half.status_code == 422
    assert b"both the day and the time" in half.content
    past = staff.post(url(cohort), data(three, send="send", day="2026-11-20", time="09:00"))
    assert past.status_code == 422
    assert TEXT[:30].encode() in past.content  # what was typed stays
    staff.post(url(cohort), data(three[:1], send="send", day="2026-11-30", time="09:00"))
    assert OutboundMessage.objects.get().not_before == datetime(2026, 11, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize("role", ["reviewer", "analyst", "coach"])
def test_only_who_may_send_messages(three, cohort, sign_in, request, now, role):
    person = sign_in(request.getfixturevalue(role))
    assert person.post(url(cohort), data(three, send="send")).status_code == 403


def test_only_those_of_this_cohort(three, host, cohort, coordinator, sign_in, now):
    elsewhere = OpenCohortFactory(host=host)
    foreign = ApplicationFactory(host=host, cohort=elsewhere, status="submitted")
    sign_in(coordinator).post(url(cohort), data([foreign], send="send"))
    assert mails() == []


def test_without_anybody_ticked_it_says_so(three, cohort, coordinator, sign_in, now):
    page = sign_in(coordinator).get(url(cohort), follow=True)
    assert b"Select the applications to write to first." in page.content


def test_a_moment_that_has_passed_is_refused(three, coordinator):
    with pytest.raises(actions.Refused):
        actions.write_to(
            applications=three, subject="S", text="T", key=uuid4(), at=NOW, by=coordinator, now=NOW
        )


def test_every_mail_is_on_the_applications_page(three, cohort, coordinator, reviewer, sign_in, now):
    staff = sign_in(coordinator)
    staff.post(url(cohort), data(three[:1], send="send"))
    actions.assign(application=three[0], reviewer=reviewer, by=coordinator, now=now)
    actions.declare(application=three[0], stance="clear", by=reviewer, now=now)
    log = reverse("applications:log", args=["prairie", cohort.slug, three[0].reference])
    assert b"Action needed: a letter" in staff.get(log).content
    assert b"Action needed: a letter" not in sign_in(reviewer).get(log).content
