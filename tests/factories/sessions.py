"""Sessions and who is asked to them."""

from datetime import UTC, datetime

import factory

from sessions.models import Invitee, Session
from tests.factories import HostFactoryBase
from tests.factories.collaboratives import CohortFactory, TeamMemberFactory


class SessionFactory(HostFactoryBase):
    class Meta:
        model = Session

    class Params:
        published = factory.Trait(
            status="published", published_at=datetime(2026, 9, 1, 12, tzinfo=UTC)
        )

    cohort = factory.SubFactory(CohortFactory, host=factory.SelfAttribute("..host"))
    title = factory.Sequence(lambda n: f"Session {n}")
    starts_at = datetime(2027, 1, 14, 18, tzinfo=UTC)
    ends_at = datetime(2027, 1, 14, 19, 30, tzinfo=UTC)
    time_zone = "America/Chicago"


class InviteeFactory(HostFactoryBase):
    class Meta:
        model = Invitee

    session = factory.SubFactory(SessionFactory, host=factory.SelfAttribute("..host"))
    member = factory.SubFactory(
        TeamMemberFactory,
        host=factory.SelfAttribute("..host"),
        team__cohort=factory.SelfAttribute("...session.cohort"),
    )
