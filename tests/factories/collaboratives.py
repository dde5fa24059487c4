"""Programs, cohorts, organizations, teams, measures."""

from datetime import UTC, date, datetime

import factory

from collaboratives.models import (
    Cohort,
    DataPoint,
    Measure,
    Organization,
    Program,
    Stratum,
    Team,
    TeamMember,
)
from tests.factories import HostFactoryBase, UserFactory


class ProgramFactory(HostFactoryBase):
    class Meta:
        model = Program

    slug = factory.Sequence(lambda n: f"program-{n}")
    name = factory.Sequence(lambda n: f"Program {n}")
    blueprint_key = "learning-network"
    blueprint_version = 1
    content = factory.LazyAttribute(lambda o: blueprint_content(o.blueprint_key))


def blueprint_content(key: str) -> dict[str, object]:
    from collaboratives.blueprints import load

    return load(key).model_dump(mode="json")


class CohortFactory(HostFactoryBase):
    class Meta:
        model = Cohort

    program = factory.SubFactory(ProgramFactory, host=factory.SelfAttribute("..host"))
    slug = factory.Sequence(lambda n: f"cohort-{n}")
    name = factory.Sequence(lambda n: f"Cohort {n}")
    code = factory.Sequence(lambda n: f"C{n}")
    time_zone = "America/Chicago"
    starts_on = date(2027, 1, 14)
    ends_on = date(2028, 7, 14)
    opens_at = datetime(2026, 9, 1, 14, tzinfo=UTC)
    closes_at = datetime(2026, 12, 4, 23, tzinfo=UTC)
    published_at = datetime(2026, 8, 1, 14, tzinfo=UTC)


class OrganizationFactory(HostFactoryBase):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Hospital {n}")
    type = "hospital"
    city = "Springfield"
    state = "IL"


class TeamFactory(HostFactoryBase):
    class Meta:
        model = Team

    cohort = factory.SubFactory(CohortFactory, host=factory.SelfAttribute("..host"))
    organization = factory.SubFactory(OrganizationFactory, host=factory.SelfAttribute("..host"))
    slug = factory.Sequence(lambda n: f"team-{n}")
    name = factory.Sequence(lambda n: f"Team {n}")


class TeamMemberFactory(HostFactoryBase):
    class Meta:
        model = TeamMember

    team = factory.SubFactory(TeamFactory, host=factory.SelfAttribute("..host"))
    user = factory.SubFactory(UserFactory)
    name = factory.LazyAttribute(lambda o: o.user.name if o.user else "Robin Vale")
    email = factory.LazyAttribute(lambda o: o.user.email if o.user else "robin@example.org")
    role = "lead"


class MeasureFactory(HostFactoryBase):
    class Meta:
        model = Measure

    team = factory.SubFactory(TeamFactory, host=factory.SelfAttribute("..host"))
    slug = factory.Sequence(lambda n: f"measure-{n}")
    name = "Blood pressure control"
    numerator_words = "Patients with blood pressure below 140/90"
    denominator_words = "Patients with hypertension"


class StratumFactory(HostFactoryBase):
    class Meta:
        model = Stratum

    measure = factory.SubFactory(MeasureFactory, host=factory.SelfAttribute("..host"))
    code = factory.Sequence(lambda n: f"group-{n}")
    label = factory.Sequence(lambda n: f"Group {n}")


class DataPointFactory(HostFactoryBase):
    class Meta:
        model = DataPoint

    stratum = factory.SubFactory(StratumFactory, host=factory.SelfAttribute("..host"))
    period_start = date(2026, 1, 1)
    numerator = 30
    denominator = 60
    entered_by = factory.SubFactory(UserFactory)
