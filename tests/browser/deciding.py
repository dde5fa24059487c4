"""The decision day of an Action Community: what stands in the database before anybody sits down."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from applications.actions import conflicts
from applications.models import Application
from collaboratives import actions as hub
from collaboratives.actions.programs import CohortPlan
from collaboratives.models import Cohort, Program
from tenancy.active import open_host
from tenancy.models import Host
from tests.factories import UserFactory
from tests.factories.applications import ApplicationFactory

DAY, CLOSED = "decision-day", "network-that-is-closed"
ADMITTED = [f"Alder Clinic {n:02}" for n in range(1, 13)]
OFFERED = [f"Cedar Clinic {n}" for n in range(1, 6)]
WAITING = [f"Birch Clinic {n:02}" for n in range(1, 24)]
IN_CONFLICT = [ADMITTED[0], OFFERED[0], WAITING[0]]


def address(name: str) -> str:
    return f"{name.lower().replace(' ', '-')}@{DAY}.example"


def prepare() -> None:
    """40 applications for 12 seats; a network that is closed; a reader with 3 conflicts."""
    host, now = Host.objects.get(slug="prairie"), timezone.now()
    with open_host(host.pk):
        staff = User.objects.get(email="coordinator@prairie.example")
        reader = User.objects.get(email="reviewer@prairie.example")
        _cohort("learning-network", "Network that is closed", CLOSED, now, by=staff, capacity=20)
        cohort = _cohort("action-community", "Decision day", DAY, now, by=staff, capacity=12)
        for name in ADMITTED + OFFERED + WAITING:
            lead = UserFactory(name=f"Lead of {name}", email=address(name))
            ApplicationFactory(
                host=host, cohort=cohort, status="submitted", organization_name=name, lead=lead,
                reference=f"DD-{name.replace(' ', '-').upper()}",
            )  # fmt: skip
        known = {one.organization_name: one for one in Application.objects.filter(cohort=cohort)}
        said, noted, tied = (known[name] for name in IN_CONFLICT)
        conflicts.declare(
            application=said, stance="conflict", reason="My wife works there", by=reader, now=now
        )
        conflicts.note_conflict(
            application=noted, person=reader, reason="Was their adviser", by=staff, now=now
        )
        Application.objects.filter(pk=tied.pk).update(ties=[reader.email])


def _cohort(key: str, name: str, slug: str, now: datetime, *, by: User, **plan: Any) -> Cohort:
    """Its window has closed."""
    starts_on = (now + timedelta(days=60)).date()
    cohort = hub.plan_cohort(
        program=Program.objects.get(blueprint_key=key),
        plan=CohortPlan(
            name=name,
            slug=slug,
            code=slug[:2].upper() + "D",
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=500),
            opens_at=now - timedelta(days=90),
            closes_at=now - timedelta(days=1),
            time_zone="America/Chicago",
            **plan,
        ),
        by=by,
    )
    return hub.publish_cohort(cohort=cohort, now=now - timedelta(days=90), by=by)
