"""Fills an empty installation with two invented hosts, by the actions that people would use.

Prairie runs all five programs and has a sprint and a Learning Network in the middle of their
lives; Lakeshore has its own beside it. Deterministic but for the day: everything is placed
around `now`, so that what is due soon is due soon whenever the demo is loaded.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import Membership, User
from accounts.roles import Role
from config.demo import cast
from config.demo.lakeshore import Lakeshore
from config.demo.loader import ZONE, demo_person
from config.demo.prairie import Prairie
from documents.models import Job
from questionnaires import paper
from tenancy.active import open_host
from tenancy.models import Host


@transaction.atomic
def load(*, now: datetime) -> None:
    """Everything, or nothing."""
    prairie = Host.objects.create(
        slug="prairie",
        name="Prairie Health Equity Network",
        contact_email="help@prairie.example",
        time_zone=ZONE,
        languages=["en", "es"],
    )
    lakeshore = Host.objects.create(
        slug="lakeshore",
        name="Lakeshore Hospital Alliance",
        contact_email="help@lakeshore.example",
        time_zone="America/New_York",
        languages=["en"],
        accent="plum",
    )
    people = {one.address: demo_person(one.name, one.address) for one in cast.PEOPLE}
    with open_host(prairie.pk):
        for role in Role.values:
            _staff(prairie, people[f"{role}@prairie.example"], role)
        Prairie(prairie, people, now).build()
        _draw_when_asked()
    with open_host(lakeshore.pk):
        coordinator = people["coordinator@lakeshore.example"]
        _staff(lakeshore, coordinator, Role.COORDINATOR)
        Lakeshore(lakeshore, {"coordinator": coordinator}, now).build()
        _draw_when_asked()


def _draw_when_asked() -> None:
    """Some twenty blank forms, each when somebody wants it."""
    Job.objects.filter(kind=paper.JOB).delete()


def _staff(host: Host, user: User, role: str) -> None:
    Membership.objects.create(host=host, user=user, roles=[role])
