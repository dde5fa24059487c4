"""A read whose SQL is written once stays inside the host, whichever wall is taken away."""

import pytest
from django.db import connection
from django.db.models import CharField, F
from django.test.utils import CaptureQueriesContext

from collaboratives.models import Organization
from tenancy.active import HostNotActive, all_hosts, open_host
from tenancy.models import Host, HostManager
from tenancy.prepared import SOME_HOST, Given, Prepared
from tests.factories.collaboratives import OrganizationFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_city():
    return Prepared(
        lambda: (
            Organization.objects.filter(city=Given("city", CharField()))
            .annotate(town=F("city"))
            .order_by("pk")
        )
    )


def test_it_is_written_once_and_answers_each_host_and_value(in_city, host, other_host):
    ours = OrganizationFactory(host=host, city="Peoria")
    theirs = OrganizationFactory(host=other_host, city="Peoria")
    for _ in range(2):
        with open_host(host.pk):
            assert [(one, one.town, one.name) for one in in_city(city="Peoria")] == [
                (ours, "Peoria", ours.name)
            ]
            assert in_city(city="Springfield") == []
        with open_host(other_host.pk):
            assert in_city(city="Peoria") == [theirs]
    assert len(in_city.written) == 1


def test_it_refuses_without_a_host(in_city, host):
    OrganizationFactory(host=host, city="Peoria")
    for _ in range(2):
        with pytest.raises(HostNotActive):
            in_city(city="Peoria")
        with pytest.raises(HostNotActive), all_hosts():
            in_city(city="Peoria")
        with open_host(host.pk):
            assert len(in_city(city="Peoria")) == 1


def test_the_codes_wall_is_in_its_sql(in_city, host):
    for _ in range(2):
        with open_host(host.pk), CaptureQueriesContext(connection) as asked:
            in_city(city="Peoria")
        sql = asked.captured_queries[-1]["sql"]
        assert f"\"host_id\" = '{host.pk.hex}'::uuid" in sql
        assert str(SOME_HOST) not in sql


def test_with_the_codes_wall_gone_the_database_still_shows_nothing(
    in_city, host, other_host, monkeypatch
):
    OrganizationFactory(host=other_host, city="Peoria")
    with open_host(host.pk):
        assert in_city(city="Peoria") == []
        monkeypatch.setattr(
            HostManager, "get_queryset", super(HostManager, HostManager).get_queryset
        )
        with CaptureQueriesContext(connection) as asked:
            assert in_city(city="Peoria") == []
        assert host.pk.hex not in asked.captured_queries[0]["sql"]  # the wall is really down


def test_what_it_brings_along_is_whole(host):
    team = TeamFactory(host=host)
    prepared = Prepared(
        lambda: (
            type(team)
            .objects.select_related("organization")
            .filter(organization__city=Given("city", CharField()))
            .order_by("pk")
        )
    )
    with open_host(host.pk):
        (found,) = prepared(city=team.organization.city)
        with CaptureQueriesContext(connection) as asked:
            assert found.organization == team.organization
            assert found.organization.name == team.organization.name
    assert len(asked) == 0


def test_postgres_keeps_one_plan_for_all_values_and_constants_stand_in_it(host):
    prepared = Prepared(
        lambda: Host.objects.exclude(name="100%").filter(slug=Given("slug", CharField()))
    )
    found = [prepared.first(slug=slug) for slug in (host.slug, "nowhere", host.slug)]
    assert found == [host, None, host]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%100\\%%slug%'"
        )
        assert cursor.fetchall() == [(3, 0)]
