"""Words for the record of who did what."""

import re
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext

from tenancy.audit_words import FIELDS, HOLD_A_STATE, NOT_SHOWN, STATES, VERBS
from tenancy.models import AuditEvent

register = template.Library()

_CODE = re.compile(r"[a-z]+(_[a-z]+)+")


class Change(NamedTuple):
    """before and after are "" where there was or is nothing."""

    field: str
    before: str
    after: str


def _said(value: Any, zone: str) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if value is None or value in ("", []):
        return ""
    if isinstance(value, list):
        return ", ".join(_said(item, zone) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{_named(key)} {_said(item, zone)}" for key, item in value.items())
    words = str(value)
    if _CODE.fullmatch(words):
        return words.replace("_", " ")
    return _day_said(words, zone) or words


def _day_said(text: str, zone: str) -> str:
    """2027-01-15 as January 15, 2027, an instant as it is in `zone`; "" for other words."""
    try:
        if "T" in text:
            at = datetime.fromisoformat(text).astimezone(ZoneInfo(zone))
            return f"{date_format(at, 'DATETIME_FORMAT')} {at:%Z}"
        return date_format(date.fromisoformat(text), "DATE_FORMAT")
    except ValueError:
        return ""


def _named(field: str) -> str:
    return str(FIELDS.get(field, field.replace("_", " ")))


@register.filter
def changes(event: AuditEvent, zone: str) -> list[Change]:
    """The fields that an event changed, with their words before and after. zone: whose clock."""

    def said(field: str, values: dict[str, Any]) -> str:
        value = values.get(field)
        if field in HOLD_A_STATE and value:
            codes = value if isinstance(value, list) else [value]
            return ", ".join(str(STATES.get(code, code)) for code in codes)
        return _said(value, zone)

    before, after = event.before or {}, event.after or {}
    return [
        Change(_named(field), said(field, before), said(field, after))
        for field in dict.fromkeys([*before, *after])
        if field not in NOT_SHOWN
    ]


@register.filter
def verb(event: AuditEvent) -> str:
    """What was done, in the reader's words: accept_seat is “took the seat”."""
    return str(VERBS.get(event.verb, event.verb.replace("_", " ")))
