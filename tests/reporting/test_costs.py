"""What the pages of a report cost: exactly so many queries, whatever it holds."""

import pytest
from django.test import Client
from django.urls import reverse

from reporting import actions
from tests.factories.reporting import measure_with, submitted_report
from tests.reporting.conftest import NOW
from tests.reporting.test_reports import url


@pytest.mark.parametrize("measures", [1, 3])
def test_a_report_and_its_brief_cost_the_same_for_any_number_of_measures(
    clock, team, third, applicant, sign_in, measures, django_assert_num_queries
):
    """P9: 17 and 9 statements on tables; beside them savepoint, set_config and release."""
    for n in range(measures):
        measure_with(team.team, {"": [(40, 80)] * 18}, slug=f"m{n}", name=f"Measure {n}")
    version = submitted_report(team.team, third, applicant, now=NOW, ask_1="Fund two posts")
    token = actions.leaders._link(version.replies.get())
    client, leader = sign_in(applicant), Client()
    brief = leader.get(reverse("reporting_links:reply", args=[token])).url
    for reader, address, queries in (
        (client, url("report", "riverbend", third.slug), 20),
        (leader, brief, 12),
    ):
        reader.get(address)
        with django_assert_num_queries(queries):
            assert reader.get(address).status_code == 200
