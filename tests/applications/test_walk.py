"""From the public page to the team, through the pages, as the people see them."""

import pytest
from django.urls import reverse

from applications.models import Application
from collaboratives.models import Team
from messaging.models import OutboundMessage
from questionnaires.queries import form_of
from questionnaires.schema import KEPT_ELSEWHERE
from tenancy.active import open_host
from tests.factories.applications import complete_answers

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"applications:{name}", args=["prairie", *args])


def posted(section, answers):
    """The answers of one section as a browser without script sends them."""
    data = {}
    for field in section.fields:
        if not field.answer_codes:
            continue
        data[f"_rev.{field.code}"] = "0"
        data |= flat(field.code, answers.get(field.code))
    return data


def flat(name, value):
    if isinstance(value, dict) and "agreed" in value:
        return {name: "yes"}
    if isinstance(value, dict):
        return {k: v for code, one in value.items() for k, v in flat(f"{name}-{code}", one).items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        found = {}
        for n, row in enumerate(value):
            for code, one in row.items():
                if code == "lead":
                    found[f"{name}-lead"] = str(n)
                else:
                    found |= flat(f"{name}-{n}-{code}", one)
        return found
    return {} if value is None else {name: value}


def test_from_the_start_to_the_seat(
    host, cohort, applicant, coordinator, sign_in, pdf, now
):  # S3-25 S3-23 S2-11
    person = sign_in(applicant, second_factor=False)
    start = url("start", cohort.slug)
    shown = person.get(start)
    assert shown.status_code == 200
    person.post(start, {"organization_name": "Riverbend Regional Medical Center", "job": "Nurse"})
    with open_host(host.pk):
        application = Application.objects.for_page().get()
        form = form_of(application.response.version)
    reference = application.reference
    tasks = person.get(url("task_list", reference))
    assert b"Riverbend Regional Medical Center" in tasks.content

    # Section by section; each saved page leads to the next.
    answers = complete_answers(form)
    with open_host(host.pk):
        bases = application.response.revisions
    for section in form.sections:
        if all(field.kind in KEPT_ELSEWHERE for field in section.fields):
            continue
        page = person.get(url("section", reference, section.code))
        assert page.status_code == 200
        data = posted(section, answers)
        data |= {f"_rev.{code}": str(n) for code, n in bases.items() if f"_rev.{code}" in data}
        saved = person.post(url("section", reference, section.code), data)
        assert saved.status_code == 302

    early = person.post(
        url("submit", reference), {"signed_name": "D", "signed_title": "N", "agree": "on"}
    )
    assert early["Location"] == f"{url('check', reference)}?missing"
    check = person.get(early["Location"])
    assert b"There is 1 thing to finish" in check.content
    assert b"Letter from your CEO" in check.content

    letter = url("letter", reference, "ceo_letter")
    assert person.post(letter, {"file": pdf()}).status_code == 302
    person.get(url("submit", reference))
    sent = person.post(
        url("submit", reference),
        {"signed_name": "Dana Whitfield", "signed_title": "Nurse", "agree": "on"},
    )
    assert sent["Location"] == url("submitted", reference)
    receipt = person.get(sent["Location"])
    assert reference.encode() in receipt.content

    # Staff read and decide; nobody hears before the release.
    staff = sign_in(coordinator)
    listed = staff.get(url("list", cohort.slug))
    assert b"Riverbend" in listed.content
    read = staff.get(url("read", cohort.slug, reference))
    assert b"letter.pdf" in read.content
    staff.post(url("begin_review", cohort.slug, reference))
    staff.post(
        url("decide", cohort.slug, reference), {"outcome": "admit", "feedback": "A clear plan."}
    )
    assert b"A clear plan." not in person.get(url("status", reference)).content
    assert person.get(url("decision", reference)).status_code == 302
    staff.post(url("release", cohort.slug), {"pick": [reference], "release": "now"})

    decision = person.get(url("decision", reference))
    assert b"A clear plan." in decision.content
    person.post(url("accept_seat", reference))
    with open_host(host.pk):
        team = Team.objects.get()
        members = {
            (one.name, one.role, one.leadership, one.user_id == applicant.pk)
            for one in team.members.all()
        }
        mails = list(OutboundMessage.objects.order_by("pk").values_list("template", flat=True))
    assert team.clinical_areas == ["Pregnancy and birth"]  # S3-07
    assert team.aim == "Cut the gap in early prenatal care by half by June 2028."
    assert members == {
        ("Dana Whitfield", "lead", "", True),
        ("Marcus Okafor", "member", "", False),
        ("Priya Raman", "member", "", False),
        ("Lucia Alvarez", "viewer", "senior_leader", False),
    }
    assert mails == [
        "applications/started",
        "applications/received",
        "applications/released_admit",
        "applications/seat_accepted",
    ]
    assert b"Your team is ready" in person.get(url("decision", reference)).content


def test_whoever_is_not_signed_in_is_sent_to_get_a_code(host, cohort, client, now):
    answer = client.get(url("start", cohort.slug))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("accounts:start"))
    assert "next=%2Fprairie%2Fp%2Flearning-network-2027%2Fapply%2F" in answer["Location"]


def test_a_second_start_for_the_same_organization_is_warned_without_content(
    host, cohort, draft, sign_in, stranger, now
):
    other = sign_in(stranger, second_factor=False)
    data = {"organization_name": "riverbend regional MEDICAL center", "job": "Nurse"}
    warned = other.post(url("start", cohort.slug), data)
    assert b"There is one already" in warned.content
    assert b"Dana" not in warned.content
    assert b"LN27-0900" not in warned.content
    assert other.post(url("start", cohort.slug), {**data, "go_on": "1"}).status_code == 302
