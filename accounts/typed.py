"""What a form held that could not be taken: given back, so that nobody types it twice."""

from django.http import HttpRequest


def typed_back(request: HttpRequest) -> list[tuple[str, str]]:
    """Name and text of each field, without what is secret or ours."""
    return [
        (name, str(value))
        for name, value in request.POST.items()
        if value
        and name != "csrfmiddlewaretoken"
        and not name.startswith("_")
        and "password" not in name
        and "code" not in name
    ]
