"""The copy that a person gets of their own answer. Staff can't see this mail."""

from django.urls import reverse

from accounts.models import User
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


def your_choice(application: Application, *, person: User, sheet: Sheet) -> None:
    """To one person alone, once they have joined a team."""
    page = reverse(
        "applications:consent", args=[application.cohort.host.slug, application.reference]
    )
    outbox.post(
        host_id=application.host_id,
        to=person.email,
        template="applications/study_choice",
        context={"sheet": sheet.document, "cohort": application.cohort, "url": absolute(page)},
        dedupe_key=f"study_choice:{application.pk}:{person.pk}",
        language=person.language,
        private=True,
    )
