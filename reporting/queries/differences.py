"""What is different between two versions of a report, for one reader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from diff_match_patch import diff_match_patch
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collaboratives.models import Team
from collaboratives.queries.measures import MeasureTable, Reader
from questionnaires.queries import form_of
from reporting.models import ReportVersion
from reporting.queries.pages import tables_for
from reporting.queries.work import work_shown
from reporting.report_forms import ASK_CODES

KINDS = {0: "same", 1: "added", -1: "removed"}
MOST_NUMBERS = 200

Parts = list[tuple[str, str]]


@dataclass(frozen=True)
class Changed:
    """One part of the report. parts: (kind, text) as components/diff.html takes them."""

    label: str
    parts: Parts


@dataclass(frozen=True)
class Number:
    """One count, in words, as it was and as it is."""

    measure: str
    month: str
    group: str
    before: str
    after: str


@dataclass(frozen=True)
class Differences:
    words: list[Changed]
    numbers: list[Number]

    @property
    def none(self) -> bool:
        return not self.words and not self.numbers


def differences(
    before: ReportVersion, after: ReportVersion, *, reader: Reader, inside: bool
) -> Differences:
    """inside: the team, its leaders and staff, who also read what is asked of the leader.

    Numbers are compared as this reader sees them: of a hidden one nobody learns that it moved.
    """
    team = after.report.team
    return Differences(
        [one for one in _words(before, after, inside) if any(k != "same" for k, _t in one.parts)],
        _numbers(before, after, team, reader)[:MOST_NUMBERS],
    )


def word_diff(before: str, after: str) -> Parts:
    """Word by word: every word and every gap is one sign for the diff."""
    signs: dict[str, str] = {}
    coded = []
    for text in (before, after):
        tokens = re.findall(r"\w+|\s+|[^\w\s]", text)
        coded.append("".join(signs.setdefault(one, chr(0x100 + len(signs))) for one in tokens))
    known = {sign: token for token, sign in signs.items()}
    engine = diff_match_patch()
    engine.Diff_Timeout = 1.0
    found = engine.diff_main(coded[0], coded[1], checklines=False)
    engine.diff_cleanupSemantic(found)
    return [(KINDS[kind], "".join(known[sign] for sign in text)) for kind, text in found]


def _words(before: ReportVersion, after: ReportVersion, inside: bool) -> list[Changed]:
    old, new = before.content, after.content
    form = form_of(after.report.period.form)
    found = [Changed(_("Our aim"), word_diff(old["aim"], new["aim"]))]
    for field in form.fields():
        if field.code in ASK_CODES and not inside:
            continue
        was, now = (content["answers"].get(field.code, "") for content in (old, new))
        found.append(Changed(str(field.label), word_diff(str(was), str(now))))
    for label, told in (
        (_("What we had planned"), lambda one: one.get("planned", "")),
        (_("Open commitments"), _promised),
        (_("Aims and what drives them"), _aims),
        (_("Projects"), _projects),
        (_("What people told us"), _evidence),
    ):
        found.append(Changed(label, word_diff(told(old), told(new))))
    gone = list(old["changes"])
    for change in new["changes"]:
        was = next((one for one in gone if one["title"] == change["title"]), None)
        if was is not None:
            gone.remove(was)
        found.append(Changed(change["title"], word_diff(_told(was), _told(change))))
    found += [Changed(one["title"], word_diff(_told(one), "")) for one in gone]
    return found


# What a part says, as its readers see it; of a version from before there was such a part, nothing.


def _promised(content: dict[str, Any]) -> str:
    given = content.get("commitments", [])
    return "\n".join(_joined(one["text"], one["who"], one["due_on"]) for one in given)


def _aims(content: dict[str, Any]) -> str:
    shown = zip(work_shown(content).aims, content.get("aims", []), strict=True)
    return "\n\n".join(f"{aim.sentence}\n{one['outline']}".strip() for aim, one in shown)


def _projects(content: dict[str, Any]) -> str:
    found = work_shown(content).projects
    return "\n\n".join(_joined(one.title, one.stage, one.level, one.text) for one in found)


def _evidence(content: dict[str, Any]) -> str:
    return "\n\n".join(
        _joined(one.text, one.from_whom, one.kind, date_format(one.heard_on), one.meaning)
        for one in work_shown(content).evidence
    )


def _joined(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)


def _told(change: dict[str, Any] | None) -> str:
    if change is None:
        return ""
    parts = [change[part] for part in ("title", "plan", "prediction", "do", "study", "act")]
    return "\n".join(part for part in parts if part)


def _numbers(
    before: ReportVersion, after: ReportVersion, team: Team, reader: Reader
) -> list[Number]:
    old, new = (_cells(tables_for(one, team, reader)) for one in (before, after))
    return [
        Number(*key, old.get(key, "–"), new.get(key, "–"))
        for key in [*new, *(key for key in old if key not in new)]
        if old.get(key, "–") != new.get(key, "–")
    ]


def _cells(tables: list[MeasureTable]) -> dict[tuple[str, str, str], str]:
    """By measure, month and group: the counts."""
    return {
        (table.name, row[0], row[1]): " / ".join(cell for cell in row[2:] if cell) or "–"
        for table in tables
        for row in table.as_rows()
    }
