"""Rows for tests. `host` may be given; what belongs together gets the same one."""

from typing import Any

import factory

from accounts.models import Membership, User
from accounts.roles import Role
from tenancy.active import open_host
from tenancy.models import Host


class Factory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True


class HostFactory(Factory):
    class Meta:
        model = Host

    slug = factory.Sequence(lambda n: f"host-{n}")
    name = factory.Sequence(lambda n: f"Host {n}")
    contact_email = factory.LazyAttribute(lambda o: f"help@{o.slug}.example")
    languages = ["en", "es"]


class UserFactory(Factory):
    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Person Number{n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")


class HostFactoryBase(Factory):
    """For rows that a host owns: makes them with their host open."""

    class Meta:
        abstract = True

    host = factory.SubFactory(HostFactory)

    @classmethod
    def _create(cls, model_class: type[Any], *args: Any, **kwargs: Any) -> Any:
        with open_host(kwargs["host"].pk):
            return super()._create(model_class, *args, **kwargs)


class MembershipFactory(HostFactoryBase):
    class Meta:
        model = Membership

    # Not of the domain that applicants have here: that would be a conflict of interest.
    user = factory.SubFactory(
        UserFactory, email=factory.Sequence(lambda n: f"staff{n}@work.example")
    )
    roles = factory.LazyFunction(lambda: [Role.COORDINATOR])
