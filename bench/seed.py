"""10,000 applications in one cohort and 100 in another; prints where to go as whom.

Rows are copied from one real, submitted application, so that answers weigh what they weigh.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from time import time
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from applications.models import Application, Letter  # noqa: E402
from collaboratives.models import Cohort, Organization  # noqa: E402
from questionnaires.models import Response  # noqa: E402
from tenancy.active import open_host  # noqa: E402
from tenancy.models import Host  # noqa: E402

SIZES = (10_000, 100)


def copy_of(row: Any, **changes: Any) -> Any:
    fields = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname != "id"
    }
    made = type(row)(**fields)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def fill(cohort: Cohort, pattern: Application, count: int) -> None:
    """Copies of one application, with its letters, each of its own organization."""
    responses = Response.objects.bulk_create(
        [
            Response(
                host_id=pattern.host_id,
                version_id=pattern.response.version_id,
                answers=pattern.response.answers,
                revisions=pattern.response.revisions,
            )
            for _ in range(count)
        ],
        batch_size=1000,
    )
    names = [f"Hospital {number}" for number in range(count)]
    organizations = Organization.objects.bulk_create(
        [copy_of(pattern.organization, name=name) for name in names], batch_size=1000
    )
    copies = [
        copy_of(
            pattern,
            cohort=cohort,
            response=response,
            organization=organizations[number],
            reference=f"B{cohort.pk}-{number:05}",
            organization_name=names[number],
            submitted_at=timezone.now() - timedelta(minutes=number),
            received_at=timezone.now() - timedelta(minutes=number),
        )
        for number, response in enumerate(responses)
    ]
    Application.objects.bulk_create(copies, batch_size=1000)
    letters = list(pattern.letters.all())
    Letter.objects.bulk_create(
        [copy_of(letter, application=copy) for copy in copies for letter in letters],
        batch_size=1000,
    )


def main() -> None:
    host = Host.objects.get(slug="prairie")
    with open_host(host.pk):
        pattern = (
            Application.objects.filter(status="submitted")
            .select_related("response", "cohort")
            .order_by("pk")
            .first()
        )
        draft = (
            Application.objects.filter(status="draft", lead__email="applicant@prairie.example")
            .order_by("pk")
            .first()
        )
        other = Cohort.objects.filter(applications=None).order_by("pk").first()
        for cohort, count in zip((pattern.cohort, other), SIZES, strict=True):
            fill(cohort, pattern, count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    coordinator, lead = (
        signed_in(User.objects.get(email=f"{name}@prairie.example"))
        for name in ("coordinator", "applicant")
    )
    names = [*(cohort.slug for cohort in (pattern.cohort, other)), draft.reference]
    print(coordinator, lead, *names)


def signed_in(person: User) -> str:
    """The cookie of their login."""
    client = Client()
    client.force_login(person)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time()}]
    session["account_authentication_methods_user"] = str(client.session["_auth_user_id"])
    session.save()
    return f"login={client.cookies['login'].value}"


if __name__ == "__main__":
    main()
