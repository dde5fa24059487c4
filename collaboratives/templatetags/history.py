"""Words for the record of who did what."""

import re
from datetime import datetime
from typing import Any, NamedTuple

from django import template
from django.utils.translation import gettext

from tenancy.models import AuditEvent

register = template.Library()

_CODE = re.compile(r"[a-z]+(_[a-z]+)+")


class Change(NamedTuple):
    field: str
    before: str
    after: str


def _said(value: Any) -> str:
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(_said(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_said(item)}" for key, item in value.items())
    try:
        return (
            f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M %Z}"
            if "T" in str(value)
            else str(value)
        )
    except ValueError:
        return str(value)


@register.filter
def changes(event: AuditEvent) -> list[Change]:
    """The fields that an event changed, with their words before and after."""
    before, after = event.before or {}, event.after or {}
    return [
        Change(
            field=field.replace("_", " "),
            before=_said(before[field]) if field in before else "",
            after=_said(after.get(field)),
        )
        for field in dict.fromkeys([*before, *after])
    ]


@register.filter
def verb(event: AuditEvent) -> str:
    """What was done, as words: accept seat."""
    return event.verb.replace("_", " ")
