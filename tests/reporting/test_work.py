"""Aims with their drivers, projects, tests in ramps, and what people told the team."""

from datetime import date

import pytest

from reporting import actions, outlines, queries
from reporting.actions import ChangeFields
from reporting.models import Aim, ChangeTested, Evidence, Project
from tenancy.models import AuditEvent
from tests.factories.reporting import submitted_report
from tests.reporting.conftest import NOW
from tests.reporting.test_reports import url

OUTLINE = """Reach people after they go home
- Call within a week
-- Calls by a health worker
Care that fits people
- Saturday visits"""
AIM = {
    "what": "Blood pressure below 140/90",
    "for_whom": "Black patients",
    "how_much": "from 49% to 70%",
    "by_when": "2027-06-30",
    "outline": OUTLINE,
}
SENTENCE = "Blood pressure below 140/90 for Black patients: from 49% to 70%, by June 2027."
PROJECT = {
    "title": "Calls after discharge",
    "level": "population",
    "stage": "testing",
    "started_on": "2026-08-01",
    "owner_name": "Priya Raman",
}
TOLD = {
    "kind": "interview",
    "from_whom": "Three mothers at home visits",
    "text": "Nobody asked us before.",
    "meaning": "Ask first.",
    "heard_on": "2026-09-10",
    "in_reports": "on",
}


# --- outlines ------------------------------------------------------------------------------------


def shape(drivers):
    return [(one.text, one.level) for one in outlines.every(drivers)]


def test_an_outline_is_a_tree_of_three_levels():
    drivers = outlines.parsed(OUTLINE)
    assert shape(drivers) == [
        ("Reach people after they go home", 1),
        ("Call within a week", 2),
        ("Calls by a health worker", 3),
        ("Care that fits people", 1),
        ("Saturday visits", 2),
    ]
    assert outlines.said(drivers) == OUTLINE


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("-- Too deep at once", "Too deep at once"),
        ("A\n--- B", "A\n- B"),
        ("A\n  B\n    C\n      D", "A\n- B\n-- C\n-- D"),
        ("• A\n\n  \n- - B", "A\n- B"),
        ("A - with a dash", "A - with a dash"),
    ],
)
def test_an_outline_is_read_as_people_type_it(typed, kept):
    assert outlines.said(outlines.parsed(typed)) == kept
    assert outlines.said(outlines.parsed(kept)) == kept


def test_a_long_outline_is_cut_to_what_can_be_drawn():
    assert len(list(outlines.every(outlines.parsed("A\n" * 500)))) == outlines.MOST_LINES


# --- pages ---------------------------------------------------------------------------------------


def test_a_team_writes_its_aim_and_sees_what_drives_it(clock, team, applicant, sign_in):
    """S3-14: what, for whom, how much, by when; drawn on the server, with the same as a list."""
    client = sign_in(applicant)
    assert client.post(url("aim_add", "riverbend"), AIM).url == url("work", "riverbend")
    page = client.get(url("work", "riverbend")).content.decode()
    assert SENTENCE in page
    assert page.count('role="img"') == 1 and "<title" in page and "style=" not in page
    assert page.count("Saturday visits") == 3  # drawn, described, listed
    aim = Aim.objects.get()
    client.post(url("aim_edit", "riverbend", aim.pk), {**AIM, "how_much": "to 75%"})
    aim.refresh_from_db()
    assert aim.how_much == "to 75%"
    assert [e.verb for e in AuditEvent.objects.about(aim)] == ["changed", "added"]
    choices = client.get(url("change_add", "riverbend")).content.decode()
    assert '<option value="Call within a week">' in choices
    wrong = client.post(url("aim_add", "riverbend"), {**AIM, "by_when": "", "what": ""})
    assert wrong.status_code == 422
    client.post(url("aim_edit", "riverbend", aim.pk), {"remove": "1"})
    assert not Aim.objects.exists()


def test_several_projects_are_a_portfolio(clock, team, applicant, sign_in):
    """S3-15, S4-09, S4-10: a portfolio; its reach, and where it stands up to scale and sustain."""
    client = sign_in(applicant)
    client.post(url("project_add", "riverbend"), PROJECT)
    client.post(
        url("project_add", "riverbend"), {**PROJECT, "title": "Visits", "stage": "sustained"}
    )
    page = client.get(url("work", "riverbend")).content.decode()
    assert "Calls after discharge" in page and "Visits" in page
    assert "The whole population" in page and "Sustained" in page and "Priya Raman" in page
    wrong = client.post(url("project_add", "riverbend"), {**PROJECT, "ended_on": "2026-07-01"})
    assert wrong.status_code == 422
    assert Project.objects.count() == 2


def test_tests_that_build_on_each_other_are_a_ramp(clock, team, applicant, sign_in):
    """S1-28: plan, prediction, study and what was decided; the next test builds on it."""
    first = actions.add_change(
        team=team.team,
        given=ChangeFields(
            title="One clinic",
            started_on=date(2026, 8, 1),
            prediction="Half will come.",
            study="Seven of ten came.",
            act="adapt",
        ),
        by=applicant,
    )
    other = ChangeFields(title="Other idea", started_on=date(2026, 8, 5), act="abandon")
    actions.add_change(team=team.team, given=other, by=applicant)
    for title, day in [("Two clinics", 10), ("Three clinics", 20)]:
        first = actions.add_change(
            team=team.team,
            given=ChangeFields(title=title, started_on=date(2026, 9, day), follows=first),
            by=applicant,
        )
    found = queries.ramps(queries.changes_until(team.team))
    assert [[(s.number, s.change.title, s.depth) for s in ramp] for ramp in found] == [
        [(1, "One clinic", 0), (3, "Two clinics", 1), (4, "Three clinics", 2)],
        [(2, "Other idea", 0)],
    ]
    page = sign_in(applicant).get(url("work", "riverbend")).content.decode()
    for words in ["We expected:", "Half will come.", "We learned:", "Adapted", "Abandoned"]:
        assert words in page


def test_a_circle_of_tests_is_shown_once(clock, team, applicant):
    given = ChangeFields(title="A", started_on=date(2026, 8, 1))
    one = actions.add_change(team=team.team, given=given, by=applicant)
    two = actions.add_change(
        team=team.team,
        given=ChangeFields(title="B", started_on=date(2026, 8, 2), follows=one),
        by=applicant,
    )
    ChangeTested.objects.filter(pk=one.pk).update(follows=two)
    found = queries.ramps(queries.changes_until(team.team))
    assert [[s.change.title for s in ramp] for ramp in found] == [["A", "B"]]


def test_what_people_told_is_evidence(clock, team, third, other, applicant, sign_in):
    """S2-16: individual and community experience, in a report only where the team says so."""
    client = sign_in(applicant)
    client.post(url("evidence_add", "riverbend"), TOLD)
    private = {**TOLD, "text": "Only for us.", "in_reports": ""}
    client.post(url("evidence_add", "riverbend"), private)
    client.post(
        url("evidence_add", "riverbend"), {**TOLD, "text": "Earlier.", "heard_on": "2026-05-01"}
    )
    page = client.get(url("work", "riverbend")).content.decode()
    assert "Nobody asked us before." in page and "Only for us." in page
    submitted_report(team.team, third, applicant, now=NOW)
    for person in [applicant, other.user]:
        report = sign_in(person).get(url("report", "riverbend", third.slug)).content.decode()
        assert "Nobody asked us before." in report and "Ask first." in report
        assert "Only for us." not in report and "Earlier." not in report


# --- in a report ---------------------------------------------------------------------------------


def test_a_report_keeps_the_work_as_it_stood(clock, team, third, other, applicant, sign_in):
    """S1-28, S3-14, S3-15: aims with their drivers and the portfolio go along, frozen."""
    client = sign_in(applicant)
    client.post(url("aim_add", "riverbend"), AIM)
    client.post(url("project_add", "riverbend"), PROJECT)
    submitted_report(team.team, third, applicant, now=NOW)
    client.post(url("aim_edit", "riverbend", Aim.objects.get().pk), {"remove": "1"})
    Project.objects.all().delete()
    report = sign_in(other.user).get(url("report", "riverbend", third.slug)).content.decode()
    assert SENTENCE in report and "Calls after discharge" in report
    assert "The drivers as a list" in report


# --- who -----------------------------------------------------------------------------------------


def test_others_see_nothing_and_viewers_change_nothing(
    clock, team, other, applicant, coordinator, stranger, sign_in
):
    sign_in(applicant).post(url("aim_add", "riverbend"), AIM)
    sign_in(applicant).post(url("evidence_add", "riverbend"), TOLD)
    aim, told = Aim.objects.get(), Evidence.objects.get()
    for person in [other.user, stranger]:
        client = sign_in(person)
        for path in [
            url("work", "riverbend"),
            url("aim_edit", "riverbend", aim.pk),
            url("evidence_edit", "riverbend", told.pk),
        ]:
            assert client.get(path).status_code == 404
    assert sign_in(other.user).get(url("aim_edit", "other", aim.pk)).status_code == 404
    staff = sign_in(coordinator)
    page = staff.get(url("work", "riverbend"))
    assert page.status_code == 200 and "Add an aim" not in page.content.decode()
    assert staff.get(url("aim_add", "riverbend")).status_code == 403
    team.member.role = "viewer"
    team.member.save()
    assert sign_in(team.member.user).get(url("project_add", "riverbend")).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_things(
    clock, team, applicant, sign_in, rows, django_assert_num_queries
):
    for number in range(rows):
        actions.add_piece(
            Project,
            team=team.team,
            given={"title": f"Project {number}", "started_on": date(2026, 8, 1)},
            by=applicant,
        )
        actions.add_change(
            team=team.team,
            given=ChangeFields(title=f"Test {number}", started_on=date(2026, 8, 1)),
            by=applicant,
        )
        actions.add_piece(
            Evidence,
            team=team.team,
            given={"kind": "story", "from_whom": "A", "text": "B", "heard_on": date(2026, 8, 1)},
            by=applicant,
        )
    client = sign_in(applicant)
    # opening the host 4, login session, user, membership, team, place; aims, projects, changes,
    # evidence, plan
    with django_assert_num_queries(14):
        page = client.get(url("work", "riverbend"))
    text = page.content.decode()
    assert text.count('id="project-') == text.count('id="evidence-') == rows
