"""Staff enter what came by email; the person behind it is told, and takes it over."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.actions import person_at
from applications import actions
from applications.models import Application, ApplicationPerson, PersonInvitation, Submission
from applications.states import Source
from messaging.models import OutboundMessage
from messaging.sealing import unseal
from tenancy.models import AuditEvent
from tests.applications.test_filled import ALL, boxes_named, cohort, paper
from tests.applications.test_pages import url
from tests.factories.applications import ApplicationFactory

__all__ = ["cohort", "paper"]

pytestmark = pytest.mark.django_db

EMAIL = "lena@clinic.example"


def enter_url(cohort):
    return reverse("applications:enter", args=["prairie", cohort.slug])


def filled_in(now, **more):
    at = now.astimezone().astimezone(more.pop("zone"))
    data = {
        "organization_name": "Riverbend  Clinic",
        "email": EMAIL.upper(),
        "language": "en",
        "emailed_on": f"{at:%Y-%m-%d}",
        "emailed_time": f"{at:%H:%M}",
    }
    return data | more


def entered(cohort, coordinator, now, *, at=None, language="en"):
    return actions.enter_from_email(
        cohort=cohort,
        organization_name="Riverbend Clinic",
        email=EMAIL,
        language=language,
        emailed_at=at or now - timedelta(days=3),
        by=coordinator,
        now=now,
    )


def mails(template):
    return OutboundMessage.objects.filter(template=f"applications/{template}").order_by("pk")


def link_in(mail):
    return re.search(r"/r/join/[\w-]+/", unseal(mail.body).text)[0]


def send_in(application, by, now):
    return actions.submit(
        application=application, signed_name="Lena Tso", signed_title="", by=by, now=now
    )


def test_staff_enter_it_upload_the_form_and_send_it_in(
    in_host, cohort, coordinator, sign_in, paper, now
):  # S3-30, S4-37, S3-29
    staff = sign_in(coordinator)
    board = reverse("applications:list", args=["prairie", cohort.slug])
    assert enter_url(cohort) in staff.get(board).content.decode()
    came = now - timedelta(days=3)
    data = filled_in(came, zone=cohort.zone)
    answer = staff.post(enter_url(cohort), data)
    application = Application.objects.get()
    assert answer["Location"] == url("bring_filled", application)
    assert (application.source, application.lead) == (Source.EMAIL, coordinator)
    assert application.organization_name == "Riverbend Clinic"
    assert application.emailed_at == came
    page = staff.post(answer["Location"], {"file": paper(boxes_named(ALL))}, follow=True)
    there = page.redirect_chain[-1][0]
    revision = {"_rev.organization_name": 0}
    codes = ["organization_name", "kind", "beds", "city", "why", "roles", "promise"]
    staff.post(there, {"take": codes, **revision})
    application = send_in(application, coordinator, now)
    assert application.received_at == came  # the clock of the answer runs from the email
    assert application.submitted_at == now
    assert Submission.objects.get().signed_name == "Lena Tso"
    place = ["prairie", cohort.slug, application.reference]
    assert b"From an email" in staff.get(reverse("applications:read", args=place)).content
    verbs = AuditEvent.objects.about(application).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "entered from an email",
        "brought a filled form",
        "took over answers",
        "submitted",
    ]
    event = AuditEvent.objects.about(application).get(verb="entered from an email")
    assert event.after == {"email": EMAIL, "emailed_at": came.isoformat()}
    first, second = mails("entered_for_you")
    assert {first.to, second.to} == {EMAIL}
    assert "We enter your application for you" in unseal(first.body).text
    assert "We sent in your application" in unseal(second.body).text
    assert link_in(first) != link_in(second)


def test_the_person_takes_it_over_and_staff_no_longer_see_the_draft(
    in_host, cohort, coordinator, sign_in, client, now
):
    application = entered(cohort, coordinator, now)
    path = link_in(mails("entered_for_you").get())
    looked = client.get(path, follow=True)
    assert looked.status_code == 200
    assert b"Lead applicant, can submit" in looked.content
    person = person_at(email=EMAIL, name="Lena Tso")
    answer = sign_in(person).post(path)
    assert answer["Location"] == url("task_list", application)
    application.refresh_from_db()
    assert application.lead == person
    assert ApplicationPerson.objects.present().get().user == person
    assert sign_in(coordinator).get(url("task_list", application)).status_code == 404
    application = send_in(application, person, now)  # typing it was no conflict of interest
    board = reverse("applications:list", args=["prairie", cohort.slug])
    assert application.reference in sign_in(coordinator).get(board).content.decode()
    assert coordinator.email not in application.ties
    told = mails("taken_over").get()
    assert told.to == coordinator.email
    assert not mails("person_joined").exists()
    assert AuditEvent.objects.about(application).filter(verb="took over").exists()
    assert sign_in(person).get(url("status", application)).status_code == 200


def test_who_took_over_before_it_was_sent_gets_the_ordinary_receipt(
    in_host, cohort, coordinator, sign_in, now
):
    application = entered(cohort, coordinator, now)
    person = person_at(email=EMAIL, name="Lena Tso")
    actions.join_application(invitation=PersonInvitation.objects.get(), by=person, now=now)
    actions.save_section(
        application=application,
        values={"organization_name": "Riverbend Clinic"},
        base_revisions=None,
        by=person,
        now=now,
    )
    send_in(application, person, now)
    assert mails("entered_for_you").count() == 1
    assert [mail.to for mail in mails("received")] == [EMAIL]


def test_entering_it_twice_gives_one_application(in_host, cohort, coordinator, sign_in, now):
    data = filled_in(now - timedelta(days=1), zone=cohort.zone)
    staff = sign_in(coordinator)
    first, second = (staff.post(enter_url(cohort), data)["Location"] for _turn in (1, 2))
    assert first == second
    assert Application.objects.count() == 1
    assert mails("entered_for_you").count() == 1


def test_an_application_that_may_be_the_same_is_named_first(
    in_host, host, cohort, coordinator, sign_in, now
):
    other = ApplicationFactory(host=host, cohort=cohort, organization_name="Riverbend Clinic")
    data = filled_in(now - timedelta(days=1), zone=cohort.zone)
    page = sign_in(coordinator).post(enter_url(cohort), data).content.decode()
    assert "There is one already" in page
    assert other.reference in page
    assert Application.objects.count() == 1
    sign_in(coordinator).post(enter_url(cohort), data | {"go_on": "1"})
    assert Application.objects.count() == 2


def test_what_came_in_time_may_be_entered_after_the_close(
    in_host, cohort, coordinator, sign_in, now
):  # S3-25, S4-31
    cohort.closes_at = now - timedelta(days=1)
    cohort.save()
    late = filled_in(now - timedelta(hours=3), zone=cohort.zone)
    page = sign_in(coordinator).post(enter_url(cohort), late)
    assert page.status_code == 422
    assert "The email came when this program was not taking applications." in (
        page.content.decode()
    )
    early = filled_in(now - timedelta(days=2), zone=cohort.zone)
    assert sign_in(coordinator).post(enter_url(cohort), early).status_code == 302
    application = Application.objects.get()
    assert application.extended_until == now + timedelta(days=7)
    actions.save_section(
        application=application,
        values={"city": "Peoria"},
        base_revisions=None,
        by=coordinator,
        now=now + timedelta(days=6),
    )
    with pytest.raises(actions.Closed):
        actions.save_section(
            application=application,
            values={"city": "Pekin"},
            base_revisions=None,
            by=coordinator,
            now=now + timedelta(days=8),
        )


def test_an_email_of_tomorrow_is_refused(in_host, cohort, coordinator, sign_in, now):
    data = filled_in(now + timedelta(days=1), zone=cohort.zone)
    page = sign_in(coordinator).post(enter_url(cohort), data)
    assert page.status_code == 422
    assert "come later than now." in page.content.decode()
    assert not Application.objects.exists()


def test_only_who_decides_may_enter(in_host, cohort, coordinator, reviewer, applicant, sign_in):
    assert sign_in(coordinator).get(enter_url(cohort)).status_code == 200
    assert sign_in(reviewer).get(enter_url(cohort)).status_code == 403
    assert sign_in(applicant).get(enter_url(cohort)).status_code == 404


def test_the_name_under_the_form_is_the_name_of_the_statement(
    in_host, cohort, coordinator, sign_in, paper, now
):
    application = entered(cohort, coordinator, now)
    empty = sign_in(coordinator).get(url("submit", application)).content.decode()
    assert coordinator.name not in empty.split('id="id_signed_name"')[0][-300:]
    boxes = {"_signed_name": "Lena Tso", "_signed_title": "Director"}
    upload = paper(boxes | {"city": "Peoria"})
    actions.bring_filled(application=application, upload=upload, by=coordinator, now=now)
    page = sign_in(coordinator).get(url("submit", application)).content.decode()
    assert 'value="Lena Tso"' in page
    assert 'value="Director"' in page


def test_the_mail_is_in_the_language_that_staff_chose(in_host, cohort, coordinator, now):
    application = entered(cohort, coordinator, now, language="es")
    mail = mails("entered_for_you").get()
    assert "Ingresamos su solicitud" in unseal(mail.body).text
    assert application.organization_name in unseal(mail.body).text


@pytest.mark.parametrize("taken", [False, True])
def test_news_reach_the_person_who_has_not_taken_over(in_host, cohort, coordinator, now, taken):
    application = entered(cohort, coordinator, now)
    application = send_in(application, coordinator, now)
    if taken:
        person = person_at(email=EMAIL, name="Lena Tso")
        actions.join_application(invitation=PersonInvitation.objects.get(), by=person, now=now)
    before = mails("entered_for_you").count()
    actions.ask(application=application, question="How many beds?", by=coordinator, now=now)
    told = mails("entered_for_you")[before:]
    if taken:
        assert list(told) == []
        assert mails("information_asked").get().to == EMAIL
    else:
        [mail] = told
        assert mail.to == EMAIL
        assert "There is news about your application" in unseal(mail.body).text
        assert "How many beds?" not in unseal(mail.body).text


def test_staff_do_not_answer_an_offer_for_somebody(in_host, cohort, coordinator, now):
    application = entered(cohort, coordinator, now)
    for answer in (actions.accept_seat, actions.decline_seat):
        with pytest.raises(actions.Refused, match="They take it over first"):
            answer(application=application, by=coordinator, now=now)
