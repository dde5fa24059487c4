"""Deadlines: the silent grace, more time for one and for all, reminders that move."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from applications import actions
from applications.models import Application, Submission
from collaboratives.queries.programs import deadline_warnings
from messaging.models import OutboundMessage
from messaging.reminders import plan_reminders
from messaging.sealing import unseal
from tenancy.active import open_host
from tenancy.models import AuditEvent
from tests.applications.test_applying import submit
from tests.applications.test_pages import url
from tests.factories.applications import ApplicationFactory

pytestmark = pytest.mark.django_db


def staff_url(name, application):
    return reverse(
        f"applications:{name}",
        args=["prairie", application.cohort.slug, application.reference],
    )


def test_a_submission_begun_before_the_close_may_end_in_the_grace(
    in_host, complete, applicant, coordinator, sign_in
):
    closes = complete.cohort.closes_at
    with time_machine.travel(closes - timedelta(minutes=3), tick=False):
        assert b"Continue to submit" in sign_in(applicant).get(url("check", complete)).content
    with time_machine.travel(closes + timedelta(minutes=10), tick=False):
        person = sign_in(applicant)
        form = {"signed_name": "Dana Whitfield", "signed_title": "Lead", "agree": "on"}
        page = person.post(url("submit", complete), form)
        assert page["Location"] == url("submitted", complete)
        assert b"race" not in person.get(url("submitted", complete)).content  # it is silent
        staff = sign_in(coordinator)
        read = staff.get(staff_url("read", complete)).content
        listed = staff.get(
            reverse("applications:list", args=["prairie", complete.cohort.slug])
        ).content
    assert b"In grace" in read
    assert b"In grace" in listed


def test_one_not_begun_before_the_close_is_late(in_host, complete, applicant):
    closes = complete.cohort.closes_at
    with pytest.raises(actions.Closed):
        submit(complete, applicant, closes + timedelta(minutes=1))
    actions.note_begun(application=complete, now=closes - timedelta(days=3))
    complete.refresh_from_db()
    assert complete.submission_begun_at is None  # looking three days before is no beginning
    actions.note_begun(application=complete, now=closes + timedelta(minutes=1))
    complete.refresh_from_db()
    assert complete.submission_begun_at is None


def test_asking_for_time_shows_staff_the_wish_and_nothing_of_the_draft(
    in_host, draft, applicant, coordinator, sign_in
):
    actions.save_section(
        application=draft,
        values={"city": "Canaryville"},
        base_revisions=None,
        by=applicant,
        now=draft.started_at,
    )
    late = draft.cohort.closes_at + timedelta(hours=2)
    with time_machine.travel(late, tick=False):
        person = sign_in(applicant)
        person.post(url("ask_for_time", draft), {"reason": "Our CEO is ill."})
        assert "You asked for more time" in person.get(url("task_list", draft)).content.decode()
        staff = sign_in(coordinator)
        there = reverse("applications:deadline", args=["prairie", draft.cohort.slug])
        page = staff.get(there).content.decode()
        assert "Our CEO is ill." in page
        for shown in (page, staff.get(staff_url("arrange", draft)).content.decode()):
            assert "Canaryville" not in shown
        staff.post(staff_url("extend", draft), {"offered": "1", "from_list": "1"})
        draft.refresh_from_db()
        assert draft.extended_until.date() == datetime(2026, 12, 7).date()  # Monday
        assert draft.more_time_asked_at is None
        assert "Our CEO is ill." not in staff.get(there).content.decode()
        again = person.get(url("task_list", draft)).content.decode()
        assert "Monday, December 7" in again
        saved = person.post(
            url("autosave", draft, "organization"), {"_rev.city": "1", "city": "Peoria"}
        )
        assert saved.status_code == 200
    mail = OutboundMessage.objects.get(template="applications/deadline_changed")
    assert "Monday, December 7" in unseal(mail.body).text
    event = AuditEvent.objects.about(draft).get(verb="gave more time")
    assert event.reason == "Our CEO is ill."


def test_a_wish_can_be_refused_with_a_mail(in_host, draft, applicant, coordinator, now):
    late = draft.cohort.closes_at + timedelta(hours=1)
    actions.ask_for_time(application=draft, reason="Holiday", by=applicant, now=late)
    actions.refuse_time(application=draft, by=coordinator, now=late)
    draft.refresh_from_db()
    assert draft.more_time_asked_at is None
    assert OutboundMessage.objects.filter(template="applications/no_more_time").count() == 1


def test_more_time_for_all_moves_the_close_and_tells_each_draft(
    in_host, host, cohort, draft, coordinator, sign_in, now
):
    ApplicationFactory(host=host, cohort=cohort)
    ApplicationFactory(host=host, cohort=cohort, status="submitted")
    there = reverse("applications:deadline", args=["prairie", cohort.slug])
    staff = sign_in(coordinator)
    earlier = {"day": "2026-12-01", "at": "17:00", "reason": "A mistake"}
    assert staff.post(there, earlier).status_code == 422
    staff.post(there, {"day": "2026-12-11", "at": "17:00", "reason": "A storm"})
    cohort.refresh_from_db()
    assert cohort.closes_at == datetime(2026, 12, 11, 23, tzinfo=UTC)
    told = OutboundMessage.objects.filter(template="applications/deadline_changed")
    assert told.count() == 2
    assert AuditEvent.objects.about(cohort).get(verb="moved the deadline").reason == "A storm"


def sent_reminders(host):
    with open_host(host.pk):
        mails = OutboundMessage.objects.filter(template="applications/draft_reminder")
        return [unseal(mail.body).text for mail in mails.order_by("pk")]


def test_reminders_move_with_the_close_and_reveal_nothing(host, draft, coordinator):
    with open_host(host.pk):
        actions.save_section(
            application=draft,
            values={"city": "Canaryville"},
            base_revisions=None,
            by=draft.lead,
            now=draft.started_at,
        )
        old = draft.cohort.closes_at
        actions.extend_all(
            cohort=draft.cohort,
            until=old + timedelta(days=7),
            reason="Storm",
            by=coordinator,
            now=old - timedelta(days=6),
        )
    plan_reminders(now=old - timedelta(days=5))
    assert sent_reminders(host) == []
    plan_reminders(now=old + timedelta(days=2))
    [text] = sent_reminders(host)
    assert "/continue/" in text
    for word in ("Canaryville", "organization/", "question", "section"):
        assert word not in text.replace(draft.organization_name, "")


def test_who_has_more_time_is_reminded_after_the_close_too(host, draft, coordinator):
    closes = draft.cohort.closes_at
    for days in (14, 5, 1):
        plan_reminders(now=closes - timedelta(days=days))
    assert len(sent_reminders(host)) == 3
    with open_host(host.pk):
        until = closes + timedelta(days=4)
        actions.extend(application=draft, until=until, reason="Ill", by=coordinator, now=closes)
    for moment in (closes, closes + timedelta(days=3), closes + timedelta(days=3, minutes=5)):
        plan_reminders(now=moment)
    assert len(sent_reminders(host)) == 4


def test_a_reminder_leads_to_the_first_unfinished_section(in_host, draft, applicant, sign_in, now):
    there = sign_in(applicant).get(url("go_on", draft))
    assert there["Location"] == url("section", draft, "organization")


@pytest.mark.parametrize(
    ("day", "warned"),
    [
        (datetime(2026, 12, 4, 17), []),
        (datetime(2026, 12, 5, 17), ["weekend"]),
        (datetime(2026, 11, 26, 17), ["holiday"]),
        (datetime(2026, 11, 1, 17), ["weekend", "clocks"]),
        (datetime(2027, 7, 5, 17), ["holiday"]),  # the fourth is a Sunday
    ],
)
def test_staff_are_warned_of_days_on_which_nobody_helps(cohort, day, warned):
    found = deadline_warnings(day.replace(tzinfo=cohort.zone), cohort.zone)
    assert len(found) == len(warned)
    assert all(word in sentence for word, sentence in zip(warned, found, strict=True))


# --- changes after the submission --------------------------------------------------------------


def test_changes_after_the_submission_count_when_they_are_sent(
    in_host, complete, applicant, coordinator, sign_in, now
):
    submit(complete, applicant, now)
    person, staff = sign_in(applicant), sign_in(coordinator)
    here = url("section", complete, "organization")
    page = person.get(here).content.decode()
    assert "Save and continue" in page
    revision = complete.response.revisions["city"]
    person.post(here, {"_rev.city": str(revision), "city": "Peoria"})
    assert (
        "You have changes that are not sent"
        in person.get(url("task_list", complete)).content.decode()
    )
    read = staff.get(staff_url("read", complete)).content.decode()
    assert "Springfield" in read
    assert "Peoria" not in read
    form = {"signed_name": "Dana Whitfield", "signed_title": "Lead", "agree": "on"}
    person.post(url("submit", complete), form)
    read = staff.get(staff_url("read", complete)).content.decode()
    assert "Peoria" in read
    assert "Changed since the version before" in read
    assert list(Submission.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    first, second = Submission.objects.order_by("number")
    assert (first.response.answers["city"], second.response.answers["city"]) == (
        "Springfield",
        "Peoria",
    )
    assert OutboundMessage.objects.filter(template="applications/changed").count() == 1
    assert OutboundMessage.objects.filter(template="applications/received").count() == 1
    person.post(url("submit", complete), form)  # once more: nothing new
    assert Submission.objects.count() == 2


def test_changes_that_were_not_sent_in_time_do_not_count(
    in_host, complete, applicant, sign_in, now
):
    submit(complete, applicant, now)
    save = {"base_revisions": None, "by": applicant, "values": {"city": "Peoria"}}
    actions.save_section(application=complete, now=now, **save)
    late = complete.cohort.closes_at + timedelta(hours=1)
    with pytest.raises(actions.Closed):
        actions.save_section(application=complete, now=late, **save)
    with pytest.raises(actions.Closed):
        submit(complete, applicant, late)
    complete = Application.objects.for_page().get(pk=complete.pk)
    assert complete.response.answers["city"] == "Springfield"
    with time_machine.travel(late, tick=False):
        page = sign_in(applicant).get(url("status", complete)).content.decode()
    assert "What you sent counts" in page


def test_looking_and_saving_unchanged_makes_no_change(in_host, complete, applicant, now):
    submit(complete, applicant, now)
    actions.save_section(
        application=complete,
        values={"city": "Springfield"},
        base_revisions=None,
        by=applicant,
        now=now,
    )
    complete.refresh_from_db()
    assert complete.revision_id is None


def test_an_answer_to_a_question_of_staff_takes_the_changes_over(
    in_host, complete, applicant, coordinator, now
):
    submit(complete, applicant, now)
    actions.ask(application=complete, question="Which city?", by=coordinator, now=now)
    actions.save_section(
        application=complete,
        values={"city": "Peoria"},
        base_revisions=None,
        by=applicant,
        now=now,
    )
    complete = Application.objects.for_page().get(pk=complete.pk)
    assert complete.response.answers["city"] == "Springfield"
    actions.answer(application=complete, by=applicant, now=now)
    complete = Application.objects.for_page().get(pk=complete.pk)
    assert (complete.status, complete.response.answers["city"]) == ("in_review", "Peoria")
    assert Submission.objects.filter(application=complete).count() == 2
