"""The research export, made by a worker, and the end of its days."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from applications.consent import actions, queries, research
from applications.consent.models import ResearchExport
from applications.models import Application
from collaboratives.models import TeamMember
from documents import jobs, pdf
from documents.models import StoredFile
from messaging import reminders
from messaging.reminders import HORIZON, Reminder

DAYS = timedelta(days=7)
KEEP_TRYING = timedelta(days=60)
AFTER_JOINING = timedelta(days=1)


@jobs.kind(actions.KIND)
def research_export(run: jobs.Run) -> jobs.Made:
    """Read at the moment it is made, so that who withdrew before is not in it."""
    with run.step():
        export = ResearchExport.objects.select_related("cohort").get(pk=run.input["export"])
        gathered = research.gather(export.cohort)
        if len(gathered.consents) < research.FEWEST:
            raise jobs.Failed(_("Fewer than 5 people have consented. Nothing is exported."))
        roles, names = research.roles_in(gathered.applications), actions.names_of_host(run.host_id)
    now = timezone.now()
    content = research.packed(gathered, names, roles, made_at=now)
    name = f"research-{export.cohort.slug}-{now:%Y%m%d}.zip"
    return jobs.Made(name, "application/zip", content, then=partial(_keep, export, now))


@jobs.kind(actions.SHEET_PDF)
def study_sheet(run: jobs.Run) -> jobs.Made:
    """The information sheet to keep, in the words in which it was asked for."""
    with run.step():
        host_name = run.job.host.name
    sheet, language = run.input["words"], run.input["language"]
    with translation.override(language):
        context = {
            "sheet": sheet,
            "sha256": run.input["sha256"],
            "cohort": run.input["cohort"],
            "host_name": host_name,
            "reference": run.input["cohort"],
            "made": f"{run.job.created_at:%Y-%m-%d %H:%M} UTC",
        }
        made = pdf.render(render_to_string("applications/consent_sheet_pdf.html", context))
    return jobs.Made(f"sheet-{sheet['version']}-{language}.pdf", "application/pdf", made)


def _keep(export: ResearchExport, now: datetime, file: StoredFile) -> None:
    actions.keep_export(export=export, file=file, now=now)


@reminders.register("research-export-ends")
def endings(now: datetime) -> Iterator[Reminder]:
    for export in ResearchExport.objects.kept().order_by("pk"):
        assert export.made_at is not None
        due = export.made_at + DAYS
        if due < now + HORIZON:
            send = partial(actions.end_export, export=export, now=now)
            yield Reminder(
                "research-export-ends", export, "+7d", due, send, until=due + KEEP_TRYING
            )


@reminders.register("study-choice")
def choices(now: datetime) -> Iterator[Reminder]:
    """Once for each person who joined a team of a program with a study.

    Whether they have answered is asked when it is sent, never here: a plan is the same for all.
    """
    joined = (
        TeamMember.objects.present()
        .filter(user__isnull=False, joined_at__gt=now - KEEP_TRYING)
        .exclude(team__application_reference="")
        .select_related("team", "user")
        .order_by("pk")
    )
    members = list(joined)
    references = {one.team.application_reference for one in members}
    found = Application.objects.for_page().filter(reference__in=references) if members else []
    studied = {one.reference: one for one in found if queries.sheet_of(one) is not None}
    for member in members:
        application = studied.get(member.team.application_reference)
        if application is not None and member.user is not None:
            send = partial(actions.tell_of_choice, application=application, person=member.user)
            due, until = member.joined_at + AFTER_JOINING, member.joined_at + KEEP_TRYING
            yield Reminder("study-choice", member, "+1d", due, send, until=until)
