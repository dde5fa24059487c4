"""How a mail about an application is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from accounts.models import User
from applications.models import Application, ApplicationPerson
from messaging import outbox
from messaging.urls import absolute


def editors(application: Application) -> Iterable[User]:
    return [one.user for one in ApplicationPerson.objects.editors_of(application)]


def page_of(application: Application, name: str) -> str:
    slug = application.cohort.slug if name == "cohort" else application.reference
    host_slug = application.cohort.host.slug
    return absolute(reverse(f"applications:{name}", args=[host_slug, slug]))


def post(
    application: Application,
    template: str,
    *,
    to: Iterable[User],
    key: str,
    page: str = "task_list",
    **context: Any,
) -> int:
    """How many were written; none to whom the same was written before."""
    written = 0
    for person in to:
        message = outbox.post(
            host_id=application.host_id,
            to=person.email,
            template=f"applications/{template}",
            context={
                "application": application,
                "cohort": application.cohort,
                "reader": person,
                "url": page_of(application, page),
                **context,
            },
            dedupe_key=f"application:{application.pk}:{key}:{person.pk}",
            about=application,
            language=person.language,
        )
        written += message is not None
    return written


def staff_page(application: Application, name: str) -> str:
    cohort = application.cohort
    return absolute(
        reverse(f"applications:{name}", args=[cohort.host.slug, cohort.slug, application.reference])
    )
