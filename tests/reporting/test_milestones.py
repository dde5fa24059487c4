"""The milestones of a program, as a team rates itself."""

import re
from datetime import timedelta

import pytest

from collaboratives.models import Team
from reporting.models import MilestoneRating
from tenancy.models import AuditEvent
from tests.factories.collaboratives import (
    CohortFactory,
    ProgramFactory,
    TeamFactory,
    TeamMemberFactory,
)
from tests.reporting.conftest import NOW
from tests.reporting.test_coaching import text_of
from tests.reporting.test_reports import url


def rate(client, code, reach, evidence="", seen="", team="riverbend"):
    sent = {f"{code}-reach": reach, f"{code}-evidence": evidence, f"{code}-seen": seen}
    return client.post(url("milestones", team), {"milestone": code, **sent})


def milestone(page, code):
    """The part of the page about one of them."""
    start = page.index(f'<section id="milestone-{code}"')
    return page[start : page.index("</section>", start)]


def test_a_team_rates_itself_with_what_shows_it(clock, team, measure, sign_in):
    """S3-09 to S3-15: where a team can be at the end, each with what it speaks of."""
    client = sign_in(team.lead.user)
    page = text_of(client.get(url("milestones", "riverbend")))
    assert page.count("Not rated yet") == 6 and "0 of 6 reached" in page
    assert "Noted here:" in page and "Not noted here yet:" in page
    assert "Not noted here yet:" in milestone(page, "clinical_area")  # S3-13
    Team.objects.filter(pk=team.team.pk).update(clinical_areas=["Pregnancy and birth"])
    page = text_of(client.get(url("milestones", "riverbend")))
    assert "Noted here:" in milestone(page, "clinical_area")
    assert rate(client, "data", "reached").status_code == 422  # without a word
    assert rate(client, "data", "reached", "We read it by group.").status_code == 302
    assert rate(client, "history", "begun").status_code == 302
    assert rate(client, "none-of-it", "begun").status_code == 404
    page = text_of(client.get(url("milestones", "riverbend")))
    assert "1 of 6 reached" in page and "We read it by group." in page
    home = text_of(client.get(url("coaching_for_team", "riverbend")))
    assert "1 of 6 reached" in home


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("learning-and-action-network", ["team", "clinical_areas", "measures", "tests"]),
        ("progress-report-ian", ["opportunities", "tools", "charter"]),
        (
            "action-community",
            ["outcomes", "stratified", "framing", "culture", "partnerships", "systems"],
        ),
    ],
)
def test_each_program_has_its_own(clock, in_host, key, codes, applicant, sign_in):
    """S4-12, S4-13: the milestones are data of the program."""
    cohort = CohortFactory(host=in_host, program=ProgramFactory(host=in_host, blueprint_key=key))
    team = TeamFactory(host=in_host, cohort=cohort, slug="other-program")
    TeamMemberFactory(host=in_host, team=team, user=applicant, role="lead")
    page = text_of(sign_in(applicant).get(url("milestones", "other-program")))
    assert re.findall(r'<section id="milestone-(\w+)"', page) == codes


def test_staff_read_it_and_confirm_nothing_and_other_teams_see_nothing(
    clock, team, other, coordinator, coach, sign_in
):
    rate(sign_in(team.lead.user), "history", "begun", "We met with elders.")
    page = sign_in(coordinator).get(url("milestones", "riverbend"))
    assert "We met with elders." in text_of(page) and "<form" not in main_of(page)
    assert rate(sign_in(coordinator), "history", "reached", "Yes.").status_code == 403
    for person in (other.user, coach):
        assert sign_in(person).get(url("milestones", "riverbend")).status_code == 404
        assert rate(sign_in(person), "history", "reached", "Yes.").status_code == 404
    team.member.role = "viewer"
    team.member.save()
    assert rate(sign_in(team.member.user), "history", "reached", "Yes.").status_code == 403
    assert MilestoneRating.objects.get().reach == "begun"


def main_of(page):
    text = text_of(page)
    return text[text.index("<main") : text.index("</main>")]


def test_a_colleague_who_rated_meanwhile_is_not_covered_up(clock, team, sign_in):
    first, second = sign_in(team.lead.user), sign_in(team.member.user)
    rate(first, "history", "begun", "From Dana.")
    refused = rate(second, "history", "reached", "From Marcus.")
    assert refused.status_code == 422
    assert "From Dana." in text_of(refused) and "From Marcus." in text_of(refused)
    clock.move_to(NOW + timedelta(minutes=1), tick=False)
    again = rate(second, "history", "reached", "From Marcus.", NOW.isoformat())
    assert again.status_code == 302
    event = AuditEvent.objects.filter(verb="rated a milestone").latest("pk")
    assert (event.before["evidence"], event.after["evidence"]) == ("From Dana.", "From Marcus.")


def test_what_a_program_drops_stays_readable(clock, team, cohort, sign_in):
    client = sign_in(team.lead.user)
    rate(client, "history", "begun", "We met with elders.")
    MilestoneRating.objects.update(code="gone")
    page = text_of(client.get(url("milestones", "riverbend")))
    assert page.index("From before") < page.index("We met with elders.")


def test_the_number_on_the_board_opens_who_stands_where(clock, team, other, coordinator, sign_in):
    """Each milestone with every team; the board's number is their sum."""
    assert rate(sign_in(team.lead.user), "data", "reached", "By group.").status_code == 302
    assert rate(sign_in(other.user), "data", "begun", team="other").status_code == 302
    staff = sign_in(coordinator)
    address = url("cohort_milestones", "ln")
    assert f'<a href="{address}">1 of 12</a>' in text_of(staff.get(url("cohort_teams", "ln")))
    page = text_of(staff.get(address))
    row = page.split('id="milestone-data"')[1].split("</section>")[0]
    assert "1 of 2 reached" in row and "By group." in row
    assert row.index("Lakeside") < row.index("Riverbend")
    assert "On the way" in row
    assert sign_in(team.lead.user).get(address).status_code == 404
