"""What is done to aims, projects, what people told the team, and where the team told of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from collaboratives.models import Team
from reporting.models import Aim, Dissemination, Evidence, FeedbackCall, Project
from reporting.outlines import parsed, said
from tenancy import audit

Piece = Aim | Project | Evidence | Dissemination | FeedbackCall


@transaction.atomic
def add_piece(kind: type[Piece], *, team: Team, given: Mapping[str, Any], by: User) -> Piece:
    """Note an aim, a project, or another piece of a team's work. given: by column, clean."""
    piece = kind.objects.create(host_id=team.host_id, team=team, created_by=by, **_columns(given))
    audit.record("added", piece, by=by, after={"name": str(piece)})
    return piece


@transaction.atomic
def edit_piece(piece: Piece, *, given: Mapping[str, Any], by: User) -> Piece:
    """Change it; the record says what was there before."""
    piece = type(piece).objects.select_for_update(of=("self",)).get(pk=piece.pk)
    columns = _columns(given)
    before = {name: _plain(getattr(piece, name)) for name in columns}
    for name, value in columns.items():
        setattr(piece, name, value)
    piece.save(update_fields=list(columns))
    after = {name: _plain(getattr(piece, name)) for name in columns}
    changed = [name for name in columns if before[name] != after[name]]
    audit.record(
        "changed",
        piece,
        by=by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return piece


@transaction.atomic
def remove_piece(piece: Piece, *, by: User) -> None:
    """Take it out. Reports that were submitted with it keep it."""
    audit.record("removed", piece, by=by, before={"name": str(piece)})
    piece.delete()


def _columns(given: Mapping[str, Any]) -> dict[str, Any]:
    """An outline is kept in its one form."""
    columns = dict(given)
    if "outline" in columns:
        columns["outline"] = said(parsed(columns["outline"]))
    return columns


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
