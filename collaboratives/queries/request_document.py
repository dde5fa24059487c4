"""The Request for Application of a cohort, written from the program's data (S3-06, S4-06)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from collaboratives.queries.programs import PublicCohort
from documents.models import Job

REQUEST_PDF = "request_for_application"
LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class RequestDocument:
    """version: follows from the words, so that changed words are another version."""

    html: str
    version: str
    name: str

    @property
    def cache_key(self) -> str:
        return f"{REQUEST_PDF}:{self.version}"

    def drawn(self) -> Job | None:
        """The job that draws it or has drawn it; None when nobody asked yet."""
        return Job.objects.select_related("result").filter(dedupe_key=self.cache_key).first()


def request_document(page: PublicCohort, language: str) -> RequestDocument:
    host, cohort = page.cohort.host, page.cohort
    place = reverse("collaboratives:cohort", args=[host.slug, cohort.slug])
    with translation.override(language):
        words = {
            "page": page,
            "host_name": host.name,
            "reference": cohort.name,
            "address": f"{settings.PUBLIC_URL}{place}",
        }
        draft = render_to_string(
            "collaboratives/request_for_application.html", words | {"made": ""}
        )
        version = hashlib.sha256(f"{host.pk}{language}{draft}".encode()).hexdigest()[:12]
        made = _("Version %(version)s.") % {"version": version}
        html = render_to_string(
            "collaboratives/request_for_application.html", words | {"made": made}
        )
    name = f"{cohort.slug}-request-for-application-{language}-{version}.pdf"
    return RequestDocument(html, version, name)
