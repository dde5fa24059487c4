"""The way into the demo: the standing cast, one click each, and the mail that never left."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import demo_only
from config.demo import cast as standing_cast


@demo_only
def cast(request: HttpRequest) -> HttpResponse:
    context = {"people": standing_cast.PEOPLE, "links": standing_cast.open_links()}
    return render(request, "demo/cast.html", context)
