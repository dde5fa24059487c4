"""Charters and their commitments."""

from datetime import date

import factory

from charters.models import Charter, Commitment
from tests.factories import HostFactoryBase
from tests.factories.collaboratives import TeamFactory


class CharterFactory(HostFactoryBase):
    class Meta:
        model = Charter

    team = factory.SubFactory(
        TeamFactory,
        host=factory.SelfAttribute("..host"),
        cohort__program__blueprint_key="progress-report-ian",
    )


class CommitmentFactory(HostFactoryBase):
    class Meta:
        model = Commitment

    charter = factory.SubFactory(CharterFactory, host=factory.SelfAttribute("..host"))
    domain = "patients"
    text = "Offer a blood pressure cuff to each patient who goes home with high readings"
    owner_name = "Priya Raman"
    due_on = date(2027, 6, 30)
