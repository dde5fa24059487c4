"""Before an application begins: four plain questions, and organizations that are known already."""

import pytest
from django.urls import reverse

from applications.models import Application
from applications.queries.starting import suggested
from collaboratives.blueprints import keys, load
from collaboratives.likeness import similar
from messaging.models import OutboundMessage
from messaging.sealing import unseal
from tests.factories import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.collaboratives import OrganizationFactory

pytestmark = pytest.mark.django_db


def page_url(name):
    return reverse(f"applications:{name}", args=["prairie", "learning-network-2027"])


@pytest.mark.parametrize("key", keys())
def test_each_program_asks_four_plain_questions_in_both_languages(key):
    asked = load(key).eligibility
    assert len(asked) == 4
    assert all(one.text.es and one.if_no.es for one in asked)


def test_the_check_says_what_would_not_fit_and_never_bars(in_host, cohort, client, now):
    page = client.get(page_url("fit"))
    text = page.content.decode()
    assert text.count("<fieldset") == 4
    assert page.cookies == {}  # nothing is kept
    asked = cohort.program.blueprint.eligibility
    answers = {one.code: "yes" for one in asked}
    fits = client.get(page_url("fit"), answers).content.decode()
    assert "looks like a fit" in fits
    unfit = client.get(page_url("fit"), {**answers, asked[1].code: "no"}).content.decode()
    assert str(asked[1].if_no) in unfit
    assert str(asked[0].if_no) not in unfit
    for shown in (text, fits, unfit):
        assert page_url("start") in shown


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("Riverbend Regional Medical Center", "Riverbend Regional Medical Center", True),
        ("Riverbend Regional", "Riverbend Medical Center", True),
        ("River Bend Regional Medical Center", "Riverbend Regional Medical Center", True),
        ("St. Mary's Hospital", "St Marys Hospital", True),
        ("Riverbend Regional Medical Center", "Cedar Regional Medical Center", False),
        ("Lakeside Community Hospital", "Hillside Community Hospital", False),
    ],
)
def test_names_that_may_mean_one_institution(one, two, same):
    assert similar(one, two) is same


def test_suggestions_come_by_number_by_name_and_the_same_city_first(in_host, host):
    far = OrganizationFactory(host=host, name="Riverbend Hospital", city="Dayton", state="OH")
    near = OrganizationFactory(host=host, name="Riverbend Clinic", city="Peoria", state="IL")
    numbered = OrganizationFactory(host=host, name="Quite Another", ccn="14A001")
    OrganizationFactory(host=host, name="Cedar Valley")
    assert suggested("Riverbend Health", city="peoria") == [near, far]
    assert suggested("Riverbend Health", city="Dayton", ccn="14a001") == [numbered, far, near]


def typed(**more):
    return {"organization_name": "Riverbend Hospital", "job": "Quality director", **more}


def test_is_this_you_saves_typing(in_host, host, cohort, applicant, sign_in, now):
    known = OrganizationFactory(
        host=host, name="Riverbend Hospital", city="Peoria", state="IL", type="hospital"
    )
    person = sign_in(applicant)
    page = person.post(page_url("start"), typed()).content.decode()
    assert "Is this you?" in page
    assert "Riverbend Hospital, Peoria, IL" in page
    person.post(page_url("start"), typed(recognized="1", known=str(known.pk)))
    made = Application.objects.for_page().get()
    assert made.organization == known
    assert made.response.answers["city"] == "Peoria"


def test_another_is_not_forced_on_anybody(in_host, host, cohort, applicant, sign_in, now):
    OrganizationFactory(host=host, name="Riverbend Hospital", city="Peoria", state="IL")
    sign_in(applicant).post(page_url("start"), typed(recognized="1", known=""))
    made = Application.objects.get()
    assert (made.organization, made.organization_name) == (None, "Riverbend Hospital")


def test_a_colleague_asks_to_be_added_and_learns_nothing(
    in_host, host, cohort, draft, applicant, sign_in, now
):
    draft.response.answers = {"city": "Canaryville"}
    draft.response.save()
    colleague = UserFactory(name="Theo Brandt", email="theo@riverbend.example")
    person = sign_in(colleague)
    name = "riverbend regional medical center"
    page = person.post(
        page_url("start"), {"organization_name": name, "job": "Nurse"}
    ).content.decode()
    assert "There is one already" in page
    for secret in (applicant.name, applicant.email, draft.reference, "Canaryville"):
        assert secret not in page
    ask = {"name": name, "message": "I work in the same unit."}
    said = person.post(page_url("ask_to_join"), ask, follow=True).content.decode()
    assert applicant.name not in said
    mail = OutboundMessage.objects.get(template="applications/asked_to_join")
    assert mail.to == applicant.email
    text = unseal(mail.body).text
    assert "Theo Brandt" in text
    assert "I work in the same unit." in text
    assert "people/?email=theo%40riverbend.example" in text
    nothing = person.post(page_url("ask_to_join"), {"name": "Nobody Knows"}, follow=True)
    assert nothing.content.decode().count("We passed your request on") == 1
    person.post(page_url("ask_to_join"), ask)
    assert OutboundMessage.objects.filter(template="applications/asked_to_join").count() == 1


def test_a_second_one_may_be_started_all_the_same(in_host, cohort, draft, sign_in, now):
    person = sign_in(UserFactory())
    data = {"organization_name": draft.organization_name, "job": "Nurse", "recognized": "1"}
    person.post(page_url("start"), {**data, "go_on": "1"})
    assert Application.objects.count() == 2


@pytest.mark.parametrize("known", [True, False])
def test_the_start_does_not_show_the_names_of_drafts(
    in_host, host, cohort, applicant, sign_in, known, now
):
    ApplicationFactory(host=host, cohort=cohort, organization_name="Secret Valley Hospital")
    page = sign_in(applicant).post(
        page_url("start"), {"organization_name": "Secret Valey Clinic", "job": "Nurse"}
    )
    assert b"Secret Valley" not in page.content
