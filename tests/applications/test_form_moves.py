"""A draft follows its form; what was submitted keeps the version it was answered on."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from applications.models import Application
from applications.states import Status
from questionnaires import actions as questionnaires
from questionnaires.models import AnswerChange
from questionnaires.schema import Form
from tenancy.active import open_host
from tests.factories.applications import ApplicationFactory

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(host, applicant):
    answers = {"organization_name": "Riverbend", "city": "Peoria"}
    return ApplicationFactory(host=host, lead=applicant, answers=answers)


def published(host, cohort, coordinator, edit):
    """The cohort's form with an edit, as its next version."""
    with open_host(host.pk):
        version = cohort.application_form
        content = Form.model_validate(version.schema).model_dump(mode="json", exclude_defaults=True)
        edit(content)
        cohort.application_form = questionnaires.publish(
            questionnaire=version.questionnaire,
            form=Form.model_validate(content),
            now=NOW,
            by=coordinator,
        )
        cohort.save()
        return cohort.application_form


def without_city(content):
    fields = content["sections"][0]["fields"]
    fields[:] = [one for one in fields if one["code"] != "city"]
    for number in (1, 2, 3):
        label = {"en": f"New question {number}", "es": f"Pregunta nueva {number}"}
        fields.append({"code": f"new_{number}", "kind": "short_text", "label": label})


def url(draft, name, *more):
    return reverse(f"applications:{name}", args=[draft.host.slug, draft.reference, *more])


@time_machine.travel(NOW, tick=False)
def test_the_task_list_says_what_changed_and_nothing_is_lost(host, draft, coordinator, sign_in):
    version = published(host, draft.cohort, coordinator, without_city)
    client = sign_in(draft.lead)
    page = client.get(url(draft, "task_list")).content.decode()
    assert "3 questions are new." in page
    assert "1 question is gone; your answer to it is kept in the history." in page
    with open_host(host.pk):
        draft.response.refresh_from_db()
        assert draft.response.version_id == version.pk
        assert draft.response.answers["city"] == "Peoria"
    told = client.get(url(draft, "form_changes")).content.decode()
    assert "New question 2" in told
    assert "Peoria" in told
    client.post(url(draft, "hide_form_changes"))
    assert "The form has changed" not in client.get(url(draft, "task_list")).content.decode()


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.INFO_ASKED, Status.IN_REVIEW])
def test_what_was_submitted_keeps_its_version_for_ever(
    host, applicant, coordinator, sign_in, status
):
    sent = ApplicationFactory(host=host, lead=applicant, status=status)
    before = sent.response.version_id
    published(host, sent.cohort, coordinator, without_city)
    sign_in(applicant).get(url(sent, "task_list"), follow=True)
    with open_host(host.pk):
        assert Application.objects.select_related("response").get().response.version_id == before


@time_machine.travel(NOW, tick=False)
def test_what_is_typed_on_a_page_of_the_old_form_is_kept(host, draft, coordinator, sign_in):
    client = sign_in(draft.lead)
    published(host, draft.cohort, coordinator, without_city)
    client.get(url(draft, "task_list"))  # a colleague's visit moved it meanwhile
    sent = {"_rev.city": "0", "city": "Chicago", "_changed": "city"}
    answer = client.post(url(draft, "autosave", "organization"), sent)
    assert answer.status_code == 200
    with open_host(host.pk):
        draft.response.refresh_from_db()
        assert draft.response.answers["city"] == "Chicago"
        assert AnswerChange.objects.filter(response=draft.response, field="city").exists()


@time_machine.travel(NOW, tick=False)
def test_hiding_an_answered_question_is_said_before_going_on(host, draft, sign_in):
    client = sign_in(draft.lead)
    here = url(draft, "section", "organization")
    first = {"_rev.in_system": "9", "in_system": "yes", "_rev.system_name": "9"}
    client.post(here, first | {"system_name": "Prairie Health"})
    answer = client.post(here, {"_rev.in_system": "9", "in_system": "no"})
    assert answer.url == f"{here}#hidden-answers"
    page = client.get(here).content.decode()
    assert "Your answers here hide these questions:" in page
    with open_host(host.pk):
        draft.response.refresh_from_db()
        assert draft.response.answers["system_name"] == "Prairie Health"
