"""A set of answers: begun, copied, carried over to a new version of its form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from accounts.models import User
from questionnaires.actions.saving import change_of, save
from questionnaires.compare import Difference, carried, differences
from questionnaires.models import AnswerChange, FormMove, Response, Version
from questionnaires.queries import form_of
from tenancy import audit


class Moved(NamedTuple):
    """set_aside: answers that the new form can't hold; they stay in the history."""

    response: Response
    differences: tuple[Difference, ...]
    set_aside: tuple[str, ...]


@transaction.atomic
def start_response(
    *, version: Version, answers: Mapping[str, Any] | None = None, now: datetime, by: User | str
) -> Response:
    """An empty set of answers on a version, or one that begins with what is known already."""
    response = Response.objects.create(host_id=version.host_id, version=version)
    if answers:
        response = save(
            response=response, values=answers, base_revisions=None, now=now, by=by
        ).response
    return response


@transaction.atomic
def copy_response(*, response: Response, now: datetime) -> Response:
    """A second set of the same answers, to be changed while the first one stands."""
    return Response.objects.create(
        host_id=response.host_id,
        version_id=response.version_id,
        answers=response.answers,
        revisions=response.revisions,
        updated_at=response.updated_at or now,
    )


@transaction.atomic
def move_to(*, response: Response, version: Version, now: datetime, by: User) -> Moved:
    """Carry a draft over to another version of its form, and keep what is different.

    Answers to questions that are gone stay stored, out of sight; an answer that its question
    can't hold any more is taken out and stays in the history.
    """
    response = (
        Response.objects.select_for_update(of=("self",))
        .select_related("version")
        .get(pk=response.pk)
    )
    left, before, after = response.version, form_of(response.version), form_of(version)
    kept = carried(before, after, response.answers)
    changes = []
    for key, fitting in kept.changed.items():
        code = after.by_answer[key].code
        revision = response.revisions.get(code, 0) + 1
        response.revisions[code] = revision
        was = response.answers[key]
        changes.append(change_of(response, key, revision - 1, was, now, by, kept=False))
        changes.append(change_of(response, key, revision, fitting, now, by))
    found = differences(before, after)
    response.version, response.answers, response.updated_at = version, kept.answers, now
    response.save(update_fields=["version", "answers", "revisions", "updated_at"])
    AnswerChange.objects.bulk_create(changes)
    if found:
        FormMove.objects.create(
            host_id=response.host_id,
            response=response,
            from_version=left,
            to_version=version,
            changes=[_told(one) for one in found],
            answered=[*kept.hidden, *kept.changed],
            moved_at=now,
        )
    audit.record("moved", response, by=by, after={"version": version.number})
    return Moved(response, tuple(found), kept.set_aside)


def _told(one: Difference) -> dict[str, Any]:
    label = one.label.model_dump()
    return {"code": one.field, "change": one.change, "label": label, "section": one.is_section}


@transaction.atomic
def hide_move(*, move: FormMove, by: User) -> FormMove:
    """This person has read what changed in the form; others still see it."""
    move = FormMove.objects.select_for_update(of=("self",)).get(pk=move.pk)
    if by.pk not in move.read_by:
        move.read_by = [*move.read_by, by.pk]
        move.save(update_fields=["read_by"])
    return move
