"""A person answers about a study, for themself alone."""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address, ip_network
from secrets import token_hex
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language

from accounts.models import User
from applications.consent import emails
from applications.consent.models import Choice, ConsentRecord, ResearchExport, ResearchKey
from applications.consent.queries import Sheet, newest, sheet_of
from applications.consent.research import Names
from applications.models import Application
from collaboratives.models import Cohort
from documents import intake, jobs
from documents.models import Job, StoredFile
from tenancy import audit

KIND = "research_export"
SHEET_PDF = "study_sheet"


def network(address: str) -> str:
    """The network that an answer came from, without the part that names one machine."""
    try:
        bits = 24 if ip_address(address).version == 4 else 48
    except ValueError:
        return ""
    return str(ip_network(f"{address}/{bits}", strict=False))


@transaction.atomic
def draw_sheet(*, application: Application, sheet: Sheet) -> Job:
    """Have a worker draw the sheet as it is now, once for everybody.

    Nobody's name is on the job: who fetches the sheet stays as untold as what they answer.
    """
    language = get_language() or "en"
    key = f"{SHEET_PDF}:{application.cohort_id}:{language}:{sheet.sha256}"
    return jobs.request(
        SHEET_PDF,
        host_id=application.host_id,
        input={
            "words": sheet.words(language),
            "language": language,
            "sha256": sheet.sha256,
            "cohort": application.cohort.name,
        },
        dedupe_key=key,
        by=None,
    )


@transaction.atomic
def record_choice(
    *,
    application: Application,
    sheet: Sheet,
    read: bool,
    choice: Choice | str,
    address: str = "",
    by: User,
    now: datetime,
) -> ConsentRecord:
    """Add this answer to the person's own record. The same answer twice stays one.

    No audit event: those are seen by staff, and this is seen by nobody else.
    """
    last = newest(application, by)
    same = last is not None and (last.choice, last.read, last.sha256) == (
        str(choice),
        read,
        sheet.sha256,
    )
    if last is not None and same:
        return last
    made = ConsentRecord.objects.create(
        host_id=application.host_id,
        person=by,
        cohort=application.cohort,
        application=application,
        document=sheet.code,
        version=str(sheet.version),
        sha256=sheet.sha256,
        language=(get_language() or "en")[:2],
        read=read,
        choice=choice,
        network=network(address),
        at=now,
    )
    emails.recorded(made, application=application, sheet=sheet)
    return made


@transaction.atomic
def tell_of_choice(*, application: Application, person: User) -> bool:
    """Tell who joined a team that they may answer about the study: once, and not if they have."""
    sheet = sheet_of(application)
    if sheet is None or newest(application, person) is not None:
        return False
    emails.your_choice(application, person=person, sheet=sheet)
    return True


# --- for the study: asked by owners, made by a worker ------------------------------------------


def names_of_host(host_id: UUID) -> Names:
    """The host's key for pseudonyms, made at the first export."""
    key, _new = ResearchKey.objects.get_or_create(
        host_id=host_id, defaults={"secret": token_hex(32)}
    )
    return Names(key.secret)


@transaction.atomic
def ask_for_export(*, cohort: Cohort, page: str, by: User, now: datetime) -> ResearchExport:
    """Have the export made. The event names the cohort, and no number of people."""
    export = ResearchExport.objects.create(
        host_id=cohort.host_id, cohort=cohort, asked_by=by, asked_at=now
    )
    export.job = jobs.request(
        KIND,
        host_id=cohort.host_id,
        input={"export": export.pk},
        dedupe_key=f"{KIND}:{export.uuid}",
        by=by,
        page=page,
    )
    export.save(update_fields=["job"])
    audit.record("asked for the research export", cohort, by=by)
    return export


def keep_export(*, export: ResearchExport, file: StoredFile, now: datetime) -> None:
    """In the job's transaction."""
    export.file, export.made_at = file, now
    export.save(update_fields=["file", "made_at"])


@transaction.atomic
def take_export(*, export: ResearchExport, by: User) -> None:
    """Keep who took the file."""
    audit.record("took the research export", export.cohort, by=by)


@transaction.atomic
def end_export(*, export: ResearchExport, now: datetime) -> bool:
    """Its seven days are over: the file goes, the row stays. False when it has gone already."""
    kept = ResearchExport.objects.kept().select_for_update(of=("self",)).filter(pk=export.pk)
    found = kept.first()
    if found is None or found.file is None:
        return False
    intake.remove(stored=found.file, reason="The days for taking it are over.")
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    return True
