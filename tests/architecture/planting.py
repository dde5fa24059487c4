"""Puts a canary into every text that a host's rows hold, so that no leak goes unseen."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from tenancy.active import open_host
from tenancy.models import Host, HostModel

CANARY = "qx7lake"

# What is no prose: an address, a code, a hash or a name that the program itself reads.
NOT_PROSE = {
    "about_id", "about_type", "address_sha256", "application_reference", "axis", "blueprint_key",
    "ccn", "channel", "code", "cohort_slug", "content_type", "dedupe_key", "document", "domain",
    "field", "given_out", "key", "kind", "language", "locked_by", "members", "message_id", "moved",
    "filled", "opportunity", "page", "reference", "revisions", "roll_up", "rule_profile", "schema",
    "sha256", "slot", "slug", "state", "template", "time_zone", "input", "worker", "version",
    "zip_code", "criterion", "missing_kind", "group", "terms",
}  # fmt: skip
# Whole rows: audit events are never changed (one is written with the canary instead); the
# program's own words are public pages of the other host; a typed signature has its hash.
NOT_PLANTED = {"tenancy.AuditEvent", "collaboratives.Program", "applications.TypedSignature"}


def _in_text(field: models.Field, value: str) -> str:
    if isinstance(field, models.EmailField):
        return f"{CANARY}.{value}"[: field.max_length]
    if isinstance(field, models.URLField):
        return f"{value}?{CANARY}"[: field.max_length]
    return f"{CANARY} {value}"[: field.max_length]


def _in_json(value: Any) -> Any:
    """Every text with a space in it: the others are codes."""
    if isinstance(value, dict):
        return {key: _in_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_in_json(inner) for inner in value]
    return f"{CANARY} {value}" if isinstance(value, str) and " " in value else value


def text_fields(model: type[models.Model]) -> Iterator[models.Field]:
    for field in model._meta.local_concrete_fields:
        text = isinstance(field, models.CharField | models.TextField | models.JSONField)
        if text and not field.choices and field.name not in NOT_PROSE:
            yield field


def plant(host: Host) -> int:
    """Returns how many cells hold the canary now."""
    planted = 0
    with open_host(host.pk):
        for model in apps.get_models():
            if not issubclass(model, HostModel) or model._meta.label in NOT_PLANTED:
                continue
            fields = list(text_fields(model))
            for row in model._default_manager.order_by("pk") if fields else []:
                changed = {}
                for field in fields:
                    value = getattr(row, field.attname)
                    if isinstance(field, models.JSONField):
                        changed[field.name] = _in_json(value)
                    elif value:
                        changed[field.name] = _in_text(field, value)
                planted += len(changed)
                if changed:
                    model._default_manager.filter(pk=row.pk).update(**changed)
    return planted
