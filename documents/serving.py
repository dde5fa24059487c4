"""The way out for files. The caller has already asked the owning row who may have it."""

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from documents.models import StoredFile

SANDBOX = "sandbox; default-src 'none'"


def response(stored: StoredFile, *, download: bool = True) -> HttpResponseBase:
    """The file as an attachment; a picture may be shown in place with `download=False`."""
    if not stored.is_clean:
        return HttpResponse(render_to_string("documents/not_ready.html"), status=409)
    try:
        content = stored.path.open("rb")
    except FileNotFoundError:
        raise Http404("The file is gone.") from None
    answer = FileResponse(
        content,
        as_attachment=download or not stored.is_image,
        filename=stored.original_name,
        content_type=stored.content_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = SANDBOX
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
