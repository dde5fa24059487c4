"""In demo mode nothing leaves: here is what would have."""

import re

from django.http import JsonResponse
from django.shortcuts import render

from accounts.access import demo_only
from messaging import queries

ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")


def links_in(text):
    """The full addresses in a text, in order, without the full stop behind them."""
    return [found.rstrip(".,;:!?") for found in ADDRESS.findall(text)]


@demo_only
def outbox_json(request):
    return JsonResponse(
        [
            {
                "to": letter.to,
                "subject": letter.subject,
                "text": letter.text,
                "links": links_in(letter.text),
                "created_at": letter.created_at.isoformat(),
            }
            for letter in queries.everything_posted()
        ],
        safe=False,
    )


@demo_only
def outbox_page(request):
    letters = [
        {"letter": letter, "links": links_in(letter.text)} for letter in queries.everything_posted()
    ]
    return render(request, "messaging/outbox.html", {"letters": letters})
