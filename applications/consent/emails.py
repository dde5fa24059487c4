"""The copy that a person gets of their own answer. Staff can't see this mail."""

from django.urls import reverse

from applications.consent.models import ConsentRecord
from applications.consent.queries import Sheet
from applications.models import Application
from messaging import outbox
from messaging.urls import absolute


def recorded(record: ConsentRecord, *, application: Application, sheet: Sheet) -> None:
    host_slug = application.cohort.host.slug
    page = reverse("applications:consent", args=[host_slug, application.reference])
    outbox.post(
        host_id=record.host_id,
        to=record.person.email,
        template="applications/consent_recorded",
        context={
            "record": record,
            "sheet": sheet.document,
            "cohort": application.cohort,
            "url": absolute(page),
        },
        dedupe_key=f"consent:{record.pk}",
        language=record.person.language,
        private=True,
    )
