"""A team of its own, in a cohort of its own, with a leader, an alternate and one report in."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from collaboratives import actions as hub
from collaboratives.actions.programs import CohortPlan
from collaboratives.models import Organization, Program
from collaboratives.roster import RosterEntry
from config.demo import work
from config.demo.loader import demo_person
from tenancy.active import open_host
from tenancy.models import Host

COHORT, TEAM = "network-of-leaders", "Hollow Creek Clinic"
LEAD, LEADER, ALTERNATE = (
    ("Noor Aziz", "noor@hollow.example"),
    ("Dr. Ida Berg", "ida@hollow.example"),
    ("Paul Tran", "paul@hollow.example"),
)


def prepare() -> None:
    """Two quarters are over: the first report came today, the second is late."""
    host, now = Host.objects.get(slug="prairie"), timezone.now()
    with open_host(host.pk):
        staff = User.objects.get(email="coordinator@prairie.example")
        starts_on = (now - timedelta(days=7 * 30)).date().replace(day=1)
        cohort = hub.plan_cohort(
            program=Program.objects.get(blueprint_key="learning-network"),
            plan=CohortPlan(
                name="Network of leaders", slug=COHORT, code="NOL", time_zone="America/Chicago",
                starts_on=starts_on, ends_on=starts_on + timedelta(days=548),
                opens_at=now - timedelta(days=400), closes_at=now - timedelta(days=300),
                leader_replies=True,
            ),
            by=staff,
        )  # fmt: skip
        cohort = hub.publish_cohort(cohort=cohort, now=now - timedelta(days=400), by=staff)
        lead = demo_person(*LEAD)
        roster = [
            RosterEntry(*LEAD, role="lead", user_id=lead.pk),
            RosterEntry(*LEADER, role="viewer", leadership="senior_leader"),
            RosterEntry(*ALTERNATE, role="viewer", leadership="alternate"),
        ]
        team = hub.enroll_team(
            cohort=cohort,
            organization=Organization.objects.create(host_id=host.pk, name=TEAM, type="hospital"),
            application_reference="NOL-1",
            roster=roster,
            by=staff,
        )
        first, *_rest = work.over(cohort, by=staff, now=now)
        work.report(team, first, by=lead, now=now, at=now)
