"""Measures across the teams of a cohort: pooled, counted, and safe to give out."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from analytics.inequalities import NotApplicable
from collaboratives.actions.measure_releases import NotSafe, publish_benchmark
from collaboratives.models import Benchmark
from collaboratives.queries.cohort_measures import cohort_measures, proposal
from tests.factories.collaboratives import CohortFactory, TeamFactory, TeamMemberFactory
from tests.factories.reporting import measure_with

NOW = datetime(2026, 11, 9, 15, tzinfo=UTC)
RISING = [50, 52, 49, 51, 50, 53, 48, 50, 51, 49, 70, 72, 71, 69, 73, 70, 71, 72]


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def cohort(in_host):
    return CohortFactory(host=in_host, slug="spring")


def team_with(cohort, numbers, **fields):
    team = TeamFactory(host=cohort.host, cohort=cohort)
    measure_with(team, numbers, slug="pressure", name="Pressure", baseline_points=8, **fields)
    return team


def teams(cohort, count, num=40, den=80):
    return [team_with(cohort, {"": [(num + n, den)] * 14}) for n in range(count)]


def url(name, *args):
    return reverse(f"collaboratives:{name}", args=["prairie", "spring", *args])


def test_what_teams_have_in_common_is_pooled(cohort):
    team_with(cohort, {"": [(40, 80)] * 14, "a": [(20, 40)] * 14, "b": [(20, 40)] * 14})
    team_with(cohort, {"": [(30, 90)] * 14, "a": [(15, 45)] * 14, "b": [(15, 45)] * 14})
    (one,) = cohort_measures(cohort)
    assert (one.teams, one.organizations) == (2, 2)
    assert one.pooled.masked
    cells = {group.code: group.cells[0] for group in one.pooled.groups}
    assert (cells[""].numerator, cells[""].denominator) == (70, 170)
    assert (cells["a"].numerator, cells["a"].denominator) == (35, 85)


def test_a_number_hidden_in_its_team_is_in_no_sum(cohort):
    """Else the sum minus the teams that are shown would be the hidden number."""
    shown = {"": [(60, 180)] * 14, "a": [(20, 60)] * 14, "b": [(20, 60)] * 14, "c": [(20, 60)] * 14}
    small = {"": [(47, 180)] * 14, "a": [(7, 60)] * 14, "b": [(20, 60)] * 14, "c": [(20, 60)] * 14}
    team_with(cohort, shown)
    team_with(cohort, small)
    (one,) = cohort_measures(cohort)
    cells = {group.code: group.cells[0] for group in one.pooled.groups}
    assert (cells["a"].numerator, cells["a"].denominator) == (20, 60)  # of the first team alone
    assert (cells[""].numerator, cells[""].denominator) == (107, 360)


def test_how_many_groups_signal(cohort):
    team_with(cohort, {"": [(n, 100) for n in RISING]})
    team_with(cohort, {"": [(50 + n % 2, 100) for n in range(18)]})
    team_with(cohort, {"": [(120 - n, 200) for n in RISING]})
    team_with(cohort, {"": [(50 + n, 100) for n in range(5)]})
    (one,) = cohort_measures(cohort)
    told = one.signals
    assert (told.improving, told.worsening, told.ordinary, told.too_few) == (1, 1, 1, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_any_number_of_teams(cohort, count, django_assert_num_queries):
    teams(cohort, count)
    with django_assert_num_queries(5):  # measures, groups, points, decisions; benchmarks
        assert cohort_measures(cohort)[0].teams == count


def test_no_benchmark_below_five_organizations(cohort, coordinator):
    teams(cohort, 4)
    with pytest.raises(NotSafe, match="fewer than five"):
        publish_benchmark(cohort=cohort, slug="pressure", type_="proportion", now=NOW,
                          by=coordinator)  # fmt: skip
    teams(cohort, 1)
    kept = publish_benchmark(
        cohort=cohort, slug="pressure", type_="proportion", now=NOW, by=coordinator
    )
    assert (kept.numerator, kept.denominator, len(kept.members)) == (3 * 206, 3 * 400, 5)


def test_small_numbers_are_in_no_benchmark(cohort):
    """All minus one: the large one knows its own number, so what is left must not be small. What
    is hidden in a team's table is not pooled at all."""
    team_with(cohort, {"": [(500, 900)] * 14})
    for _ in range(4):
        team_with(cohort, {"": [(2, 30)] * 14})
    found = proposal(cohort, slug="pressure", type_="proportion")
    assert isinstance(found.pool, NotApplicable)
    assert len(found.members) == 1


def test_no_benchmark_too_close_to_an_earlier_one(cohort, coordinator):
    teams(cohort, 5)
    publish_benchmark(cohort=cohort, slug="pressure", type_="proportion", now=NOW, by=coordinator)
    teams(cohort, 1)
    with pytest.raises(NotSafe, match="too close"):
        publish_benchmark(cohort=cohort, slug="pressure", type_="proportion", now=NOW,
                          by=coordinator)  # fmt: skip
    teams(cohort, 4)
    publish_benchmark(cohort=cohort, slug="pressure", type_="proportion", now=NOW, by=coordinator)
    assert Benchmark.objects.count() == 2


def test_staff_see_the_cohort_and_teams_the_benchmark(
    cohort, coordinator, analyst, applicant, stranger, sign_in
):
    first = teams(cohort, 5)[0]
    client = sign_in(coordinator)
    page = client.get(url("cohort_measures")).content.decode()
    assert "Pressure" in page and "5 organizations" in page
    one = url("cohort_measure", "pressure")
    assert "Give out a benchmark" in client.get(one).content.decode()
    assert client.post(url("cohort_benchmark", "pressure")).status_code == 302
    reading = sign_in(analyst)
    assert reading.get(one).status_code == 200
    assert "Give out a benchmark" not in reading.get(one).content.decode()
    assert reading.post(url("cohort_benchmark", "pressure")).status_code == 403
    assert sign_in(stranger).get(one).status_code in (403, 404)
    TeamMemberFactory(host=cohort.host, team=first, user=applicant, role="viewer")
    own = reverse("collaboratives:measure", args=["prairie", first.slug, "pressure"])
    text = sign_in(applicant).get(own).content.decode()
    assert "5 organizations together: 52%" in text
    assert sign_in(applicant).get(one).status_code == 404


def test_a_refused_benchmark_says_why(cohort, coordinator, sign_in):
    teams(cohort, 2)
    client = sign_in(coordinator)
    done = client.post(url("cohort_benchmark", "pressure"), follow=True)
    assert "Fewer than five organizations have numbers." in done.content.decode()
    assert not Benchmark.objects.exists()
    assert client.get(url("cohort_measure", "nothing")).status_code == 404
