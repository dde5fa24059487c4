"""Staff write to the applicants they chose, and see first how each gets it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from applications import actions
from applications.models import Mailing, Wording
from messaging.models import OutboundMessage
from messaging.queries import shown
from messaging.reminders import plan_reminders
from tenancy.active import open_host
from tenancy.models import AuditEvent
from tests.applications.conftest import NOW
from tests.factories import UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    ApplicationPersonFactory,
    DeclarationFactory,
    OpenCohortFactory,
)
from workflow.machine import TransitionNotAllowed

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 11, 30, 15, tzinfo=UTC)  # 9 in the morning in Chicago
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


def planned(applications, by, at=None):
    return actions.write_to(
        cohort=applications[0].cohort,
        applications=applications,
        subject="For {organization}",
        text="Dear {name}",
        key=uuid4(),
        at=at or LATER,
        by=by,
        now=NOW,
    )


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
    done = data(three[:1], send="send", day="2026-11-30", time="09:00")
    for _ in range(2):
        page = staff.post(url(cohort), done, follow=True)
    assert "November 30 at 9:00 a.m. Central" in page.content.decode()
    assert Mailing.objects.get().send_at == LATER
    assert mails() == []


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
        planned(three, coordinator, at=NOW)


def test_every_mail_is_on_the_applications_page(three, cohort, coordinator, reviewer, sign_in, now):
    staff = sign_in(coordinator)
    staff.post(url(cohort), data(three[:1], send="send"))
    actions.assign(application=three[0], reviewer=reviewer, by=coordinator, now=now)
    actions.declare(application=three[0], stance="clear", by=reviewer, now=now)
    log = reverse("applications:log", args=["prairie", cohort.slug, three[0].reference])
    assert b"Action needed: a letter" in staff.get(log).content
    assert b"Action needed: a letter" not in sign_in(reviewer).get(log).content


# --- planned, taken back, sent by the clock -------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_is_planned_goes_out_once_at_its_moment(host, coordinator):
    """Not to who withdrew meanwhile, but to who joined; not at all once it was taken back."""
    with open_host(host.pk):
        one, gone = (
            ApplicationFactory(host=host, status="submitted", lead=UserFactory()) for _ in range(2)
        )
        planned([one], coordinator)
        planned([gone], coordinator)
        back = planned([one], coordinator)
        joined = ApplicationPersonFactory(host=host, application=one).user
        actions.withdraw(application=gone, by=gone.lead, now=NOW + timedelta(days=1))
        OutboundMessage.objects.all().delete()
        actions.take_back(mailing=back, by=coordinator, now=NOW)
    plan_reminders(now=LATER - timedelta(seconds=1))
    with open_host(host.pk):
        assert mails() == []
    for seconds in (0, 10, 20):
        plan_reminders(now=LATER + timedelta(seconds=seconds))
    with open_host(host.pk):
        subject = f"For {one.organization_name}"
        assert mails() == sorted((to, subject) for to in (one.lead.email, joined.email))
        states = list(Mailing.objects.order_by("pk").values_list("state", "mails"))
        assert states == [("sent", 2), ("sent", 0), ("taken_back", 0)]
        with pytest.raises(TransitionNotAllowed):
            actions.take_back(mailing=Mailing.objects.get(mails=2), by=coordinator, now=LATER)


def test_it_is_seen_and_taken_back(three, cohort, coordinator, sign_in, now):
    staff, page = (
        sign_in(coordinator),
        reverse("applications:mailings", args=["prairie", cohort.slug]),
    )
    assert b"Nothing was written yet" in staff.get(page).content
    mailing = planned(three[:2], coordinator)
    log = reverse("applications:log", args=["prairie", cohort.slug, three[0].reference])
    assert b"For {organization}" in staff.get(log).content
    assert b"2 applications" in staff.get(page).content
    back = reverse("applications:take_back_mailing", args=["prairie", cohort.slug, mailing.pk])
    assert b"Taken back." in staff.post(back, follow=True).content
    assert b"It was too late" in staff.post(back, follow=True).content
    assert b"For {organization}" not in staff.get(log).content.split(b"Mails about")[1]
    verbs = [event.verb for event in AuditEvent.objects.about(three[1])]
    assert verbs == ["took back what was planned", "planned to write to"]


def test_a_mailing_tells_nothing_of_what_is_hidden(three, cohort, coordinator, host, sign_in, now):
    both, alone = planned(three[:2], coordinator), planned(three[:1], coordinator)
    DeclarationFactory(
        host=host, application=three[0], person=coordinator, stance="conflict", reason="x"
    )
    staff = sign_in(coordinator)
    page = staff.get(reverse("applications:mailings", args=["prairie", cohort.slug]))
    assert [(one.pk, one.number) for one in page.context["page"]] == [(both.pk, 1)]
    back = reverse("applications:take_back_mailing", args=["prairie", cohort.slug, alone.pk])
    assert staff.post(back).status_code == 404


# --- to a whole view, with kept words -------------------------------------------------------------


def test_all_of_a_view_are_written_to(three, cohort, coordinator, sign_in, now):
    """What the list shows, no more: the filters of its address count."""
    staff = sign_in(coordinator)
    page = staff.get(f"{url(cohort)}?everybody=1&view=drafts")
    assert [one.organization_name for one in page.context["picked"]] == ["Cedar Lake"]
    page = staff.get(f"{url(cohort)}?everybody=1&view=started&q=l")
    assert {one.organization_name for one in page.context["picked"]} == {
        "Amber Valley",
        "Birch Hill",
        "Cedar Lake",
    }
    listed = reverse("applications:list", args=["prairie", cohort.slug])
    assert b"everybody=1&amp;view=drafts" in staff.get(f"{listed}?view=drafts").content


def test_words_are_kept_and_nothing_typed_is_lost(three, cohort, coordinator, sign_in, now):
    staff = sign_in(coordinator)
    no_name = staff.post(url(cohort), data(three, keep="keep"))
    assert no_name.status_code == 422
    kept = data(three, keep="keep", keep_as="Letter")
    assert b"kept as" in staff.post(url(cohort), kept).content
    again = staff.post(url(cohort), {**kept, "text": "Other words"})
    assert again.status_code == 422
    assert b"Other words" in again.content
    wording = Wording.objects.get()
    assert (wording.name, wording.text, wording.kept_by) == ("Letter", TEXT, coordinator)
    typed = {"use": "use", "wording": wording.pk, "subject": "", "text": "Typed before."}
    begun = staff.post(url(cohort), {**data(three), **typed}).context["form"]
    assert begun["subject"].value() == "Action needed: a letter"
    assert begun["text"].value() == f"Typed before.\n\n{TEXT}"
    remove = reverse("applications:remove_wording", args=["prairie", cohort.slug, wording.pk])
    assert staff.post(remove).status_code == 302
    assert (Wording.objects.count(), mails()) == (0, [])
    assert AuditEvent.objects.get(verb="removed kept words").before["text"] == TEXT
