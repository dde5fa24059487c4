"""Puts a canary into every text of another host's rows and of another team's, so that no leak
goes unseen. A table that the demo leaves empty there is given a row first."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import IntegrityError, models, transaction

from accounts.models import User
from applications.models import Application
from charters.models import Version
from charters.rules import canonical, sha256
from collaboratives.models import Team
from documents.models import Job, StoredFile
from messaging.models import OutboundMessage
from questionnaires.models import Response
from tenancy.active import open_host
from tenancy.models import Host, HostModel

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
CANARY = "qx7lake"
TEAM_CANARY = "qx7dakota"

# What is no prose: an address, a code, a hash or a name that the program itself reads.
NOT_PROSE = {
    "about_id", "about_type", "address_sha256", "application_reference", "axis", "blueprint_key",
    "ccn", "channel", "code", "cohort_slug", "content_type", "dedupe_key", "document", "domain",
    "field", "given_out", "key", "kind", "language", "locked_by", "members", "message_id", "moved",
    "filled", "opportunity", "page", "reference", "revisions", "roll_up", "rule_profile", "schema",
    "sha256", "slot", "slug", "state", "template", "time_zone", "input", "worker", "version",
    "zip_code", "criterion", "missing_kind", "group", "terms",
}  # fmt: skip
# The program's own words are public pages of the other host.
PUBLIC = {"collaboratives.Program"}
# The database refuses a change of these: they get the canary as they are added.
ONLY_ADDED = {"tenancy.AuditEvent", "applications.ConsentRecord"}

COUNTER = count(100)
MADE_UP = {"en": "text that was made up", "es": "un texto inventado"}

Row = HostModel
Model = type[HostModel]
Values = dict[str, Any]


def host_models() -> list[Model]:
    return [model for model in apps.get_models() if issubclass(model, HostModel)]


# --- a row in every table -------------------------------------------------------------------------

# What the database or a page asks of a row and no row of the demo shows.
NEEDS: dict[str, Values] = {
    "accounts.Invitation": {"email": "invited@someone.example", "roles": ["coach"]},
    "applications.FilledForm": {"boxes": {"purpose": "text that was made up"}},
    "applications.Mailing": {"key": lambda values: uuid4()},
    "applications.ResearchExport": {"made_at": NOW},
    "applications.Video": {"link": "https://video.example/1", "file": None, "upload": None},
    "questionnaires.FormMove": {
        "changes": [{"code": "x", "change": "gone", "label": MADE_UP, "section": False}]
    },
    "questionnaires.FormEdit": {"before": lambda values: values["working_copy"].content},
    "questionnaires.Trial": {"answers": {"purpose": "text that was made up"}},
    "questionnaires.WorkingCopy": {"content": lambda values: values["based_on"].schema},
    "documents.Upload": {"file": None},
    "documents.Job": {"result": None},
    "reporting.ChangeTested": {"shared_with": "team"},  # what is shared stands in the library
    "reporting.Feedback": {
        "draft": {"whole": "text that was made up"},
        "words": {"whole": "text that was made up"},
    },
    "reporting.PublicPage": {"state": "closed"},  # an open one is for everybody
    "reporting.Period": {
        "number": lambda values: next(COUNTER),
        "slug": lambda values: f"extra-{values['number']}",
        "name": "An extra report",
    },
}


def _made(field: models.Field) -> Any:
    """A value that the field takes, where there is no row to copy from."""
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    if field.choices:
        return field.flatchoices[0][0]
    match field:
        case models.DateTimeField():
            return NOW
        case models.DateField():
            return NOW.date()
        case models.IntegerField() | models.FloatField() | models.DecimalField():
            return 1
        case models.BooleanField():
            return True
        case models.UUIDField():
            return UUID(int=11)
        case models.JSONField():
            return {}
        case models.BinaryField():
            return b"x"
        case models.CharField() | models.TextField():
            return "text that was made up"[: field.max_length]
    raise TypeError(f"tests/architecture/planting.py: a value for {field} is missing in NEEDS")


def _plain(model: Model) -> Iterator[models.Field]:
    for field in model._meta.concrete_fields:
        if not (field.primary_key or field.is_relation):
            yield field


def _like(model: Model, pattern: Row | None) -> Values:
    """The plain values of a new row: those of another one, or made up."""
    plain = list(_plain(model))
    needed = NEEDS.get(model._meta.label, {})
    if pattern is not None:
        copied = {
            field.attname: field.get_default()
            if isinstance(field, models.UUIDField)
            else getattr(pattern, field.attname)
            for field in plain
        }
        return copied | needed
    made = {field.name: _made(field) for field in plain if field.name not in needed}
    return made | needed


class Filling:
    """Gives every table a row of one place: another host, or another team of the same host.

    patterns: the host whose rows are copied. own: which rows of a table belong to the place
    already; None where the table is not about such places, so that any row of it will do.
    """

    def __init__(
        self,
        host: Host,
        patterns: Host,
        person: User,
        word: str,
        own: Callable[[Model], set[int] | None],
    ) -> None:
        self.host, self.patterns, self.person, self.word = host, patterns, person, word
        self.own = own
        self.under_way: set[Model] = set()

    def row(self, model: Model) -> Row | None:
        with open_host(self.host.pk):
            rows = model._default_manager.order_by("pk")
            belonging = self.own(model)
            here = rows.first() if belonging is None else rows.filter(pk__in=belonging).first()
        if here is not None or model in self.under_way:
            return here
        self.under_way.add(model)
        new = self._new(model)
        self.under_way.discard(model)
        return new

    def _new(self, model: Model) -> Row:
        with open_host(self.patterns.pk):
            pattern = model._default_manager.order_by("pk").first()
        values = _like(model, pattern)
        if "dedupe_key" in values:
            values["dedupe_key"] = f"planted in {self.host.slug} {len(values['dedupe_key'])}"
        for field in model._meta.concrete_fields:
            if not field.is_relation or field.name in ("host", *values):
                continue
            leads = field.related_model in (Team, Application, *PARTS)
            is_empty = pattern is None or getattr(pattern, field.attname) is None
            if field.null and is_empty and not leads:
                continue
            if field.related_model is User:
                values[field.name] = self.person
            else:
                values[field.name] = self.row(field.related_model)
        for name in values:
            if callable(values[name]):
                values[name] = values[name](values)
        if self.host != self.patterns and pattern is not None:
            values |= _texts(model, values, _reworded)
        if model._meta.label in ONLY_ADDED and self.word:
            values |= _texts(model, values, partial(_with, self.word))
        try:
            with open_host(self.host.pk):
                new = model._default_manager.create(host=self.host, **values)
        except IntegrityError as refused:
            refused.add_note(f"{model._meta.label}: see NEEDS in tests/architecture/planting.py")
            raise
        if (belonging := self.own(model)) is not None:
            belonging.add(new.pk)
        return new


# --- whose a row is -------------------------------------------------------------------------------

# Rows that belong to whatever points at them.
PARTS = (Response, StoredFile, Job)
# A file for a study and a report for funders are a cohort's; an upload belongs to whom its purpose
# names.
OF_NO_TEAM = {"applications.ResearchExport", "documents.Upload", "reporting.FunderReport"}


def _keys(model: Model) -> Iterator[models.ForeignKey]:
    for field in model._meta.concrete_fields:
        if (
            field.is_relation
            and field.name != "host"
            and issubclass(field.related_model, HostModel)
        ):
            yield field


def of_a_team() -> set[Model]:
    """The tables whose rows lead to a team or an application, by the keys they hold."""
    found: set[Model] = {Team, Application, OutboundMessage, *PARTS}
    models = [model for model in host_models() if model._meta.label not in OF_NO_TEAM]
    while (
        more := {
            model for model in models if any(key.related_model in found for key in _keys(model))
        }
        - found
    ):
        found |= more
    return found


def rows_of(team: Team, application: Application) -> dict[Model, set[int]]:
    """Every row of one team and one application. Their host is open."""
    mail = OutboundMessage.objects.filter(
        about_type=application._meta.label_lower, about_id=str(application.pk)
    )
    roots = {Team: {team.pk}, Application: {application.pk}}
    roots[OutboundMessage] = set(mail.values_list("pk", flat=True))
    found: dict[Model, set[int]] = defaultdict(set, roots)
    tables, size = of_a_team(), 0
    while size != (size := sum(map(len, found.values()))):
        for model in tables:
            rows = model._default_manager.order_by("pk")
            for key in _keys(model):
                if key.related_model in found and model not in roots:
                    theirs = rows.filter(**{f"{key.name}__in": found[key.related_model]})
                    found[model] |= set(theirs.values_list("pk", flat=True))
                if key.related_model in PARTS:
                    mine = rows.filter(pk__in=found[model]).exclude(**{key.name: None})
                    found[key.related_model] |= set(mine.values_list(key.attname, flat=True))
    return found


def fill_host(host: Host, patterns: Host, person: User, word: str = "") -> None:
    filling = Filling(host, patterns, person, word, lambda model: None)
    for model in host_models():
        filling.row(model)


def fill_team(team: Team, application: Application, person: User, word: str = "") -> None:
    """Their host is open."""
    tables, found = of_a_team(), rows_of(team, application)
    filling = Filling(
        team.host, team.host, person, word, lambda model: found[model] if model in tables else None
    )
    for model in host_models():
        if model in tables and model not in PARTS:
            filling.row(model)


# --- words in every text --------------------------------------------------------------------------


def _with(word: str, field: models.Field, value: str) -> str:
    if isinstance(field, models.EmailField):
        return f"{word}.{value}"[: field.max_length]
    if isinstance(field, models.URLField):
        return f"{value}?{word}"[: field.max_length]
    return f"{word} {value}"[: field.max_length]


def _reworded(field: models.Field, value: str) -> str:
    """Other words: what is copied from one host must not be taken for a leak in another."""
    if isinstance(field, models.EmailField):
        return "planted@someone.example"
    return value if isinstance(field, models.URLField) else "planted words"[: field.max_length]


def _in_json(field: models.Field, value: Any, change: Callable[[models.Field, str], str]) -> Any:
    """Every text with a space in it: the others are codes."""
    if isinstance(value, dict):
        return {key: _in_json(field, inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [_in_json(field, inner, change) for inner in value]
    return change(field, value) if isinstance(value, str) and " " in value else value


def text_fields(model: Model) -> Iterator[models.Field]:
    if model._meta.label in PUBLIC:
        return
    for field in model._meta.local_concrete_fields:
        text = isinstance(field, models.CharField | models.TextField | models.JSONField)
        is_long = field.max_length is None or field.max_length > 2 * len(TEAM_CANARY)
        if text and is_long and not field.choices and field.name not in NOT_PROSE:
            yield field


def _texts(model: Model, values: Values, change: Callable[[models.Field, str], str]) -> Values:
    """Those of the values that are prose, changed."""
    changed = {}
    for field in text_fields(model):
        value = values.get(field.name)
        if isinstance(field, models.JSONField) and value:
            changed[field.name] = _in_json(field, value, change)
        elif value:
            changed[field.name] = change(field, value)
    if model is Version:  # the words of a charter, under their seal
        words = _in_json(models.TextField(), json.loads(values["document"]), change)
        text = canonical(words)
        changed |= {"document": text, "sha256": sha256(text)}
    return changed


def plant(host: Host, word: str, rows: dict[Model, set[int]] | None = None) -> None:
    """rows: these alone, as those of one team."""
    with open_host(host.pk):
        for model in host_models() if rows is None else rows:
            if model._meta.label in ONLY_ADDED:
                continue
            table = model._default_manager.order_by("pk")
            found = list(table if rows is None else table.filter(pk__in=rows[model]))
            planted = 0
            for row in found:
                values = {field.attname: getattr(row, field.attname) for field in _plain(model)}
                if rows is not None and model is Team:
                    del values["name"]  # the teams of a cohort know each other by name
                if changed := _texts(model, values, partial(_with, word)):
                    planted += table.filter(pk=row.pk).update(**changed)
            if found and not planted:
                _in_an_empty_text(model, found[0].pk, word)


def _in_an_empty_text(model: Model, pk: int, word: str) -> None:
    for field in text_fields(model):
        if not isinstance(field, models.JSONField | models.EmailField | models.URLField):
            with suppress(IntegrityError), transaction.atomic():
                model._default_manager.filter(pk=pk).update(**{field.name: word})
                return


def unplanted(host: Host, word: str, rows: dict[Model, set[int]] | None = None) -> list[str]:
    """The tables with no row there, or with no row that holds the word. rows: these alone."""
    missing = []
    with open_host(host.pk):
        for model in host_models() if rows is None else rows:
            table = model._default_manager.order_by("pk")
            found = (table if rows is None else table.filter(pk__in=rows[model])).values()
            held = any(word in str(row) for row in found) or not any(text_fields(model))
            if not (found and held):
                missing.append(model._meta.label)
    return missing
