"""10,000 applications in one cohort of the product; prints the cookie of a coordinator.

Rows are copied from one real, submitted application, so that answers weigh what they weigh.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from time import time

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from applications.models import Application  # noqa: E402
from questionnaires.models import Response  # noqa: E402
from tenancy.active import open_host  # noqa: E402
from tenancy.models import Host  # noqa: E402

COUNT = 10_000


def main() -> None:
    host = Host.objects.get(slug="prairie")
    with open_host(host.pk):
        pattern = (
            Application.objects.filter(status="submitted")
            .select_related("response", "cohort")
            .order_by("pk")
            .first()
        )
        responses = Response.objects.bulk_create(
            [
                Response(
                    host=host,
                    version_id=pattern.response.version_id,
                    answers=pattern.response.answers,
                    revisions=pattern.response.revisions,
                )
                for _ in range(COUNT)
            ],
            batch_size=1000,
        )
        copies = []
        for number, response in enumerate(responses):
            copy = Application.objects.model(
                **{
                    field.attname: getattr(pattern, field.attname)
                    for field in pattern._meta.concrete_fields
                    if field.attname != "id"
                }
            )
            copy.response, copy.reference = response, f"BN-{number:05}"
            copy.organization_name = f"Hospital {number}"
            copy.submitted_at = copy.received_at = timezone.now() - timedelta(minutes=number)
            copies.append(copy)
        Application.objects.bulk_create(copies, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(User.objects.get(email="coordinator@prairie.example"))
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time()}]
    session["account_authentication_methods_user"] = str(client.session["_auth_user_id"])
    session.save()
    print(f"login={client.cookies['login'].value} {pattern.cohort.slug}")


if __name__ == "__main__":
    main()
