"""Each criterion of the program: found by itself where it can be, judged by staff with a reason.
S1-01 to S1-05, S1-36 to S1-41, S3-17, S3-23, S4-13, S4-19 to S4-21"""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications import actions
from applications.models import Screening
from applications.queries.letters import letters_with_terms
from applications.queries.screening import in_all, screened
from applications.states import OPEN, Status
from collaboratives.blueprints import keys, load
from tenancy.models import AuditEvent
from tests.factories.applications import ApplicationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_host")]

COHORT = ["prairie", "learning-network-2027"]


@pytest.fixture
def sent(complete, applicant, now):
    """Three people, a letter that came; of the Learning Network."""
    return actions.submit(application=complete, signed_name="Dana", by=applicant, now=now)


def criteria(application):
    blueprint = application.cohort.program.blueprint
    found = screened(application, blueprint, letters_with_terms(application))
    return {one.code: one for one in found}


def test_what_the_rules_find(sent, coordinator, now):
    found = {code: one.found for code, one in criteria(sent).items()}
    assert found == {
        "team_size": True,
        "letter": True,
        "names_racism": None,
        "time": None,
        "data": None,
    }
    actions.return_letter(letter=sent.letters.get(), reason="Unsigned.", by=coordinator, now=now)
    sent.response.answers["team"] = sent.response.answers["team"][:1]
    sent.response.save()
    found = criteria(sent)
    assert (found["team_size"].found, found["letter"].found) == (False, False)
    assert "1 person" in found["team_size"].fact


def test_the_evidence_is_there_in_its_words(sent):
    one = criteria(sent)["names_racism"]
    assert [evidence.code for evidence in one.evidence][:2] == ["names_racism", "names_racism_how"]
    assert one.evidence[1].words == "We meet every month and look at our data."


def test_long_answers_are_cut_between_words(sent):
    sent.response.answers["names_racism_how"] = "word " * 100
    sent.response.save()
    words = criteria(sent)["names_racism"].evidence[1].words
    assert len(words) <= 162
    assert words.endswith("word …")


def test_a_person_judges_what_no_rule_can(sent, coordinator, sign_in, now):
    client = sign_in(coordinator)
    url = reverse("applications:screen", args=[*COHORT, sent.reference, "time"])
    client.post(url, {"met": "yes"})
    one = criteria(sent)["time"]
    assert (one.met, one.said.judged_by) == (True, coordinator)
    assert in_all(list(criteria(sent).values())) == {"met": 3, "all": 5, "open": 2}
    read = reverse("applications:read", args=[*COHORT, sent.reference])
    assert "Renata Solis said so." in client.get(read).content.decode()
    client.post(url, {"met": "back"})
    assert criteria(sent)["time"].met is None
    verbs = [event.verb for event in AuditEvent.objects.about(sent)[:2]]
    assert verbs == ["took back a judgement", "judged a criterion"]


def test_an_override_needs_its_reason(sent, coordinator, sign_in, now):
    client = sign_in(coordinator)
    url = reverse("applications:screen", args=[*COHORT, sent.reference, "letter"])
    said = client.post(url, {"met": "no"}, follow=True)
    assert "Say why you judge otherwise than what was found." in said.content.decode()
    assert not Screening.objects.exists()
    page = client.post(url, {"met": "no", "reason": "Not the CEO."}, follow=True).content.decode()
    assert "Renata Solis said so: Not the CEO." in page
    assert "Found by itself: met." in page
    assert criteria(sent)["letter"].met is False
    event = AuditEvent.objects.about(sent).get(verb="judged a criterion")
    assert (event.after, event.reason) == ({"letter": False}, "Not the CEO.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Screening.objects.update(reason="")


@pytest.mark.parametrize("posted", [{}, {"met": "maybe"}])
def test_nothing_else_is_a_judgement(sent, coordinator, sign_in, posted, now):
    url = reverse("applications:screen", args=[*COHORT, sent.reference, "time"])
    assert sign_in(coordinator).post(url, posted).status_code == 302
    assert not Screening.objects.exists()


def test_a_criterion_of_another_program_is_refused(sent, coordinator, now):
    with pytest.raises(actions.Refused):
        actions.screen(application=sent, criterion="nothing", met=True, by=coordinator, now=now)


@pytest.mark.parametrize("status", Status)
def test_judging_in_each_state(host, cohort, coordinator, status, now):
    application = ApplicationFactory(host=host, cohort=cohort, status=status)
    judge = {"criterion": "time", "met": True, "by": coordinator, "now": now}
    if status in OPEN:
        assert actions.screen(application=application, **judge).met
    else:
        with pytest.raises(actions.Refused):
            actions.screen(application=application, **judge)


@pytest.mark.parametrize("who", ["reviewer", "coach", "stranger"])
def test_only_who_decides_judges(sent, request, sign_in, who, now):
    url = reverse("applications:screen", args=[*COHORT, sent.reference, "time"])
    client = sign_in(request.getfixturevalue(who))
    assert client.post(url, {"met": "yes"}).status_code in (403, 404)
    assert not Screening.objects.exists()


def test_every_criterion_of_every_program_has_evidence():
    for key in keys():
        blueprint = load(key)
        for criterion in blueprint.criteria:
            assert criterion.evidence, (blueprint.key, criterion.code)
