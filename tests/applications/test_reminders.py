"""The clock reminds of drafts and offers, once each, and ends an offer."""

from datetime import UTC, datetime, timedelta

import pytest

from applications import actions, tasks
from messaging.models import OutboundMessage
from messaging.reminders import plan_reminders
from tenancy.active import open_host
from tests.factories.applications import ApplicationFactory

pytestmark = pytest.mark.django_db


def sent(host):
    with open_host(host.pk):
        return [
            mail.template.removeprefix("applications/")
            for mail in OutboundMessage.objects.order_by("pk")
        ]


def test_a_draft_is_reminded_of_three_times_and_no_more(host, draft):
    closes = draft.cohort.closes_at
    for days in (15, 14, 13, 5, 4, 1):
        for _ in range(2):
            plan_reminders(now=closes - timedelta(days=days))
    assert sent(host) == ["draft_reminder"] * 3


def test_a_sent_application_is_not_reminded_of(in_host, host, cohort):
    ApplicationFactory(host=host, cohort=cohort, status="submitted")
    assert list(tasks.drafts(cohort.closes_at - timedelta(days=5))) == []
    draft = ApplicationFactory(host=host, cohort=cohort)
    draft.status = "withdrawn"
    draft.withdrawn_at, draft.withdrawn_by = draft.started_at, draft.lead
    draft.withdrawn_from = "draft"
    draft.save()
    assert not actions.remind_of_draft(application=draft, offset="-5d")


def test_an_offer_is_reminded_of_and_ends(host, cohort, applicant):
    application = ApplicationFactory(host=host, cohort=cohort, lead=applicant, status="released")
    last = datetime(2026, 12, 5, 6, tzinfo=UTC)  # December 4 ends in Chicago
    for moment in (last - timedelta(days=5), last - timedelta(minutes=1), last, last):
        plan_reminders(now=moment)
    assert sent(host) == ["offer_reminder", "offer_expired"]
    with open_host(host.pk):
        application.refresh_from_db()
    assert application.status == "offer_expired"
