"""How far a team has come: what its facts suggest, its own word, and its coach's."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from collaboratives.queries.measures import Reader
from reporting import actions
from reporting.models import ProgressScore, Project
from reporting.progress import LEVELS, VALUES, Facts, suggested
from reporting.queries.progress import facts_of, scores_of
from reporting.states import Side
from tenancy.models import AuditEvent
from tests.factories.reporting import measure_with, submitted_report
from tests.reporting.conftest import NOW
from tests.reporting.test_coaching import text_of
from tests.reporting.test_reports import url

TEAM_PAGE = ("score", "riverbend", "2026-q3")
COACH_PAGE = ("coach_score", "riverbend", "2026-q3", 1)

# Each adds the fact of one level to those before it.
CLIMB = (
    {},
    {"people": 3, "has_lead": True, "has_leader": True},
    {"aim": True, "charter": True},
    {"months": 1, "tests": 1},
    {"learned": 1},
    {"learned": 2, "months": 6},
    {"gain": True},
    {"closing": True},
    {"adopted": True},
    {"spread": True},
)


def climbed(steps):
    facts = Facts(charter=False)
    for more in CLIMB[:steps]:
        facts = replace(facts, **more)
    return facts


@pytest.fixture
def version(clock, coached, third, measure, applicant):
    return submitted_report(coached.team, third, applicant, now=NOW)


def give(client, page, level, evidence="Seen on the chart.", seen=""):
    return client.post(url(*page), {"level": level, "evidence": evidence, "seen": seen})


# --- the rule ------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", range(1, 11))
def test_each_fact_suggests_the_next_level(steps):
    """S4-12: a gap that closes is a level of its own. S4-10: scale and sustain are the last."""
    assert suggested(climbed(steps)) == VALUES[steps - 1]


@pytest.mark.parametrize("step", range(1, 10))
def test_no_level_is_left_out(step):
    """All facts but one: the level below it, whatever else is there."""
    missing = {name: type(value)() for name, value in CLIMB[step].items()}
    if step == 3:
        missing = {"tests": 0}
    if step == 5:
        missing = {"months": 5}
    assert suggested(replace(climbed(10), **missing)) == VALUES[step - 1]


def test_the_levels_go_from_a_half_to_five_in_halves():
    assert tuple(Decimal(n) / 2 for n in range(1, 11)) == VALUES
    assert len({str(level.name) for level in LEVELS}) == 10


def test_where_no_charter_is_signed_none_is_missed():
    assert suggested(replace(climbed(4), charter=None)) == Decimal("2.0")


# --- the facts -----------------------------------------------------------------------------------


def test_facts_come_from_the_report_and_the_roster(clock, coached, third, applicant):
    """S4-08, S4-09: gains show in measures; S4-12: the gap, the group doing better."""
    team = coached.team
    measure_with(
        team,
        {
            "": [(300, 500)] * 8 + [(360, 500)] * 10,
            "black": [(80, 200)] * 8 + [(140, 200)] * 10,
            "white": [(220, 300)] * 18,
        },
        slug="pressure",
        reference="white",
        baseline_points=8,
    )
    for title, study in (("Calls", "Seven in ten."), ("Cuffs", "Few sent."), ("Visits", "")):
        actions.add_change(
            team=team,
            given=actions.ChangeFields(title=title, started_on=third.starts_on, study=study),
            by=applicant,
        )
    actions.add_piece(
        Project,
        team=team,
        given={"title": "Calls", "stage": "adopted", "started_on": third.starts_on},
        by=applicant,
    )
    version = submitted_report(team, third, applicant, now=NOW)
    assert facts_of(version, Reader.member(coached.lead)) == Facts(
        people=4,
        has_lead=True,
        has_leader=True,
        aim=True,
        charter=None if not team.cohort.signs_charter else False,
        months=18,
        tests=3,
        learned=2,
        gain=True,
        closing=True,
        adopted=True,
        spread=False,
    )


def test_a_coach_learns_nothing_of_a_small_group(clock, coached, third, applicant):
    """A shift that only a group of fewer than 11 shows is a fact for the team alone."""
    measure_with(
        coached.team,
        {
            "": [(400, 500)] * 18,
            "aian": [(1, 10)] * 9 + [(9, 10)] * 9,
            "white": [(399 - m % 2, 490) for m in range(18)],
        },
        slug="small",
    )
    version = submitted_report(coached.team, third, applicant, now=NOW)
    assert facts_of(version, Reader.member(coached.lead)).gain
    assert not facts_of(version, Reader.outsider()).gain


# --- scoring -------------------------------------------------------------------------------------


def test_neither_sees_the_others_score_before_its_own(version, coach, coached, sign_in):
    """S3-22: a team formally reflects on its progress each quarter, its coach beside it."""
    team, mine = sign_in(coached.lead.user), sign_in(coach)
    assert give(mine, COACH_PAGE, "2.5", "The coach saw no test.").status_code == 302
    seen = scores_of(version.report, Side.TEAM)
    assert (seen.own, seen.other, seen.waits) == (None, None, True)
    page = text_of(team.get(url(*TEAM_PAGE)))
    assert "Your coach has given a score." in page and "The coach saw no test." not in page
    give(team, TEAM_PAGE, "3.5", "The team saw a shift.")
    for client, where in ((team, TEAM_PAGE), (mine, COACH_PAGE)):
        page = text_of(client.get(url(*where)))
        assert "The coach saw no test." in page and "The team saw a shift." in page
        assert "The coach sees it 1.0 lower than the team." in page
    report = text_of(team.get(url("report", "riverbend", "2026-q3")))
    assert "The coach sees it 1.0 lower than the team." in report
    home = text_of(team.get(url("coaching_for_team", "riverbend")))
    assert "3.5" in home and "2.5" in home


@pytest.mark.parametrize(
    ("coach_level", "words"),
    [
        ("3.0", "Team and coach see it the same way."),
        ("3.5", "The coach sees it 0.5 higher than the team."),
    ],
)
def test_the_difference_is_said_plainly(version, coach, applicant, coach_level, words):
    for side, level, by in ((Side.TEAM, "3.0", applicant), (Side.COACH, coach_level, coach)):
        actions.score_progress(
            report=version.report,
            side=side,
            level=Decimal(level),
            evidence="",
            suggested=Decimal("1.0"),
            seen="",
            now=NOW,
            by=by,
        )
    assert scores_of(version.report, Side.TEAM).difference.startswith(words)


def test_more_than_the_facts_suggest_needs_words(version, coached, sign_in):
    client = sign_in(coached.lead.user)
    refused = give(client, TEAM_PAGE, "5.0", evidence=" ")
    assert refused.status_code == 422
    assert "That is more than the facts here suggest." in text_of(refused)
    assert give(client, TEAM_PAGE, "0.5", evidence="").status_code == 302
    assert give(client, TEAM_PAGE, "9.9").status_code == 422
    assert give(client, TEAM_PAGE, "").status_code == 422
    assert ProgressScore.objects.get().level == Decimal("0.5")


def test_a_colleague_who_scored_meanwhile_is_not_covered_up(
    version,
    coached,
    clock,
    sign_in,
):
    first, second = sign_in(coached.lead.user), sign_in(coached.member.user)
    give(first, TEAM_PAGE, "2.0", "From Dana.")
    refused = give(second, TEAM_PAGE, "3.0", "From Marcus.")
    assert refused.status_code == 422
    page = text_of(refused)
    assert "From Dana." in page and "From Marcus." in page
    clock.move_to(NOW + timedelta(minutes=1), tick=False)
    assert give(second, TEAM_PAGE, "3.0", "From Marcus.", NOW.isoformat()).status_code == 302
    event = AuditEvent.objects.filter(verb="scored").latest("pk")
    assert (event.before["evidence"], event.after["evidence"]) == ("From Dana.", "From Marcus.")
    assert not AuditEvent.objects.about(version.report).filter(verb="scored").exists()


def test_who_may_score_and_who_may_look(
    version,
    coached,
    coach,
    other,
    analyst,
    sign_in,
):
    for person, page, status in (
        (other.user, TEAM_PAGE, 404),
        (analyst, TEAM_PAGE, 403),
        (coach, TEAM_PAGE, 403),
        (analyst, COACH_PAGE, 403),
        (coached.lead.user, COACH_PAGE, 404),
    ):
        client = sign_in(person)
        assert client.get(url(*page)).status_code == status
        assert give(client, page, "2.0").status_code == status
    coached.member.role = "viewer"
    coached.member.save()
    looking = sign_in(coached.member.user)
    page = looking.get(url(*TEAM_PAGE))
    assert page.status_code == 200 and "Save the score" not in text_of(page)
    assert give(looking, TEAM_PAGE, "2.0").status_code == 403
    assert not ProgressScore.objects.exists()
    give(sign_in(coached.lead.user), TEAM_PAGE, "2.0", "A word of the team.")
    for person in (other.user, analyst):
        page = sign_in(person).get(url("report", "riverbend", "2026-q3"))
        assert page.status_code == 200 and "A word of the team." not in text_of(page)
