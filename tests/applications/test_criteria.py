"""By which criteria each program judges an application, and what staff read beside each."""

from html import unescape

import pytest
from django.urls import reverse

from collaboratives.blueprints import load
from tests.factories.applications import ApplicationFactory, OpenCohortFactory
from tests.factories.collaboratives import ProgramFactory

LEARNING_AND_ACTION = {
    "improvement": ("methods", "past_results", "results_file", "lessons"),  # S1-01
    "levels": ("work_level", "leadership_shown", "equity_work"),  # S1-02
    "partners": ("partners",),  # S1-03
    "systems_issue": ("three_levels",),  # S1-04
    "real_data": ("data_collected", "data_quality"),  # S1-05
    "first_work": ("equity_work", "why_now"),  # S1-36
    "data_systems": ("looks_at_groups", "gap_today", "data_barriers"),  # S1-37
    "shares": ("shares_data", "agrees_share", "agrees_share_publicly"),  # S1-38
    "strategy_and_care": ("work_level",),  # S1-39
    "names_racism": ("names_racism", "names_racism_how"),  # S1-40
    "departments": ("team",),  # S1-41
    "letter": ("ceo_letter", "letter_covers"),  # S1-15
}
ACTION_COMMUNITY = {
    "systems_issue": ("three_levels", "names_racism", "names_racism_how"),  # S4-13
    "shares": ("agrees_share", "shares_data"),  # S4-14
    "takes_part": ("attend_all", "travel", "protected_time"),  # S4-15
    "letters": ("ceo_letter", "board_letter", "leadership_shown"),  # S4-16
    "dissemination": ("agrees_dissemination", "sharing_ways"),  # S4-18
    "improvement": ("methods", "past_results", "results_file", "lessons"),  # S4-19
    "data": ("data_collected", "data_quality", "sogi_plan"),  # S4-20
    "team": ("team", "team_size_reason"),  # S4-21
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("program", "evidence"),
    [
        ("learning-and-action-network", LEARNING_AND_ACTION),
        ("action-community", ACTION_COMMUNITY),
    ],
)
def test_staff_read_each_criterion_beside_its_evidence(
    program, evidence, in_host, host, coordinator, sign_in
):
    blueprint = load(program)
    assert {one.code: one.evidence for one in blueprint.criteria} == evidence
    cohort = OpenCohortFactory(
        host=host, program=ProgramFactory(host=host, blueprint_key=program), slug="judged"
    )
    sent = ApplicationFactory(host=host, cohort=cohort, status="submitted")
    read = reverse("applications:read", args=["prairie", "judged", sent.reference])
    page = unescape(sign_in(coordinator).get(read).content.decode())
    for criterion in blueprint.criteria:
        assert str(criterion.text) in page, criterion.code
