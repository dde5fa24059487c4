"""A team in its third quarter, with a lead, a leader and an alternate."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
import time_machine

from reporting.models import Period
from tests.factories import UserFactory
from tests.factories.collaboratives import (
    CohortFactory,
    OrganizationFactory,
    TeamFactory,
    TeamMemberFactory,
)
from tests.factories.reporting import cohort_with_periods, measure_with

NOW = datetime(2026, 11, 9, 16, tzinfo=UTC)


@pytest.fixture
def clock():
    """Monday, November 9, 2026, 10:00 in Chicago: quarter 3 is open and due on November 15."""
    with time_machine.travel(NOW, tick=False) as at:
        yield at


@pytest.fixture
def cohort(in_host):
    return cohort_with_periods(in_host, slug="ln", name="Learning Network")


@pytest.fixture
def third(cohort):
    return Period.objects.get(cohort=cohort, number=3)


# A small group whose numbers are found nowhere else.
NUMBERS = {
    "": [(617 + m, 953 + m) for m in range(18)],
    "aian": [(7, 43)] * 18,
    "black": [(211 + 3 * m, 397) for m in range(18)],
    "white": [(399, 533)] * 18,
}
LABELS = {
    "aian": "American Indian or Alaska Native",
    "black": "Black or African American",
    "white": "White",
}


@pytest.fixture
def team(cohort, applicant):
    """lead, member: people who sign in. leader, alternate: names on the roster."""
    organization = OrganizationFactory(host=cohort.host, name="Riverbend Regional")
    team = TeamFactory(
        host=cohort.host,
        cohort=cohort,
        organization=organization,
        slug="riverbend",
        name="Riverbend",
        aim="70% of patients in every group by June 2027.",
    )

    def add(user=None, **fields):
        return TeamMemberFactory(host=team.host, team=team, user=user, **fields)

    return SimpleNamespace(
        team=team,
        lead=add(applicant, role="lead"),
        member=add(
            UserFactory(name="Marcus Okafor", email="marcus@riverbend.example"), role="member"
        ),
        leader=add(
            name="Elena Alvarez",
            title="Chief Executive",
            email="elena@riverbend.example",
            role="viewer",
            leadership="senior_leader",
        ),
        alternate=add(
            name="Otis Park", email="otis@riverbend.example", role="viewer", leadership="alternate"
        ),
    )


@pytest.fixture
def coached(team, coach):
    """The same team, given to a coach."""
    team.team.coach = coach
    team.team.save()
    return team


@pytest.fixture
def measure(team):
    return measure_with(
        team.team,
        NUMBERS,
        labels=LABELS,
        slug="pressure",
        name="Blood pressure control",
        target=0.7,
        baseline_points=8,
    )


@pytest.fixture
def other(cohort):
    """Somebody of another team in the same cohort."""
    team = TeamFactory(host=cohort.host, cohort=cohort, slug="other", name="Lakeside")
    user = UserFactory(name="Nia Bell", email="nia@lakeside.example")
    return TeamMemberFactory(host=cohort.host, team=team, user=user, role="lead")


@pytest.fixture
def far(in_host):
    """Somebody on a team of another cohort of the host, which is over."""
    cohort = CohortFactory(
        host=in_host, slug="old", starts_on=date(2024, 1, 1), ends_on=date(2025, 6, 1)
    )
    clinic = OrganizationFactory(host=in_host, name="Far Clinic", type="health_center")
    team = TeamFactory(
        host=in_host, cohort=cohort, organization=clinic, slug="far", name="Far",
        clinical_areas=["Diabetes"],
    )  # fmt: skip
    user = UserFactory(name="Ada Finch", email="ada@far.example")
    return TeamMemberFactory(host=in_host, team=team, user=user, role="lead")
