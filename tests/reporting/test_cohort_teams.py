"""The board of a cohort: each team in everything that is followed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from collaboratives.queries.gap_movements import gap_movements, movement_of
from reporting import queries
from reporting.models import MilestoneRating, Period, ProgressScore
from sessions import actions as sessions
from sessions.states import Audience, Kind, Presence
from tests.factories.collaboratives import TeamFactory
from tests.factories.reporting import cohort_with_periods, measure_with, submitted_report
from tests.reporting.conftest import NOW
from tests.reporting.test_reports import url

FEW, LEVEL = [(40, 100)] * 8, [(60, 100)] * 18
CLOSING = [*FEW, *[(58, 100)] * 10]


def gap_of(team, group, reference, **fields):
    """A share in two groups, with what everybody is."""
    everybody = [(a + c, b + d) for (a, b), (c, d) in zip(group, reference, strict=True)]
    numbers = {"": everybody, "b": group, "w": reference}
    fields = {"baseline_points": 8, "reference": "w", **fields}
    measure = measure_with(team, numbers, slug="control", name="Control", **fields)
    measure.gap_group = measure.strata.get(code="b")
    measure.save()
    return measure


def moved(cohort):
    return [(one.team.name, one.moved.code) for one in gap_movements(cohort, cohort.teams.all())]


def call_of_leaders(cohort, at, by, presence):
    call = sessions.schedule(
        cohort=cohort,
        starts_at=at,
        minutes=60,
        fields={"title": "Leaders meet", "kind": Kind.LEADERSHIP, "audience": Audience.LEADERS},
        by=by,
    )
    call = sessions.publish(session=call, by=by, now=at - timedelta(days=9))
    given = {one.pk: presence for one in call.invitees.all()}
    sessions.note_attendance(session=call, presence=given, by=by, now=at + timedelta(hours=2))
    return call


# --- gaps ----------------------------------------------------------------------------------------


def test_only_a_group_that_does_better_closes_a_gap(clock, team):
    """S4-12: a gap that is smaller because the others did worse is no gain."""
    worse = [*[(80, 100)] * 8, *[(60, 100)] * 10]
    cases = (
        (CLOSING, LEVEL, "closing"),
        ([(55, 100)] * 18, worse, "others_worse"),
        ([*[(60, 100)] * 8, *[(35, 100)] * 10], LEVEL, "widening"),
        ([(50, 100)] * 18, LEVEL, "unclear"),
        ([*[(70, 100)] * 8, *[(85, 100)] * 10], LEVEL, "others_worse"),  # was never behind
    )
    for group, reference, code in cases:
        measure = gap_of(team.team, group, reference)
        assert moved(team.team.cohort) == [("Riverbend", code)], code
        measure.delete()


def test_a_gap_of_small_numbers_is_not_told(clock, cohort, team):
    """G26: what is hidden in the team's table is in no gap."""
    gap_of(team.team, [(4, 9)] * 18, LEVEL)
    (one,) = gap_movements(cohort, [team.team])
    assert (one.moved.code, one.moved.points, one.moved.change) == ("untold", None, None)
    assert one.moved.table.masked and "hidden" in one.moved.reason
    assert movement_of(one.moved.table.until(one.moved.table.months[3])).code == "untold"


# --- the board -----------------------------------------------------------------------------------


@pytest.fixture
def page_of(coordinator, sign_in):
    client = sign_in(coordinator)
    return lambda where, **headers: client.get(where, headers=headers).content.decode()


def test_each_number_of_the_board_leads_to_its_list(
    clock, cohort, team, third, other, applicant, coordinator, page_of
):
    """Q: attendance, reports, replies, charters and gaps, for each team and for all."""
    gap_of(team.team, CLOSING, LEVEL)
    submitted_report(team.team, third, applicant, now=NOW)
    call_of_leaders(cohort, NOW - timedelta(days=20), coordinator, Presence.PRESENT)
    found = queries.cohort_teams(cohort, [team.team, other.team], now=NOW)
    assert [(one.team.name, one.came.n, one.came.of) for one in found.lines] == [
        ("Riverbend", 1, 1),
        ("Lakeside", 0, 0),  # it has no leader who could be asked
    ]
    assert (found.reports.n, found.reports.of, found.replies.of) == (1, 5, 1)
    assert (found.gaps["closing"], found.gaps["widening"]) == (1, 0)
    page = page_of(url("cohort_teams", "ln"))
    gaps = reverse("collaboratives:cohort_gaps", args=["prairie", "ln"])
    came = reverse("program_sessions:attendance_board", args=["prairie", "ln"])
    board = url("staff_list", "ln")
    for where in (
        f"{came}#team-{team.team.pk}",
        f"{board}?stands=late#team-{team.team.pk}",
        f"{board}?stands=sent",
        f"{gaps}?moved=closing",
        f"{gaps}?team=riverbend",
        url("team_reports", "riverbend"),
    ):
        assert f'href="{where}"' in page, where
    assert "Too small a change" not in page_of(f"{gaps}?moved=closing")
    assert "20 points" in page_of(gaps)
    assert "1 of 1" in page_of(came)
    part = page_of(url("cohort_teams", "ln"), hx_request="true")
    assert part.lstrip().startswith("<section") and "<html" not in part


def test_a_call_of_leaders_is_asked_for_each_quarter(clock, in_host, coordinator, page_of):
    """S1-17: a leadership call in each quarter, for leaders, and who came."""
    cohort = cohort_with_periods(in_host, key="learning-and-action-network", slug="lan")
    team = TeamFactory(host=in_host, cohort=cohort, name="Oak")
    found = queries.cohort_teams(cohort, [team], now=NOW)
    quarters = Period.objects.filter(cohort=cohort).count()
    assert [one.session for one in found.calls] == [None] * quarters
    call = call_of_leaders(cohort, NOW - timedelta(days=30), coordinator, Presence.ABSENT)
    found = queries.cohort_teams(cohort, [team], now=NOW)
    assert [one.session for one in found.calls].count(call) == 1
    assert "None planned" in page_of(url("cohort_teams", "lan"))


def test_scores_stand_there_once_both_sides_gave_theirs(
    clock, cohort, team, third, applicant, coordinator, analyst, page_of, sign_in
):
    """Q: progress scores on the board. One side's alone would sway the other."""
    version = submitted_report(team.team, third, applicant, now=NOW)
    given = {"report": version.report, "suggested": "1.5", "given_at": NOW}
    where = url("cohort_teams", "ln")
    for side, level, by, shown in (("team", "2.5", applicant, 0), ("coach", "2.0", coordinator, 1)):
        ProgressScore.objects.create(host=cohort.host, side=side, level=level, given_by=by, **given)
        assert page_of(where).count("Team 2.5, coach 2.0") == shown
    assert "Team 2.5" not in sign_in(analyst).get(where).content.decode()


def test_milestones_are_the_teams_own_word(clock, in_host, applicant, page_of):
    """Q, S4-03: how many of the program's milestones each team calls reached; it leads to them."""
    cohort = cohort_with_periods(in_host, key="action-community", slug="ac", leader_replies=False)
    team = TeamFactory(host=in_host, cohort=cohort, name="Oak", slug="oak")
    codes = [one.code for one in cohort.program.blueprint.milestones]
    for code, reach in ((codes[0], "reached"), (codes[1], "begun"), ("dropped", "reached")):
        given = {"code": code, "reach": reach, "evidence": "Seen.", "rated_at": NOW}
        MilestoneRating.objects.create(host=in_host, team=team, rated_by=applicant, **given)
    (line,) = queries.cohort_teams(cohort, [team], now=NOW).lines
    assert (line.milestones.n, line.milestones.of) == (1, len(codes))
    assert f'href="{url("milestones", "oak")}"' in page_of(url("cohort_teams", "ac"))


def test_coaches_see_their_own_teams_and_strangers_none(
    clock, cohort, team, other, coach, analyst, stranger, applicant, sign_in
):
    team.team.coach = coach
    team.team.save()
    page = sign_in(coach).get(url("cohort_teams", "ln")).content.decode()
    assert "Riverbend" in page and "Lakeside" not in page
    assert "Lakeside" in sign_in(analyst).get(url("cohort_teams", "ln")).content.decode()
    for one in (stranger, applicant):
        assert sign_in(one).get(url("cohort_teams", "ln")).status_code in (403, 404)


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_for_any_number_of_teams(
    clock, rows, cohort, coordinator, django_assert_num_queries
):
    teams = [TeamFactory(host=cohort.host, cohort=cohort, name=f"T{n}") for n in range(rows)]
    for one in teams:
        gap_of(one, CLOSING, LEVEL)
    call_of_leaders(cohort, NOW - timedelta(days=20), coordinator, Presence.PRESENT)
    with django_assert_num_queries(13):
        assert len(queries.cohort_teams(cohort, teams, now=NOW).lines) == rows
