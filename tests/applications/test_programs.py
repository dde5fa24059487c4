"""What each program asks for, as its applicants meet it: on the page, and when they send it."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from applications import actions
from applications.queries.deadlines import decision_due
from questionnaires.queries import form_of
from tests.factories.applications import (
    BASICS,
    OpenCohortFactory,
    VersionFactory,
    complete_answers,
)
from tests.factories.collaboratives import ProgramFactory, blueprint_content

pytestmark = pytest.mark.django_db

FILM = "https://youtu.be/dQw4w9WgXcQ"


@pytest.fixture
def begin(in_host, host, applicant, now):
    """A draft for one of the programs that ship, begun today."""

    def begun(program, **dates):
        content = blueprint_content(program)
        cohort = OpenCohortFactory(
            host=host,
            program=ProgramFactory(host=host, content=content, blueprint_key=program),
            slug=program,
            code="PR27",
            application_form=VersionFactory(host=host, schema=content["form"]),
            **dates,
        )
        return actions.start(cohort=cohort, organization_name="Riverbend", by=applicant, now=now)

    return begun


def answer(draft, applicant, now, **given):
    """All that the form asks for, but for what is given as None."""
    answers = complete_answers(form_of(draft.response.version))
    saved = actions.save_section(
        application=draft, values={**answers, **given}, base_revisions=None, by=applicant, now=now
    )
    draft.response = saved.response


def missing(draft, applicant, now):
    """The questions and files for which sending is refused; none when it was sent."""
    try:
        actions.submit(application=draft, signed_name="Dana Whitfield", by=applicant, now=now)
    except actions.Incomplete as refused:
        return sorted(one.anchor if one.kind == "section" else one.code for one in refused.missing)
    return []


def open_section(client, draft, section):
    here = reverse("applications:section", args=["prairie", draft.reference, section])
    return client.get(here).content.decode()


def question(page, code):
    """The part of a page that asks one question."""
    start = page.index(f'data-field="{code}"')
    return page[start : page.find("data-field=", start + 1)]


def choices(page, code):
    return re.findall(rf'name="{code}" value="([^"]+)"', question(page, code))


def test_the_progress_report_program_asks_where_a_team_stands(begin, applicant, sign_in, now):
    draft, client = begin("progress-report-ian"), sign_in(applicant)
    page = open_section(client, draft, "start")
    assert choices(page, "has_plan") == ["yes", "in_development", "no", "not_sure"]  # S0-28
    domains = ["people", "patients", "organization", "community", "other", "none"]
    assert choices(page, "domains_working") == domains  # S0-29
    assert "data-exclusive" in question(page, "domains_working")
    for rating in ("knowledge", "confidence"):  # S0-30 S0-31
        assert choices(page, rating) == ["1", "2", "3", "4", "5"]
    assert "within 1 year" in question(page, "confidence")
    assert choices(page, "leadership_supportive") == ["yes", "somewhat", "no", "not_sure"]  # S0-32
    assert 'data-field="leadership_help"' not in page
    saved = actions.save_section(
        application=draft,
        values={"domains_working": ["patients", "none"], "leadership_supportive": "no"},
        base_revisions=None,
        by=applicant,
        now=now,
    )
    assert saved.response.answers["domains_working"] == ["none"]
    assert 'data-field="leadership_help"' in open_section(client, draft, "start")


def test_it_can_not_be_sent_without_them(begin, applicant, now):  # S0-28 S0-29 S0-30 S0-31 S0-32
    asked = ["has_plan", "domains_working", "knowledge", "confidence", "leadership_supportive"]
    draft = begin("progress-report-ian")
    answer(draft, applicant, now, **dict.fromkeys(asked))
    assert missing(draft, applicant, now) == sorted(asked)
    answer(draft, applicant, now)
    assert missing(draft, applicant, now) == []


def test_an_area_of_care_must_be_named_with_who_fares_worse(begin, applicant, now):  # S1-25
    draft = begin("learning-and-action-network")
    answer(draft, applicant, now, clinical_areas=None, worse_outcome=None)
    assert {"clinical_areas", "worse_outcome"} <= set(missing(draft, applicant, now))
    answer(draft, applicant, now)
    assert missing(draft, applicant, now) == ["ceo_letter"]


def test_the_action_community_takes_three_parts_and_no_fewer(  # S4-26 S4-27 S4-28 S4-29
    begin, applicant, sign_in, pdf, now
):
    draft, client = begin("action-community"), sign_in(applicant)
    public = reverse("collaboratives:cohort", args=["prairie", draft.cohort.slug])
    parts = [str(part.title) for part in draft.cohort.program.blueprint.parts]
    assert len(parts) == 3
    shown = client.get(public).content.decode()
    assert "".join(f"<li>{part}</li>" for part in parts) in shown
    people = [{**one, "hours": "from_2"} for one in BASICS["team"]]
    answer(draft, applicant, now, team=people)
    assert missing(draft, applicant, now) == ["board_letter", "ceo_letter", "team_video"]
    video = reverse("applications:video", args=["prairie", draft.reference, "team_video"])
    assert client.post(video, {"link": FILM}).status_code == 302
    assert missing(draft, applicant, now) == ["board_letter", "ceo_letter"]
    for letter in draft.letters.filter(slot="letter"):
        actions.upload_letter(letter=letter, upload=pdf(), by=applicant, now=now)
    draft.response.answers.pop("clinical_areas")
    draft.response.save()
    assert missing(draft, applicant, now) == ["clinical_areas"]
    answer(draft, applicant, now, team=people)
    assert missing(draft, applicant, now) == []


ASKED_WITHOUT_FAIL = [
    ("take-action-learning-network", "actions_commit"),  # S2-01
    ("take-action-learning-network", "actions_history"),  # S2-01
    ("take-action-learning-network", "actions_opportunities"),  # S2-01
    ("take-action-learning-network", "actions_initiative"),  # S2-01
    ("learning-and-action-network", "agrees_attend"),  # S1-22
    ("learning-and-action-network", "agrees_pays_travel"),  # S1-24
    ("learning-and-action-network", "strengthens"),  # S1-26
    ("learning-and-action-network", "agrees_remedy"),  # S1-35
    ("learning-network", "agrees_ready"),  # S3-18
    ("learning-network", "agrees_attend"),  # S3-20
    ("learning-network", "agrees_act_on_racism"),  # S3-21
    ("action-community", "agrees_share"),  # S4-14
    ("action-community", "agrees_ready"),  # S4-23
]


@pytest.mark.parametrize(("program", "code"), ASKED_WITHOUT_FAIL)
def test_without_this_promise_nothing_is_sent(program, code, begin, applicant, now):
    draft = begin(program)
    answer(draft, applicant, now, **{code: None})
    assert code in missing(draft, applicant, now)


def test_what_was_agreed_to_is_kept_in_its_words(begin, applicant, now):  # S1-35
    draft = begin("learning-and-action-network")
    answer(draft, applicant, now)
    asked = form_of(draft.response.version).by_code["agrees_remedy"]
    assert draft.response.answers["agrees_remedy"]["text"] == asked.text.en


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        ("community_partner", "At least one community partner"),  # S1-20
        ("quality", "At least one person from your quality department"),  # S1-21
    ],
)
def test_a_team_without_them_is_not_sent(lacking, words, begin, applicant, sign_in, now):
    draft = begin("learning-and-action-network")
    other = {"department": "administration", "roles": ["other"]}
    team = [{**one, **other} if one["department"] == lacking else one for one in BASICS["team"]]
    answer(draft, applicant, now, team=team)
    assert "team" in missing(draft, applicant, now)
    page = reverse("applications:check", args=["prairie", draft.reference])
    assert words in sign_in(applicant).get(page).content.decode()
    answer(draft, applicant, now)
    assert missing(draft, applicant, now) == ["ceo_letter"]


def test_everybody_hears_by_the_day_of_the_cohort(begin, applicant, sign_in, now):  # S4-33
    draft = begin("action-community", decide_by=date(2027, 1, 18))
    program = draft.cohort.program.blueprint
    for sent in (datetime(2026, 10, 2, 15, tzinfo=UTC), datetime(2026, 12, 3, 15, tzinfo=UTC)):
        draft.received_at = sent
        assert decision_due(draft, program.decision, now) == date(2027, 1, 18)
    public = reverse("collaboratives:cohort", args=["prairie", draft.cohort.slug])
    assert "January 18, 2027" in sign_in(applicant).get(public).content.decode()


def test_a_rolling_program_decides_before_it_closes(  # S3-28
    begin, applicant, coordinator, pdf, now
):
    draft = begin("learning-network")
    answer(draft, applicant, now)
    for letter in draft.letters.all():
        actions.upload_letter(letter=letter, upload=pdf(), by=applicant, now=now)
    sent = actions.submit(application=draft, signed_name="Dana", by=applicant, now=now)
    decided = actions.decide(application=sent, outcome="admit", by=coordinator, now=now)
    assert decided.decided_at < decided.cohort.closes_at
    second = actions.start(
        cohort=draft.cohort, organization_name="Birch Hill", by=coordinator, now=now
    )
    assert second.status == "draft"  # others may still apply
