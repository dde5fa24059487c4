"""Every change to a working copy: nothing that a colleague wrote is overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from questionnaires.answers import clean, clean_other
from questionnaires.editor.content import (
    Content,
    NotPossible,
    Part,
    checked,
    content_of,
    question,
    section,
)
from questionnaires.models import FormEdit, Trial, Version, WorkingCopy
from questionnaires.queries import form_of
from tenancy import audit

MOST_EDITS = 200
Change = Callable[[Content], Content]


class Clash(Exception):
    """Somebody else changed the same part since this page was opened. Nothing was written.

    theirs: the part as it stands now; None when it is gone.
    """

    def __init__(self, theirs: Part | None, edit: FormEdit) -> None:
        super().__init__(str(edit.edited_by))
        self.theirs, self.edit = theirs, edit


class Target:
    """The part of a form that an edit is about; ("", "") for the order as a whole."""

    def __init__(self, *, section: str = "", question: str = "", column: str = "") -> None:
        self.section, self.question, self.column = section, question, column

    def pick(self, content: Content) -> Part | None:
        """The part; a section without its questions, which are parts of their own."""
        try:
            if self.question:
                return question(content, self.question, self.column)
            if self.section:
                found = section(content, self.section)
                return {key: value for key, value in found.items() if key != "fields"}
        except NotPossible:
            return None
        return {}


def _lock(copy: WorkingCopy) -> WorkingCopy:
    return (
        WorkingCopy.objects.select_for_update(of=("self",))
        .select_related("based_on__questionnaire")
        .get(pk=copy.pk)
    )


@transaction.atomic
def start(*, version: Version, now: datetime, by: User) -> WorkingCopy:
    """Begin to change a published form; the copy that is there already, if there is one."""
    copy, made = WorkingCopy.objects.get_or_create(
        host_id=version.host_id,
        based_on=version,
        defaults={
            "content": content_of(form_of(version)),
            "started_by": by,
            "started_at": now,
        },
    )
    if made:
        audit.record("began changes", version, by=by)
    return copy


@transaction.atomic
def change(
    *,
    copy: WorkingCopy,
    base: int,
    target: Target,
    make: Change,
    verb: str,
    label: Mapping[str, str],
    now: datetime,
    by: User,
) -> WorkingCopy:
    """Make one edit, on whatever the copy has become meanwhile.

    base: the revision that the page showed. Raises Clash when somebody changed this very part
    since then, NotPossible when the result would not be a form. The same edit twice is one.
    """
    copy = _lock(copy)
    if base != copy.revision:
        _refuse_a_clash(copy, base, target)
    made = make(copy.content)
    checked(made)
    if made == copy.content:
        return copy
    return _write(copy, made, verb=verb, label=label, now=now, by=by)


def _refuse_a_clash(copy: WorkingCopy, base: int, target: Target) -> None:
    later = list(copy.edits.filter(revision__gte=base).select_related("edited_by").order_by("pk"))
    if not later:
        return
    theirs = target.pick(copy.content)
    if target.pick(later[0].before) == theirs:
        return
    after = [one.before for one in later[1:]] + [copy.content]
    changed = [
        edit
        for edit, then in zip(later, after, strict=True)
        if target.pick(edit.before) != target.pick(then)
    ]
    raise Clash(theirs, changed[-1])


def _write(
    copy: WorkingCopy,
    content: Content,
    *,
    verb: str,
    label: Mapping[str, str],
    now: datetime,
    by: User,
    undoes: bool = False,
) -> WorkingCopy:
    FormEdit.objects.create(
        host_id=copy.host_id,
        working_copy=copy,
        revision=copy.revision,
        before=copy.content,
        verb=verb,
        label=dict(label),
        undoes=undoes,
        edited_by=by,
        edited_at=now,
    )
    copy.content, copy.revision = content, copy.revision + 1
    copy.save(update_fields=["content", "revision"])
    copy.edits.filter(revision__lt=copy.revision - MOST_EDITS).delete()
    return copy


@transaction.atomic
def replace_all(
    *,
    copy: WorkingCopy,
    base: int,
    content: Content,
    label: Mapping[str, str],
    now: datetime,
    by: User,
) -> WorkingCopy:
    """Put another whole form in its place. It can be undone like any edit."""
    copy = _lock(copy)
    _refuse_what_was_not_seen(copy, base)
    checked(content)
    return _write(copy, content, verb="copied", label=label, now=now, by=by)


def _refuse_what_was_not_seen(copy: WorkingCopy, base: int) -> None:
    if base != copy.revision:
        raise NotPossible(_("Somebody changed this form meanwhile. Look at it, then try again."))


@transaction.atomic
def undo(*, copy: WorkingCopy, base: int, now: datetime, by: User) -> FormEdit | None:
    """Take back the last edit that still stands; None when there is none."""
    copy = _lock(copy)
    _refuse_what_was_not_seen(copy, base)
    last = copy.edits.filter(undoes=False, undone=False).order_by("-pk").first()
    if last is None:
        return None
    last.undone = True
    last.save(update_fields=["undone"])
    _write(copy, last.before, verb=last.verb, label=last.label, now=now, by=by, undoes=True)
    return last


@transaction.atomic
def discard(*, copy: WorkingCopy, base: int, by: User) -> None:
    """Throw the copy away; the published form stays as it is."""
    copy = _lock(copy)
    _refuse_what_was_not_seen(copy, base)
    audit.record("discarded changes", copy.based_on, by=by)
    copy.delete()


@transaction.atomic
def try_out(
    *, copy: WorkingCopy, values: Mapping[str, Any], by: User, language: str = "en"
) -> Trial:
    """Keep what one person typed to try the form. It is nobody's application."""
    trial, _made = Trial.objects.get_or_create(host_id=copy.host_id, working_copy=copy, person=by)
    form = checked(copy.content)
    for key, raw in values.items():
        field = form.by_answer.get(key)
        if field is None:
            continue
        other = key != field.code
        value = clean_other(raw).value if other else clean(field, raw, language=language).value
        if value is None:
            trial.answers.pop(key, None)
        else:
            trial.answers[key] = value
    trial.save(update_fields=["answers"])
    return trial


@transaction.atomic
def clear_trial(*, copy: WorkingCopy, by: User) -> None:
    Trial.objects.filter(working_copy=copy, person=by).delete()
