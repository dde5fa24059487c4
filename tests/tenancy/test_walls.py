"""Each wall holds alone: the code's and the database's."""

import psycopg
import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django.db.models import Count, Exists, OuterRef
from django.urls import reverse

from accounts.models import Membership, User
from collaboratives.models import Cohort, Organization, Team
from tenancy import audit, links
from tenancy.active import HostNotActive, all_hosts, open_host
from tenancy.models import AuditEvent, HostManager
from tests.conftest import owner_url
from tests.factories import MembershipFactory
from tests.factories.collaboratives import OrganizationFactory, TeamFactory

pytestmark = pytest.mark.django_db

READS = {
    "exists": lambda q: q.exists(),
    "count": lambda q: q.count(),
    "first": lambda q: q.first(),
    "list": lambda q: list(q.all()),
    "iterator": lambda q: list(q.iterator()),
    "in_bulk": lambda q: q.in_bulk([1]),
    "aggregate": lambda q: q.aggregate(n=Count("pk"))["n"],
    "values": lambda q: list(q.values_list("pk", flat=True)),
    "union": lambda q: list(q.all().union(q.all())),
    "update": lambda q: q.update(city="x"),
    "delete": lambda q: q.all().delete()[0],
    "subquery": lambda q: list(User.objects.filter(Exists(q.filter(pk=OuterRef("pk"))))),
    "select_for_update": lambda q: list(q.select_for_update(of=("self",))),
}


@pytest.mark.parametrize("read", READS)
def test_without_a_host_the_code_refuses(read, host):
    OrganizationFactory(host=host)
    with pytest.raises(HostNotActive):
        READS[read](Organization.objects)


@pytest.mark.parametrize("read", READS)
def test_another_hosts_rows_are_not_there(read, host, other_host):
    theirs = OrganizationFactory(host=other_host)
    with open_host(host.pk):
        assert not READS[read](Organization.objects)
    with open_host(other_host.pk):
        assert Organization.objects.get() == theirs


@pytest.mark.parametrize("read", READS)
def test_with_the_codes_wall_gone_the_database_still_shows_nothing(
    read, host, other_host, monkeypatch
):
    OrganizationFactory(host=other_host, name="CANARY")
    monkeypatch.setattr(HostManager, "get_queryset", super(HostManager, HostManager).get_queryset)
    with open_host(host.pk), all_hosts():
        assert not READS[read](Organization.objects)
    with all_hosts():
        assert not READS[read](Organization.objects)


def test_a_row_cannot_be_put_into_another_host(host, other_host):
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with open_host(host.pk), refused, transaction.atomic():
        Organization.objects.create(host=other_host, name="x", type="hospital")


def test_a_row_cannot_point_into_another_host(host, other_host):
    """A plain foreign key would take it: Postgres checks those without the policies."""
    theirs = TeamFactory(host=other_host)
    ours = TeamFactory(host=host)
    with open_host(host.pk), pytest.raises(IntegrityError), transaction.atomic():
        Team.objects.filter(pk=ours.pk).update(organization_id=theirs.organization_id)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_following_a_key_and_a_reverse_relation_stay_inside(host, other_host):
    team = TeamFactory(host=other_host)
    with open_host(host.pk):
        assert list(team.cohort.teams.all()) == []
        with pytest.raises(Cohort.DoesNotExist):
            Team(pk=team.pk, cohort_id=team.cohort_id).cohort


def test_hosts_nest_and_come_back(host, other_host):
    OrganizationFactory(host=host, name="ours")
    OrganizationFactory(host=other_host, name="theirs")
    with open_host(host.pk):
        with open_host(other_host.pk):
            assert Organization.objects.get().name == "theirs"
        assert Organization.objects.get().name == "ours"


@pytest.mark.django_db(transaction=True)
def test_the_setting_ends_with_the_transaction(host):
    with open_host(host.pk):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.host_id', true)")
        assert cursor.fetchone()[0] in ("", None)


def test_a_person_finds_their_memberships_in_every_host(host, other_host, coordinator):
    from tenancy.active import open_person

    MembershipFactory(host=other_host, user=coordinator)
    MembershipFactory(host=other_host)
    with open_person(coordinator.pk):
        assert {m.host_id for m in Membership.across_hosts.all()} == {host.pk, other_host.pk}
    assert list(Membership.across_hosts.all()) == []


def test_audit_events_cannot_be_changed_or_removed(in_host, coordinator):
    organization = OrganizationFactory(host=in_host)
    audit.record("renamed", organization, by=coordinator, after={"name": "New"})
    assert [e.verb for e in AuditEvent.objects.about(organization)] == ["renamed"]
    for change in (
        lambda: AuditEvent.objects.update(verb="x"),
        lambda: AuditEvent.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()


def test_a_link_is_found_by_its_token_and_kind_until_it_ends(in_host):
    from datetime import timedelta

    from django.utils import timezone

    now = timezone.now()
    team = TeamFactory(host=in_host)
    token = links.issue(kind="reply", subject=team, expires_at=now + timedelta(days=1))
    assert links.find(token, kind="reply").subject_id == team.pk
    assert links.find(token, kind="letter") is None
    assert links.find(token[:-1] + "x", kind="reply") is None
    assert links.revoke(kind="reply", subject=team, now=now) == 1
    assert links.find(token, kind="reply") is None


def row_security(action: str) -> None:
    """ENABLE or DISABLE row-level security on every host-owned table, as their owner."""
    with psycopg.connect(owner_url(settings.DATABASES["default"]["NAME"])) as owner:
        tables = owner.execute(
            "SELECT quote_ident(table_name) FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'host_id'"
        ).fetchall()
        for (table,) in tables:
            owner.execute(f"ALTER TABLE {table} {action} ROW LEVEL SECURITY")


@pytest.mark.django_db(transaction=True)
def test_with_the_databases_wall_gone_the_code_still_shows_nothing(host, other_host, sign_in):
    MembershipFactory(host=host)
    ours = MembershipFactory(host=host, roles=["owner"])
    OrganizationFactory(host=host, name="Ours")
    OrganizationFactory(host=other_host, name="CANARY")
    connections.close_all()
    row_security("DISABLE")
    try:
        with connection.cursor() as cursor:  # the wall is really down
            cursor.execute("SELECT count(*) FROM collaboratives_organization")
            assert cursor.fetchone() == (2,)
        with open_host(host.pk):
            for read in ("exists", "count", "list", "values", "in_bulk"):
                READS[read](Organization.objects)
            assert [o.name for o in Organization.objects.all()] == ["Ours"]
        page = sign_in(ours.user).get(reverse("collaboratives:organizations", args=[host.slug]))
        assert "Ours" in page.content.decode()
        assert "CANARY" not in page.content.decode()
    finally:
        connections.close_all()
        row_security("ENABLE")
