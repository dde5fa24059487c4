"""The PDF of a charter, made by a worker."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from charters import queries
from charters.models import Version
from charters.states import SignatureStatus
from documents import jobs, pdf


@jobs.kind("charter_pdf")
def charter_pdf(run: jobs.Run) -> jobs.Made:
    """Render one version. Signed versions give the same bytes each time."""
    with run.step():
        context = _context(run.input["version"])
    run.progress(30)
    with translation.override(context["document"]["language"]):
        html = render_to_string("charters/pdf.html", context)
    made = pdf.render(html)
    run.progress(90)
    return jobs.Made(context["file_name"], "application/pdf", made)


def _context(version_id: int) -> dict[str, Any]:
    version = Version.objects.select_related("charter__team__cohort", "host").get(pk=version_id)
    document = queries.parsed(version)
    zone = version.charter.team.cohort.zone
    kept_at = (version.signed_at or version.proposed_at).astimezone(zone)
    return {
        "document": document,
        "host_name": version.host.name,
        "reference": f"{version.charter.team.slug}, {version.number}",
        "made": f"{kept_at:%Y-%m-%d %H:%M %Z}",
        "seal": version.sha256,
        "charts": queries.charts(version, document),
        "signatures": [
            {
                "signed": f"{signature.answered_at.astimezone(zone):%Y-%m-%d}"
                if signature.answered_at and signature.status == SignatureStatus.SIGNED
                else "",
                "name": signature.typed_name or signature.member.name,
                "role": signature.member.title,
            }
            for signature in queries.signatures(version)
        ],
        "file_name": f"charter-{version.charter.team.slug}-{version.number}.pdf",
    }
