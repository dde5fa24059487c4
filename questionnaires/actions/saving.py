"""Answers are kept field by field, and nothing that anybody typed is lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import BigIntegerField, CharField, Q

from accounts.models import User
from questionnaires.answers import clean, clean_other
from questionnaires.models import AnswerChange, Response, SaveKey
from questionnaires.queries import form_of, gone_field
from questionnaires.schema import Field, Form
from tenancy.prepared import Given, Prepared

KEYS_ARE_KEPT = timedelta(days=1)
MOST_KEPT = 500  # changes of one question; lost words stay whatever their number


class Conflict(NamedTuple):
    """Somebody else answered since this page was read. `theirs` stands, `mine` is in history.

    key: the field's code, or the one of its other words.
    """

    field: str
    key: str
    mine: Any
    theirs: Any
    revision: int
    name: str
    at: datetime


class Saved(NamedTuple):
    """revisions: of every field that came in. unknown: codes that the form doesn't ask."""

    response: Response
    revisions: dict[str, int]
    conflicts: tuple[Conflict, ...]
    changed: tuple[str, ...]
    unknown: tuple[str, ...]


@transaction.atomic(savepoint=False)  # what goes wrong here goes wrong in the caller's act
def save(
    *,
    response: Response,
    values: Mapping[str, Any],
    base_revisions: Mapping[str, int] | None,
    now: datetime,
    by: User | str,
    language: str = "en",
    save_key: str = "",
    whole_page: bool = False,
    source: str = "",
    locked: bool = False,
) -> Saved:
    """Keep what changed, field by field, and lose nothing that anybody typed.

    values: raw or clean, by field code. base_revisions: the revision that each field had on
    the page; None to overwrite. A field that somebody else changed since then keeps their
    value, and ours comes back as a conflict. One's own later words win over one's earlier
    ones, whatever their revision: a page saves itself while it is open. The same save twice
    changes nothing; nor does one whose `save_key` was taken before, however late it comes.
    whole_page: `values` are all that a page showed, not only what was typed. source: kept with
    each change. by: the person; or words for who it was without an account, as in the audit.
    locked: the response was read after its row had been locked.
    """
    if not locked:
        response = _locked(response)
    form = form_of(response.version)
    own_key = f"{'link' if isinstance(by, str) else by.pk}:{save_key}"
    if save_key and (taken := _KEYS(response=response.pk, key=own_key)):
        return _taken_before(response, taken[0], values, form)
    asked = {key: form.by_answer[key] for key in values if key in form.by_answer}
    for key in values.keys() - asked.keys():  # typed on a page of an earlier version
        if field := gone_field(response, key):
            asked[key] = field
    wanted: dict[str, Any] = {}
    for key in asked:
        value = cleaned(asked[key], key, values[key], language=language)
        if value != response.answers.get(key):
            wanted[key] = value
    before = dict(response.revisions)
    if whole_page:
        _drop_what_was_only_shown(response, wanted, base_revisions, asked)
    latest = _latest_of_others(response, wanted, base_revisions, asked, by)
    changes: list[AnswerChange] = []
    conflicts: list[Conflict] = []
    for key, value in wanted.items():
        code = asked[key].code
        revision = before.get(code, 0)
        if code in latest:
            conflicts.append(_conflict(response, key, value, latest[code], code))
            changes.append(
                change_of(response, key, revision, value, now, by, kept=False, source=source)
            )
            continue
        if value is None:
            response.answers.pop(key)
        else:
            response.answers[key] = value
        response.revisions[code] = revision + 1
        changes.append(change_of(response, key, revision + 1, value, now, by, source=source))
    if response.revisions != before:
        response.updated_at = now
        response.save(update_fields=["answers", "revisions", "updated_at"])
    AnswerChange.objects.bulk_create(changes)
    _forget_the_oldest(response, changes)
    if save_key:
        _remember(response, own_key, [one.field for one in conflicts], now)
    return Saved(
        response=response,
        revisions={field.code: response.revisions.get(field.code, 0) for field in asked.values()},
        conflicts=tuple(conflicts),
        changed=tuple(change.field for change in changes if change.kept),
        unknown=tuple(key for key in values if key not in asked),
    )


_LOCKED = Prepared(
    lambda: (
        Response.objects.select_for_update(of=("self",))
        .select_related("version")
        .defer("version__schema")
        .filter(pk=Given("response", BigIntegerField()))
    )
)
_KEYS = Prepared(
    lambda: SaveKey.objects.filter(
        response_id=Given("response", BigIntegerField()), key=Given("key", CharField())
    )
)


def _locked(response: Response) -> Response:
    found = _LOCKED(response=response.pk)
    if not found:
        raise Response.DoesNotExist
    return found[0]


def cleaned(field: Field, key: str, raw: Any, *, language: str = "en") -> Any:
    """What would be kept for one key of a question's answers."""
    if key != field.code:
        return clean_other(raw).value
    return clean(field, raw, language=language).value


def _remember(response: Response, key: str, lost: list[str], now: datetime) -> None:
    SaveKey.objects.create(
        host_id=response.host_id, response=response, key=key, lost=sorted(set(lost)), saved_at=now
    )
    if response.revisions and sum(response.revisions.values()) % 20 == 0:
        old = SaveKey.objects.filter(response=response, saved_at__lt=now - KEYS_ARE_KEPT)
        old.delete()


def _forget_the_oldest(response: Response, changes: list[AnswerChange]) -> None:
    """Far beyond what the history shows, so that a form that is open for months stays small."""
    for change in changes:
        if change.kept and change.revision > MOST_KEPT and change.revision % 50 == 0:
            AnswerChange.objects.filter(
                response=response,
                field=change.field,
                kept=True,
                revision__lte=change.revision - MOST_KEPT,
            ).delete()


def _taken_before(
    response: Response, taken: SaveKey, values: Mapping[str, Any], form: Form
) -> Saved:
    """The answer to a save whose first answer got lost on its way: what stands now."""
    asked = {key: form.by_answer[key] for key in values if key in form.by_answer}
    lost = {field.code: field for field in asked.values() if field.code in taken.lost}
    standing = _standing(response, lost.values())
    return Saved(
        response=response,
        revisions={field.code: response.revisions.get(field.code, 0) for field in asked.values()},
        conflicts=tuple(
            _conflict(response, key, values[key], standing[field.code], field.code)
            for key, field in asked.items()
            if field.code in standing and response.answers.get(key) != values[key]
        ),
        changed=(),
        unknown=tuple(key for key in values if key not in asked),
    )


def _stale(
    response: Response,
    wanted: Mapping[str, Any],
    bases: Mapping[str, int] | None,
    asked: Mapping[str, Field],
) -> dict[str, Field]:
    """The fields of `wanted` that have changed since the page that sent them was read."""
    if bases is None:
        return {}
    fields = {asked[key].code: asked[key] for key in wanted}
    return {
        code: field
        for code, field in fields.items()
        if bases.get(code, 0) < response.revisions.get(code, 0)
    }


def _drop_what_was_only_shown(
    response: Response,
    wanted: dict[str, Any],
    bases: Mapping[str, int] | None,
    asked: Mapping[str, Field],
) -> None:
    """A whole page also sends the answers that nobody touched on it. Where they are older than
    what stands, and as they were shown, they are no wish to go back."""
    stale = _stale(response, wanted, bases, asked)
    shown = _as_shown(response, stale.values(), bases or {})
    for code in stale:
        keys = [key for key in wanted if asked[key].code == code]
        if all(key in shown and wanted[key] == shown[key] for key in keys):
            for key in keys:
                del wanted[key]


def _latest_of_others(
    response: Response,
    wanted: Mapping[str, Any],
    bases: Mapping[str, int] | None,
    asked: Mapping[str, Field],
    by: User | str,
) -> dict[str, AnswerChange]:
    """By field: the change that stands, where the page is older and somebody else made it."""
    stale = _stale(response, wanted, bases, asked)
    return {
        code: change
        for code, change in _standing(response, stale.values()).items()
        if not change.is_by(by)
    }


def _standing(response: Response, fields: Collection[Field]) -> dict[str, AnswerChange]:
    """By field: the change that made the present answer."""
    if not fields:
        return {}
    owners = {key: field.code for field in fields for key in field.answer_codes}
    found: dict[str, AnswerChange] = {}
    for change in (
        AnswerChange.objects.filter(response=response, kept=True, field__in=owners)
        .select_related("changed_by")
        .order_by("field", "-revision", "-pk")
        .distinct("field")
    ):
        code = owners[change.field]
        if code not in found or found[code].revision < change.revision:
            found[code] = change
    return found


def _as_shown(
    response: Response, fields: Collection[Field], base_revisions: Mapping[str, int]
) -> dict[str, Any]:
    """By key of the answers: what stood there at the revision that a page had."""
    if not fields:
        return {}
    until = Q()
    shown: dict[str, Any] = {}
    for field in fields:
        base = base_revisions.get(field.code, 0)
        for key in field.answer_codes:
            until |= Q(field=key, revision__lte=base)
            if base == 0:
                shown[key] = None
    before = AnswerChange.objects.filter(until, response=response, kept=True)
    for change in before.order_by("field", "-revision", "-pk").distinct("field"):
        shown[change.field] = change.value
    return shown


def _conflict(response: Response, key: str, mine: Any, theirs: AnswerChange, code: str) -> Conflict:
    return Conflict(
        field=code,
        key=key,
        mine=mine,
        theirs=response.answers.get(key),
        revision=response.revisions.get(code, 0),
        name=theirs.author,
        at=theirs.changed_at,
    )


def change_of(
    response: Response,
    key: str,
    revision: int,
    value: Any,
    now: datetime,
    by: User | str,
    *,
    kept: bool = True,
    source: str = "",
) -> AnswerChange:
    return AnswerChange(
        host_id=response.host_id,
        response=response,
        field=key,
        revision=revision,
        value=value,
        kept=kept,
        changed_by=None if isinstance(by, str) else by,
        changed_as=by if isinstance(by, str) else "",
        source=source,
        changed_at=now,
    )
