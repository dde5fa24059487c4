"""What anybody may read: quickly, without a cookie, in plain words."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO

import pypdf
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from collaboratives.blueprints import load
from documents.work import run_due_jobs
from tenancy.active import open_host
from tests.factories.collaboratives import (
    CohortFactory,
    ProgramFactory,
    TeamMemberFactory,
    blueprint_content,
)
from tests.factories.messaging import as_worker

pytestmark = pytest.mark.django_db
OPEN = datetime(2026, 11, 20, 16, tzinfo=UTC)
CHROME = {"SAVEPOINT", "RELEASE", "SELECT set_config", "BEGIN", "COMMIT"}


def statements(captured) -> list[str]:
    """Table statements only: savepoints and the opening of the host are counted apart."""
    return [
        query["sql"]
        for query in captured.captured_queries
        if not query["sql"].startswith(tuple(CHROME))
    ]


def address(name, host, *args):
    return reverse(f"collaboratives:{name}", args=[host.slug, *args])


@pytest.fixture
def pages(host, cohort):
    return [
        address("host_home", host),
        address("programs", host),
        address("cohort", host, cohort.slug),
    ]


def test_a_visitor_costs_two_queries_and_gets_no_cookie(pages, django_assert_max_num_queries):
    # P5, P9
    for page in pages:
        with django_assert_max_num_queries(20) as captured:
            answer = Client().get(page)
        assert answer.status_code == 200
        assert len(statements(captured)) == 2, page
        assert "Set-Cookie" not in answer.headers
        assert not answer.cookies
        assert answer["Cache-Control"] == "public, max-age=60"
        assert "Cookie" in answer["Vary"]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", ["host_home", "programs"])
def test_lists_cost_the_same_for_any_length(name, rows, host, django_assert_max_num_queries):
    for _ in range(rows):
        CohortFactory(host=host, program=ProgramFactory(host=host))
    with django_assert_max_num_queries(20) as captured:
        page = Client().get(address(name, host))
    assert len(statements(captured)) == 2
    assert page.content.count(b'class="part"') == rows


def test_who_is_signed_in_gets_a_page_of_their_own(pages, sign_in, applicant):
    for page in pages:
        answer = sign_in(applicant).get(page)
        assert answer["Cache-Control"] == "no-store"


def test_a_page_says_whom_it_is_for_and_what_it_takes(host, cohort):
    page = Client().get(address("cohort", host, cohort.slug)).content.decode()
    assert "Your team has 3 to 7 people from one organization." in page  # S3-17
    for lens in ("Data", "Quality improvement", "Equity", "Patient-facing care"):  # S3-19
        assert f"<li>{lens}</li>" in page
    assert "18 months" in page  # S3-08
    assert "Eighteen months may be too short" in page  # S3-08
    assert "We answer within 30 days of the day we get your application." in page  # S3-29
    assert "Central (Chicago)" in page  # S0-20
    assert "help@prairie.example" in page  # S0-27


def test_each_program_says_its_own(host):
    from collaboratives.blueprints import keys

    for key in keys():
        program = ProgramFactory(host=host, blueprint_key=key)
        cohort = CohortFactory(host=host, program=program)
        answer = Client().get(address("cohort", host, cohort.slug))
        assert answer.status_code == 200
        page = unescape(answer.content.decode())
        assert "<h2>What it is</h2>" in page
        for aim in program.blueprint.aims:  # S3-02
            assert str(aim.text) in page, (key, aim.code)


@pytest.mark.parametrize(
    ("at", "words", "button"),
    [
        (datetime(2026, 8, 20, tzinfo=UTC), "Opens", False),
        (OPEN, "Open until", True),
        (datetime(2026, 12, 4, 22, 59, 59, tzinfo=UTC), "Open until", True),
        (datetime(2026, 12, 4, 23, tzinfo=UTC), "Closed since", False),
    ],
)
def test_the_button_follows_the_window(at, words, button, host, cohort):
    with time_machine.travel(at, tick=False):
        page = Client().get(address("cohort", host, cohort.slug)).content.decode()
    assert words in page
    start = reverse("applications:start", args=[host.slug, cohort.slug])
    assert (f'href="{start}"' in page) is button  # S2-11
    assert ("Start application" in page) is button
    assert "Friday, December 4 at 5:00 p.m. Central" in page or not button


def test_what_is_not_published_does_not_exist(host, program):
    hidden = CohortFactory(host=host, program=program, name="HIDDEN CANARY", published_at=None)
    assert Client().get(address("cohort", host, hidden.slug)).status_code == 404
    for name in ("host_home", "programs"):
        assert b"CANARY" not in Client().get(address(name, host)).content


def test_another_hosts_cohort_is_not_found_here(host, other_host):
    theirs = CohortFactory(host=other_host, name="CANARY")
    assert Client().get(address("cohort", host, theirs.slug)).status_code == 404
    assert b"CANARY" not in Client().get(address("programs", host)).content


def test_a_visitor_reads_it_in_spanish(host, cohort):
    page = (
        Client()
        .get(address("cohort", host, cohort.slug), headers={"accept-language": "es"})
        .content.decode()
    )
    assert "Muchos equipos de todo el país aprenden juntos." in page


def test_home_shows_a_person_their_teams(host, team, applicant, sign_in):
    TeamMemberFactory(host=host, team=team, user=applicant)
    page = sign_in(applicant).get(address("host_home", host)).content.decode()
    assert address("team_home", host, team.slug) in page
    assert (
        address("team_home", host, team.slug)
        not in Client().get(address("host_home", host)).content.decode()
    )


def test_the_blueprint_is_checked_anew_when_its_words_change(host, cohort, program, in_host):
    url = address("cohort", host, cohort.slug)
    assert b"NEW WORDS" not in Client().get(url).content
    program.content["summary"] = {"en": "NEW WORDS", "es": "OTRAS"}
    program.save(update_fields=["content"])
    assert b"NEW WORDS" in Client().get(url).content


def test_what_a_program_says_is_kept_for_one_address_and_language_alone(host, other_host):
    """Two hosts with the same words: each page leads to its own."""
    slugs = {}
    for one in (host, other_host):
        program = ProgramFactory(host=one, content=blueprint_content("action-community"))
        slugs[one] = CohortFactory(host=one, program=program, slug="same-2027").slug
    for language, words in (("en", "What it is"), ("es", "Qué es")) * 2:
        for one, stranger in ((host, other_host), (other_host, host)):
            url = address("cohort", one, slugs[one])
            page = Client().get(url, headers={"accept-language": language}).content.decode()
            assert f"<h2>{words}</h2>" in page
            assert request_of(one, CohortFactory.build(slug="same-2027")) in page
            assert f'"/{stranger.slug}/' not in page


def test_closing_soon_is_within_two_weeks(cohort):
    from collaboratives.queries import window

    assert window(cohort, cohort.closes_at - timedelta(days=14)).closes_soon
    assert not window(cohort, cohort.closes_at - timedelta(days=15)).closes_soon


# --- the Request for Application -----------------------------------------------------------------


@pytest.fixture
def community(host):
    program = ProgramFactory(
        host=host, slug="action-community", content=blueprint_content("action-community")
    )
    return CohortFactory(host=host, program=program, slug="ac-2027", name="Action Community 2027")


def request_of(host, cohort, language="en"):
    return address("request_for_application", host, cohort.slug, language)


def drawn(host, cohort, language):
    """Ask, let a worker draw it, and ask again."""
    waits = Client().get(request_of(host, cohort, language)).content.decode()
    assert "The file is being made." in waits
    with as_worker():
        run_due_jobs(now=timezone.now())
    answer = Client().get(request_of(host, cohort, language))
    assert answer["Content-Type"] == "application/pdf"
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.django_db(transaction=True)
def test_the_request_for_application_says_what_the_program_does(host, community):  # S3-06 S4-06
    offered = Client().get(address("cohort", host, community.slug)).content.decode()
    for language, words in (("en", "Request for Application"), ("es", "Convocatoria")):
        assert f'href="{request_of(host, community, language)}"' in offered
        text = words_in(drawn(host, community, language))
        assert text.startswith(host.name) or host.name in text
        assert f"Action Community 2027: {words}" in text
        assert "18 m" in text
        content = community.program.blueprint
        with translation.override(language):
            for said in (content.purpose, content.parts[1].title, content.commitments[0].text):
                assert " ".join(str(said).split()) in text


@pytest.mark.django_db(transaction=True)
def test_changed_words_are_another_version_of_it(host, community):  # S3-06 S4-06
    first = words_in(drawn(host, community, "en"))
    with open_host(host.pk):
        community.capacity = 17
        community.save(update_fields=["capacity"])
    second = words_in(drawn(host, community, "en"))
    assert "17 teams" in second
    versions = [re.search(r"Version (\w+)", text)[1] for text in (first, second)]
    assert versions[0] != versions[1]


def test_a_program_without_one_offers_none(host):
    program = ProgramFactory(
        host=host, slug="ian", content=blueprint_content("progress-report-ian")
    )
    cohort = CohortFactory(host=host, program=program, slug="ian-2027", name="IAN 2027")
    assert Client().get(request_of(host, cohort)).status_code == 404
    page = Client().get(address("cohort", host, cohort.slug)).content.decode()
    assert "Request for Application" not in page
    assert "Health Disparities Resource Hub" in page  # S0-13


def words_in(content):
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_every_action_of_the_catalogue_stands_on_the_page_with_its_hint(host):
    # S2-13, S2-14, S2-19, S2-20
    program = ProgramFactory(host=host, blueprint_key="take-action-learning-network")
    cohort = CohortFactory(host=host, program=program)
    page = Client().get(address("cohort", host, cohort.slug)).content.decode()
    assert "Such as sexism, ableism, classism, ageism, xenophobia and antisemitism." in page
    assert "Such as care, quality and safety, and research." in page
    for category in program.blueprint.actions:
        for action in category.actions:
            assert action.text.to("en") in unescape(page)


def test_the_form_offers_the_actions_of_the_catalogue():
    # S2-13, S2-14, S2-19, S2-20: by the same codes, so that an answer means an action
    blueprint = load("take-action-learning-network")
    for category in blueprint.actions:
        asked = blueprint.form.by_code[f"actions_{category.code}"]
        offered = [option.code for option in asked.choices if option.code != "other"]
        assert offered == [action.code for action in category.actions]
