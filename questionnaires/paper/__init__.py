"""A form on paper: every question of a version, as a PDF to fill in and bring back.

`printing` draws it in a worker, `reading` reads a filled one. Each box has the name that the web
page gives it, so that what was filled in goes to the same reader as what a page sends.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from documents.models import Job
from questionnaires.models import Version

JOB = "blank_form"
LANGUAGES = ("en", "es")
EDITION = 1  # of the layout: counts up when the same form shall be drawn anew
STAMP = "_form"
SIGNED_NAME, SIGNED_TITLE, SIGNED_ON = "_signed_name", "_signed_title", "_signed_on"
TICKED = "--"  # stands between a question and an option: roles--equity


def stamp(version: Version, language: str) -> str:
    """What a filled form says about itself: host, form, version, language."""
    return f"{version.host.slug}/{version.questionnaire.key}/{version.number}/{language}"


def facts(version: Version, language: str) -> dict[str, Any]:
    """All that the printed form depends on."""
    return {
        "edition": EDITION,
        "host": version.host.name,
        "contact": version.host.contact_email,
        "name": version.questionnaire.name,
        "number": version.number,
        "stamp": stamp(version, language),
        "published": f"{version.published_at:%Y-%m-%d %H:%M} UTC" if version.published_at else "",
        "language": language,
        "schema": version.schema,
    }


def cache_key(version: Version, language: str) -> str:
    """By content: the same words are drawn once, and other words are drawn anew."""
    text = json.dumps(facts(version, language), sort_keys=True, ensure_ascii=False)
    return f"{JOB}:{hashlib.sha256(text.encode()).hexdigest()}"


def drawn(version: Version, language: str) -> Job | None:
    """The job that draws it or has drawn it; None when nobody asked yet."""
    key = cache_key(version, language)
    return Job.objects.select_related("result").filter(dedupe_key=key).first()
