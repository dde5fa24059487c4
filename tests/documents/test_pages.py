"""Whoever asked for a job, and staff, see how far it is."""

import pytest
from django.urls import reverse
from django.utils import timezone

from documents.states import JobState
from tests.factories.documents import JobFactory

JSON = {"HTTP_ACCEPT": "application/json"}


def page(host, job):
    return reverse("documents:job", args=[host.slug, job.uuid])


def done(host, **given):
    return JobFactory(
        host=host,
        state=JobState.DONE,
        progress=100,
        finished_at=timezone.now(),
        page=f"/{host.slug}/somewhere/",
        **given,
    )


def test_the_page_asks_and_is_told(host, applicant, sign_in):
    client = sign_in(applicant, second_factor=False)
    waiting = JobFactory(host=host, requested_by=applicant)
    assert client.get(page(host, waiting), **JSON).json() == {
        "state": "waiting",
        "progress": 0,
        "result_url": "",
        "result_label": "See the result",
        "error": "",
    }
    ready = client.get(page(host, done(host, requested_by=applicant)), **JSON).json()
    assert (ready["state"], ready["progress"], ready["result_url"]) == (
        "done",
        100,
        "/prairie/somewhere/",
    )


def test_without_a_script_it_is_a_page(host, applicant, sign_in):
    job = JobFactory(
        host=host,
        requested_by=applicant,
        state=JobState.FAILED,
        error="This charter has no signatures yet.",
        finished_at=timezone.now(),
    )
    text = sign_in(applicant, second_factor=False).get(page(host, job)).content.decode()
    assert "This charter has no signatures yet." in text
    ready = done(host, requested_by=applicant)
    text = sign_in(applicant, second_factor=False).get(page(host, ready)).content.decode()
    assert 'href="/prairie/somewhere/"' in text


def test_staff_of_the_host_see_it_too(host, applicant, coach, sign_in):
    job = JobFactory(host=host, requested_by=applicant)
    assert sign_in(coach).get(page(host, job), **JSON).status_code == 200


@pytest.mark.parametrize("who", ["applicant", "stranger"])
def test_for_others_it_does_not_exist(who, host, coordinator, sign_in, request):
    job = JobFactory(host=host, requested_by=coordinator)
    client = sign_in(request.getfixturevalue(who))
    assert client.get(page(host, job), **JSON).status_code == 404


def test_a_job_of_another_host_does_not_exist(host, other_host, owner, sign_in):
    job = JobFactory(host=other_host)
    assert sign_in(owner).get(page(host, job), **JSON).status_code == 404
