"""The register of counts and the research export: the two things that read others' consent.

The export has those who consent, under pseudonyms, and the answers that one of them sent in. It
has no name, no address, and nothing that somebody wrote in their own words.
"""

from __future__ import annotations

import csv
import hmac
import json
import zipfile
from base64 import b32encode
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO, StringIO
from typing import Any

from applications.consent.models import Choice, ConsentRecord
from applications.models import Application, ApplicationPerson
from collaboratives.measure_files.workbooks import harmless
from collaboratives.models import Cohort
from questionnaires import export
from questionnaires.queries import form_of
from questionnaires.schema import Form, Kind
from questionnaires.walk import Leaf

FEWEST = 5  # people: fewer are neither counted nor exported
CLOSED = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.YES_NO, Kind.SCALE, Kind.NUMBER})
WHY = {
    "own words": "free text, which could name people or an institution",
    "identifies": "names, addresses or numbers that identify",
    "file": "files",
    "table": "tables of rows, which list people, partners or results in free text",
    "statement": "statements that all have agreed to",
}


@dataclass(frozen=True)
class Counted:
    """How many people's newest answer is this; None for fewer than five."""

    version: str
    choice: Choice
    people: int | None


def register(cohort: Cohort) -> list[Counted]:
    """By version of the sheet and answer. Nothing below five, and no sums that would tell it."""
    newest = ConsentRecord.objects.newest_each(cohort).values_list("version", "choice")
    found = Counter((version, choice) for version, choice in newest)
    return [
        Counted(version, Choice(choice), people if people >= FEWEST else None)
        for (version, choice), people in sorted(found.items())
    ]


@dataclass(frozen=True)
class Gathered:
    """What goes in, read in one step of the database."""

    cohort: Cohort
    consents: list[ConsentRecord]
    applications: list[Application]
    left_out: int  # received applications whose sender does not consent


def gather(cohort: Cohort) -> Gathered:
    """Consenters of a cohort, and the received applications that one of them sent in."""
    newest = ConsentRecord.objects.newest_each(cohort)
    consents = [one for one in newest if one.choice == Choice.CONSENT]
    people = {one.person_id for one in consents}
    received = (
        Application.objects.received()
        .filter(cohort=cohort)
        .select_related("response__version")
        .order_by("pk")
    )
    applications = [one for one in received if one.submitted_by_id in people]
    return Gathered(cohort, consents, applications, len(received) - len(applications))


@dataclass(frozen=True)
class Names:
    """Stable pseudonyms of one host."""

    secret: str

    def of(self, kind: str, key: int) -> str:
        """The same for the same row in every export; nothing about the row can be read from it."""
        made = hmac.new(self.secret.encode(), f"{kind}:{key}".encode(), sha256).digest()
        return b32encode(made)[:12].decode()


def roles_in(applications: Iterable[Application]) -> dict[int, tuple[int, str]]:
    """By person: the exported application they work on, and their part in it."""
    found = ApplicationPerson.objects.present().filter(application__in=list(applications))
    return {one.user_id: (one.application_id, one.role) for one in found.order_by("pk")}


# --- which answers may go -----------------------------------------------------------------------


def reason_to_leave_out(leaf: Leaf) -> str:
    """Why this column stays here; "" for what goes."""
    kind = leaf.asked.kind
    if leaf.own_words or kind in (Kind.SHORT_TEXT, Kind.LONG_TEXT):
        return "own words"
    if leaf.in_table:
        return "table"
    if kind in (Kind.UPLOAD, Kind.VIDEO):
        return "file"
    if kind == Kind.ACKNOWLEDGEMENT:
        return "statement"
    return "" if kind in CLOSED and not leaf.part else "identifies"


def split(forms: Mapping[int, Form]) -> tuple[list[str], dict[str, str]]:
    """The codes that are exported, and for each other one the reason why it is not."""
    kept, left = [], {}
    for column in export.columns(forms):
        why = "table" if column.counts_rows else reason_to_leave_out(column.newest)
        if why:
            left[column.code] = why
        else:
            kept.append(column.code)
    return kept, left


# --- the file -----------------------------------------------------------------------------------


def packed(
    gathered: Gathered, names: Names, roles: Mapping[int, tuple[int, str]], *, made_at: datetime
) -> bytes:
    """A ZIP of two tables, the codebook, and the manifest that says what is in and what not."""
    forms = {
        one.response.version.number: form_of(one.response.version) for one in gathered.applications
    }
    kept, left = split(forms)
    sheets = {
        "people.csv": _table(PEOPLE, _people(gathered, names, roles)),
        "applications.csv": _table(
            ["application", "form_version", *kept], _answers(gathered, names, kept)
        ),
        "codebook.csv": _table(BOOK, _codebook(forms, set(kept))),
    }
    manifest = _manifest(gathered, forms, kept, left, sheets, made_at)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in sheets.items():
            pack.writestr(name, content)
        pack.writestr("manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False))
    return out.getvalue()


PEOPLE = ["person", "application", "part", "sheet", "sheet_version", "sheet_sha256", "language"]
BOOK = ["code", "version", "section", "question_en", "question_es", "kind", "options", "shown_if"]


def _people(
    gathered: Gathered, names: Names, roles: Mapping[int, tuple[int, str]]
) -> Iterable[list[Any]]:
    """In the order of the pseudonyms, which says nothing about who came first."""
    lines = []
    for one in gathered.consents:
        application, part = roles.get(one.person_id, (None, ""))
        of = names.of("application", application) if application else ""
        who = names.of("person", one.person_id)
        lines.append([who, of, part, one.document, one.version, one.sha256, one.language])
    return sorted(lines)


def _answers(gathered: Gathered, names: Names, kept: list[str]) -> Iterable[list[Any]]:
    lines = []
    for one in gathered.applications:
        version = one.response.version
        cells = export.cells(form_of(version), one.response.answers)
        who = names.of("application", one.pk)
        lines.append([who, version.number, *(cells.get(code) for code in kept)])
    return sorted(lines, key=lambda line: line[0])


def _codebook(forms: Mapping[int, Form], kept: set[str]) -> Iterable[list[Any]]:
    for one in export.codebook(forms):
        if one.code in kept:
            options = "; ".join(f"{code} = {english}" for code, english, _ in one.options)
            yield [
                one.code, one.version, one.section, one.label_en, one.label_es, one.kind, options,
                one.shown_if,
            ]  # fmt: skip


def _manifest(
    gathered: Gathered,
    forms: Mapping[int, Form],
    kept: list[str],
    left: Mapping[str, str],
    sheets: Mapping[str, str],
    made_at: datetime,
) -> dict[str, Any]:
    sheets_read = Counter(f"{one.document} {one.version}" for one in gathered.consents)
    return {
        "cohort": gathered.cohort.name,
        "made_at": made_at.isoformat(timespec="seconds"),
        "people": len(gathered.consents),
        "applications": len(gathered.applications),
        "applications_left_out": gathered.left_out,
        "left_out_because": "the person who sent it in does not consent now",
        "sheet_versions": dict(sorted(sheets_read.items())),
        "form_versions": sorted(forms),
        "questions": kept,
        "questions_left_out": {code: WHY[why] for code, why in left.items()},
        "pseudonyms": "the same in every export of this host; the key stays with the host",
        "files": {name: sha256(text.encode()).hexdigest() for name, text in sheets.items()},
    }


def _table(header: list[str], lines: Iterable[list[Any]]) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(cell) for cell in line] for line in lines)
    return out.getvalue()


def _cell(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) else "" if value is None else value
