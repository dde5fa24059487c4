"""Scores by the program's rubric: saved while one types, compared, hidden until one's own is done.
PRODUCT 4; S4-32: the video and the materials are read beside the criteria."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import actions
from applications.actions.reviewing import Given
from applications.blind import BLACK, without_names
from applications.models import Application, Redaction, Review
from applications.queries.reviews import calibration, scoring
from applications.rules import may_see_others
from applications.scoring import by_criterion, leanings, overall, weighted
from applications.states import OPEN, Status
from collaboratives.blueprints.schema import Reviewing
from questionnaires.queries import form_of
from tenancy.models import AuditEvent
from tests.factories import MembershipFactory
from tests.factories.applications import (
    ApplicationFactory,
    AssignmentFactory,
    DeclarationFactory,
    complete_answers,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_host")]

CODES = ["readiness", "leadership", "data", "time"]  # of the Learning Network, weights 3 2 1 1
COHORT = ["prairie", "learning-network-2027"]


def rubric(**given):
    items = [{"code": "a", "text": {"en": "A", "es": "A"}, "weight": 3}]
    items.append({"code": "b", "text": {"en": "B", "es": "B"}, "weight": 1})
    return Reviewing.model_validate({"rubric": items, **given})


# --- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "mean"),
    [({}, None), ({"a": 4}, 4.0), ({"a": 4, "b": 2}, 3.5), ({"a": 1, "b": 5, "gone": 5}, 2.0)],
)
def test_a_mean_goes_by_the_weights(scores, mean):
    assert weighted(scores, rubric()) == mean


@pytest.mark.parametrize(
    ("reviews", "far"),
    [
        ([{"a": 3}], False),
        ([{"a": 3}, {"a": 4}], False),
        ([{"a": 3}, {"a": 5}], True),
        ([{"a": 4, "b": 1}, {"a": 4, "b": 4}], True),  # the means are near, one criterion is not
        ([{"a": 1}, {"b": 5}], True),  # only the means can be compared
    ],
)
def test_readers_who_are_far_apart_are_flagged(reviews, far):
    assert overall(reviews, rubric()).far == far


def test_the_spread_of_each_criterion():
    found = by_criterion([{"a": 2, "b": 3}, {"a": 5}], rubric(apart=3))
    assert [(one.values, one.mean, one.apart, one.far) for one in found.values()] == [
        ((2, 5), 3.5, 3, True),
        ((3,), 3.0, 0, False),
    ]


def test_how_a_reader_leans_against_others_on_the_same_applications():
    table = {1: {7: 4.0, 8: 3.0}, 2: {7: 5.0, 8: 3.0, 9: 4.0}, 3: {9: 1.0}}
    assert leanings(table) == {7: pytest.approx(1.25), 8: pytest.approx(-1.25), 9: 0.0}


@pytest.mark.parametrize(
    ("shown", "role", "is_reader", "finished", "sees"),
    [
        ("always", "reviewer", True, False, True),
        ("after_own", "reviewer", True, False, False),
        ("after_own", "reviewer", True, True, True),
        ("never", "reviewer", True, True, False),
        ("after_own", "coordinator", False, False, True),
        ("after_own", "coordinator", True, False, False),
        ("never", "coordinator", True, True, True),
        ("never", "coordinator", False, False, True),
    ],
)
def test_who_sees_others_scores_in_each_phase(host, shown, role, is_reader, finished, sees):
    member = MembershipFactory(host=host, roles=[role])
    assert may_see_others(member, shown=shown, is_reader=is_reader, finished=finished) == sees


# --- saving --------------------------------------------------------------------------------------


@pytest.fixture
def sent(complete, applicant, now):
    return actions.submit(application=complete, signed_name="Dana", by=applicant, now=now)


@pytest.fixture
def reading(sent, host, reviewer):
    """Given to the reviewer, who has no conflict."""
    AssignmentFactory(host=host, application=sent, reviewer=reviewer)
    DeclarationFactory(host=host, application=sent, person=reviewer)
    return sent


def url(name, application):
    return reverse(f"applications:{name}", args=[*COHORT, application.reference])


def scored(application, by, now, values=(3, 4, 2, 5), **texts):
    given = {code: Given(value) for code, value in zip(CODES, values, strict=True)}
    given |= {name: Given(None, text) for name, text in texts.items()}
    return actions.save_review(application=application, given=given, by=by, now=now).review


def test_a_score_saves_itself_and_begins_the_review(reading, reviewer, sign_in, now):
    client = sign_in(reviewer)
    posted = {"_changed": "data", "_rev.data": "0", "value-data": "4", "note-data": "Strong"}
    answer = client.post(url("score_autosave", reading), posted)
    assert answer.status_code == 200
    assert answer.json() == {"revisions": {"data": 1}, "saved_at": "10 a.m.", "conflicts": []}
    review = Review.objects.get()
    assert [(s.criterion, s.value, s.note) for s in review.scores.all()] == [("data", 4, "Strong")]
    reading.refresh_from_db()
    assert reading.status == "in_review"
    page = client.get(url("read", reading)).content.decode()
    assert 'name="value-data" value="4" checked' in page
    assert "Strong" in page
    assert client.post(url("score_autosave", reading), posted).json()["revisions"] == {"data": 1}


def test_another_window_does_not_overwrite(reading, reviewer, sign_in, now):
    client = sign_in(reviewer)
    first = {"_changed": "comment", "_rev.comment": "0", "comment": "From the laptop"}
    second = {"_changed": "comment", "_rev.comment": "0", "comment": "From the phone"}
    client.post(url("score_autosave", reading), first)
    answer = client.post(url("score_autosave", reading), second)
    assert answer.status_code == 409
    assert answer.json()["conflicts"] == [
        {"field": "comment", "theirs": "From the laptop", "name": "", "revision": 1}
    ]
    assert Review.objects.get().comment == "From the laptop"


@pytest.mark.parametrize("value", ["0", "6", "-1", "x", "99999999", "\u0663"])
def test_a_score_outside_the_scale_is_none(reading, reviewer, sign_in, value, now):
    posted = {"_changed": "data", "value-data": value}
    assert sign_in(reviewer).post(url("score_autosave", reading), posted).status_code == 200
    assert not Review.objects.get().scores.filter(value__isnull=False).exists()


def test_without_script_the_whole_form_is_saved_and_finished(reading, reviewer, sign_in, now):
    client = sign_in(reviewer)
    posted = {f"value-{code}": "3" for code in CODES[:3]}
    early = client.post(url("score", reading), {**posted, "finish": "1"}, follow=True)
    assert "Still to score: Has time for the calls." in early.content.decode()
    done = client.post(url("score", reading), {**posted, "value-time": "5", "finish": "1"})
    assert done.url == reverse("applications:next_to_read", args=COHORT)
    review = Review.objects.get()
    assert (review.finished_at, review.read_version) == (now, 1)
    assert AuditEvent.objects.about(reading).filter(verb="finished a review").exists()


def test_a_private_note_is_for_its_writer_alone(reading, reviewer, coordinator, sign_in, now):
    scored(reading, reviewer, now, private_note="CANARY", comment="Good")
    actions.finish_review(application=reading, by=reviewer, now=now)
    assert "CANARY" in sign_in(reviewer).get(url("read", reading)).content.decode()
    page = sign_in(coordinator).get(url("read", reading)).content.decode()
    assert "Good" in page
    assert "CANARY" not in page
    events = AuditEvent.objects.about(reading)
    assert "CANARY" not in "".join(str(vars(event)) for event in events)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("verb", ["save", "finish", "confirm"])
def test_each_verb_in_each_state(host, cohort, reviewer, status, verb, now):
    application = ApplicationFactory(host=host, cohort=cohort, status=status)
    act = {
        "save": lambda: scored(application, reviewer, now),
        "finish": lambda: actions.finish_review(application=application, by=reviewer, now=now),
        "confirm": lambda: actions.confirm_read(application=application, by=reviewer, now=now),
    }[verb]
    if status in OPEN and verb != "finish":
        act()
        assert Review.objects.count() == 1
    else:
        with pytest.raises(actions.Refused):
            act()


def test_a_changed_score_after_finishing_leaves_its_trace(reading, reviewer, now):
    scored(reading, reviewer, now)
    actions.finish_review(application=reading, by=reviewer, now=now)
    actions.save_review(application=reading, given={"data": Given(5)}, by=reviewer, now=now)
    event = AuditEvent.objects.about(reading).get(verb="changed a score")
    assert (event.before, event.after) == ({"data": 2}, {"data": 5})


def test_what_changed_since_one_scored_is_said(reading, reviewer, applicant, sign_in, now):
    scored(reading, reviewer, now)
    client = sign_in(reviewer)
    assert "Changed since you scored" not in client.get(url("read", reading)).content.decode()
    actions.save_section(
        application=reading,
        values={"aim": "Another aim."},
        base_revisions=None,
        by=applicant,
        now=now,
    )
    actions.submit(application=reading, signed_name="Dana", by=applicant, now=now)
    page = client.get(url("read", reading)).content.decode()
    assert "Changed since you scored" in page
    assert '<a href="#a-aim">' in page.split("Changed since you scored")[1][:400]
    client.post(url("confirm_read", reading))
    assert "Changed since you scored" not in client.get(url("read", reading)).content.decode()


def test_what_is_missing_is_said(reading, reviewer, coordinator, sign_in, now):
    letter = reading.letters.get()
    actions.return_letter(letter=letter, reason="Unsigned.", by=coordinator, now=now)
    page = sign_in(reviewer).get(url("read", reading)).content.decode()
    assert "Letter" in page.split("Still missing")[1][:300]


# --- who sees what -------------------------------------------------------------------------------


@pytest.fixture
def second(host, reading):
    person = MembershipFactory(host=host, roles=["reviewer"], user__name="Mona Lindgren").user
    AssignmentFactory(host=host, application=reading, reviewer=person)
    DeclarationFactory(host=host, application=reading, person=person)
    return person


def test_others_scores_open_after_ones_own(
    reading, reviewer, second, coordinator, cohort, sign_in, now
):
    scored(reading, second, now, comment="OTHERS WORDS")
    actions.finish_review(application=reading, by=second, now=now)
    client = sign_in(reviewer)
    compare = reverse("applications:calibration", args=COHORT)
    assert "OTHERS WORDS" not in client.get(url("read", reading)).content.decode()
    assert second.name not in client.get(compare).content.decode()
    scored(reading, reviewer, now, (1, 4, 2, 5))
    actions.finish_review(application=reading, by=reviewer, now=now)
    page = client.get(url("read", reading)).content.decode()
    assert "OTHERS WORDS" in page
    assert "Far apart" in page
    assert second.name in client.get(compare).content.decode()
    sign_in(coordinator).post(
        reverse("applications:reviews_shown", args=COHORT), {"shown": "never"}
    )
    assert "OTHERS WORDS" not in client.get(url("read", reading)).content.decode()
    assert "OTHERS WORDS" in sign_in(coordinator).get(url("read", reading)).content.decode()


def test_scores_of_somebody_with_a_conflict_do_not_count(
    reading, reviewer, second, coordinator, now
):
    scored(reading, second, now, (1, 1, 1, 1))
    scored(reading, reviewer, now, (5, 5, 5, 5))
    actions.declare(
        application=reading, stance="conflict", reason="Found out late", by=second, now=now
    )
    found = scoring(reading, coordinator, coordinator.memberships.get(), is_open=True)
    assert found.others.overall.values == (5.0,)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_table_costs_the_same_for_any_length(host, cohort, coordinator, sign_in, rows, now):
    readers = [MembershipFactory(host=host, roles=["reviewer"]).user for _ in range(rows)]
    for _ in range(rows):
        application = ApplicationFactory(host=host, cohort=cohort, status="submitted")
        for reader in readers:
            scored(application, reader, now)
    client = sign_in(coordinator)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("applications:calibration", args=COHORT))
    assert page.content.count(b'id="application-') == rows
    assert len(queries) == 13


def test_the_table_puts_those_far_apart_first(host, cohort, coordinator, reviewer, now):
    near = ApplicationFactory(host=host, cohort=cohort, status="in_review", reference="A-1")
    far = ApplicationFactory(host=host, cohort=cohort, status="in_review", reference="B-2")
    for application, values in [(near, (3, 3, 3, 3)), (far, (5, 5, 5, 5))]:
        scored(application, reviewer, now, values)
        scored(application, coordinator, now, (3, 3, 3, 2))
    member = coordinator.memberships.get()
    table = calibration(
        Application.objects.visible_to(coordinator, member),
        cohort,
        person=coordinator,
        membership=member,
        page=1,
    )
    assert [row["reference"] for row in table.page] == ["B-2", "A-1"]
    assert table.far == 1
    leaning = {one["person"]: round(one["leaning"], 2) for one in table.readers}
    assert leaning[reviewer] == -leaning[coordinator] > 0


# --- names hidden --------------------------------------------------------------------------------


def test_answers_without_names(sent):
    form = form_of(sent.response.version)
    answers = complete_answers(
        form, equity_work="Marcus (marcus@x.org, 217 555 0100) and the Bear lead."
    )
    shown = without_names(form, answers, words=["the bear"])
    text = str(shown)
    for word in ["Dana", "Whitfield", "Marcus", "Okafor", "@", "555 0100", "the Bear"]:
        assert word not in text
    assert [row["name"] for row in shown["team"]] == ["Person 1", "Person 2", "Person 3"]
    assert shown["team"][0]["title"] == "Quality director"
    assert shown["equity_work"] == f"{BLACK} ({BLACK}, {BLACK}) and {BLACK} lead."
    assert shown["organization_type"] == "hospital"


def test_a_reader_without_names_finds_none(reading, reviewer, coordinator, sign_in, now):
    """On no page and in no file that reviewers may open."""
    reading.response.answers["equity_work"] = "Ask the tall doctor from Peoria, Dana Whitfield."
    reading.response.save()
    staff, client = sign_in(coordinator), sign_in(reviewer)
    staff.post(url("black_out", reading), {"words": "tall doctor"})
    letter = reading.letters.get()
    pages = [
        url("read", reading),
        url("declare", reading),
        reverse("applications:list", args=COHORT),
        reverse("applications:calibration", args=COHORT),
    ]
    for page in pages:
        text = client.get(page).content.decode()
        for word in ["Dana", "Whitfield", "Okafor", "Lucia", "riverbend.example", "tall doctor"]:
            assert word not in text, page
    assert "from Peoria" in client.get(pages[0]).content.decode()
    closed = [
        url("log", reading),
        reverse("applications:file", args=["prairie", reading.reference, letter.file.uuid]),
        reverse("applications:file_page", args=["prairie", reading.reference, letter.file.uuid, 1]),
        reverse("applications:summary", args=["prairie", reading.reference]),
    ]
    assert [client.get(one).status_code for one in closed] == [404] * 4
    assert "tall doctor" in staff.get(pages[0]).content.decode()
    assert "Dana Whitfield" in staff.get(pages[0]).content.decode()
    redaction = Redaction.objects.get()
    staff.post(reverse("applications:show_again", args=[*COHORT, reading.reference, redaction.pk]))
    assert "tall doctor" in client.get(pages[0]).content.decode()


def test_a_program_without_a_rubric_has_no_scores(reading, reviewer, sign_in, now):
    program = reading.cohort.program
    program.content.pop("reviewing")
    program.save()
    client = sign_in(reviewer)
    page = client.get(url("read", reading))
    assert (page.status_code, "Your scores" in page.content.decode()) == (200, False)
    assert client.post(url("score", reading), {}).status_code == 404
    assert client.get(reverse("applications:calibration", args=COHORT)).status_code == 404


def test_the_forms_of_scores_carry_their_seal(reading, reviewer, sign_in, now):
    """Without script the browser sends what the page holds, and nothing else."""
    client = sign_in(reviewer)
    client.handler.enforce_csrf_checks = True
    page = client.get(url("read", reading)).content.decode()
    form = page.split(f'action="{url("score", reading)}"')[1].split("</form>")[0]
    seal = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    posted = {"value-data": "4", "csrfmiddlewaretoken": seal.group(1)}
    assert client.post(url("score", reading), posted).status_code == 302
    assert Review.objects.get().scores.get(value=4).criterion == "data"
