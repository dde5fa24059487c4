"""People and places of this room's tests."""

import pytest

from tests.factories.collaboratives import CohortFactory, ProgramFactory, TeamFactory


@pytest.fixture
def program(host):
    return ProgramFactory(host=host, slug="learning-network", name="Learning Network")


@pytest.fixture
def cohort(host, program):
    return CohortFactory(
        host=host,
        program=program,
        slug="learning-network-2027",
        name="Learning Network 2027",
        code="LN27",
    )


@pytest.fixture
def team(host, cohort):
    return TeamFactory(host=host, cohort=cohort, slug="riverbend", name="Riverbend Regional")
