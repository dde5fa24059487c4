"""Lakeshore has its own beside Prairie."""

from datetime import timedelta

from config.demo import numbers
from config.demo.loader import Loader, Place, contact_at, demo_person, local


class Lakeshore(Loader):
    def build(self) -> None:
        program = self.program("learning-network")
        today = self.now.date()
        cohort = self.cohort(
            program,
            name="Lakeshore Learning Network",
            slug="learning-network",
            code="LLN",
            time_zone="America/New_York",
            starts_on=today + timedelta(days=60),
            ends_on=today + timedelta(days=600),
            opens_at=self.days(-40),
            closes_at=local(today + timedelta(days=25), 17, "America/New_York"),
            capacity=8,
        )
        place = Place("Harbor Point Hospital", "hospital", "Buffalo", "NY", "14201", 220, "bp")
        contact = contact_at("Helen Marsh", "Quality director", place)
        head = demo_person(contact.name, contact.email)
        team = self.team(cohort, self.facts(place, head, shift=0), head, self.days(-15))
        self.measure(team, "Blood pressure control", numbers.ORDINARY, by=head, seed=21)
