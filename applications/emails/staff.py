"""What staff write themselves, and what readers are told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from applications.emails.posting import page_of, post, staff_page
from applications.models import Application
from collaboratives.models import Cohort
from messaging import outbox
from messaging.rendering import Rendered
from messaging.urls import absolute

PLACES = ("name", "organization", "reference", "cohort")


def filled(text: str, application: Application, reader: User) -> str:
    """Staff's words with {name}, {organization}, {reference} and {cohort} of this reader."""
    values = {
        "name": reader.name or reader.email,
        "organization": application.organization_name,
        "reference": application.reference,
        "cohort": application.cohort.name,
    }
    for place in PLACES:
        text = text.replace(f"{{{place}}}", values[place])
    return text


def _from_staff(
    application: Application, reader: User, *, subject: str, text: str
) -> dict[str, Any]:
    page = "status" if application.received_at else "task_list"
    return {
        "application": application,
        "cohort": application.cohort,
        "reader": reader,
        "url": page_of(application, page),
        "subject": filled(subject, application, reader),
        "text": filled(text, application, reader),
    }


def from_staff(
    application: Application,
    reader: User,
    *,
    subject: str,
    text: str,
    key: str,
) -> bool:
    """What staff wrote to the applicants they chose. False when it was posted before."""
    posted = outbox.post(
        host_id=application.host_id,
        to=reader.email,
        template="applications/from_staff",
        context=_from_staff(application, reader, subject=subject, text=text),
        dedupe_key=f"application:{application.pk}:staff:{key}:{reader.pk}",
        about=application,
        language=reader.language,
    )
    return posted is not None


def preview_from_staff(
    application: Application, reader: User, *, subject: str, text: str
) -> Rendered:
    return outbox.preview(
        host=application.cohort.host,
        template="applications/from_staff",
        context=_from_staff(application, reader, subject=subject, text=text),
        language=reader.language,
    )


def reviews_assigned(cohort: Cohort, *, reader: User, count: int, at: datetime) -> None:
    """To a reader: how many, not which; the question of a conflict comes first."""
    outbox.post(
        host_id=cohort.host_id,
        to=reader.email,
        template="applications/reviews_assigned",
        context={
            "cohort": cohort,
            "count": count,
            "reader": reader,
            "url": absolute(
                reverse("applications:next_to_read", args=[cohort.host.slug, cohort.slug])
            ),
        },
        dedupe_key=f"reviews-assigned:{cohort.pk}:{reader.pk}:{count}:{at.isoformat()}",
        about=cohort,
        cohort_slug=cohort.slug,
        language=reader.language,
    )


def conflict_declared(application: Application, *, reader: User, to: User, at: datetime) -> None:
    """To whoever gave it to the reader: somebody else must read it."""
    post(
        application,
        "conflict_declared",
        to=[to],
        key=f"conflict:{reader.pk}:{at.isoformat()}",
        colleague=reader,
        url=staff_page(application, "read"),
    )
