"""What coaches see of reports, and teams of what their coach says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from collaboratives.models import Team
from questionnaires.queries import form_of
from reporting.models import CoachNote, Feedback, FeedbackAnswer, Report, ReportVersion
from reporting.models.coaching import FeedbackQuerySet
from reporting.report_forms import ASK_CODES, DRAWN, HEADLINE
from reporting.states import FeedbackState, Verdict

WHOLE = "whole"
CHANGES, OUTCOME = "changes_tested", "outcome_data"
PER_PAGE = 50


def open_to_coach(person: User, membership: Membership | None) -> QuerySet[ReportVersion]:
    """Every version of the teams that this person coaches."""
    teams = Team.objects.coached_by(person, membership)
    return ReportVersion.objects.filter(report__team__in=teams.values("pk")).select_related(
        "report__team__organization",
        "report__team__cohort__program",
        "report__team__coach",
        "report__period__form",
        "submitted_by",
    )


def may_coach(team: Team, person: User, membership: Membership | None) -> bool:
    return Team.objects.coached_by(person, membership).filter(pk=team.pk).exists()


def coached_versions(person: User, membership: Membership | None) -> QuerySet[ReportVersion]:
    """The newest version of each report, of the teams that this person coaches."""
    teams = Team.objects.coached_by(person, membership).running()
    newest = ReportVersion.objects.filter(report=OuterRef("report")).order_by("-number")
    return (
        ReportVersion.objects.filter(report__team__in=teams.values("pk"))
        .filter(pk=Subquery(newest.values("pk")[:1]))
        .select_related(
            "report__team__cohort", "report__team__coach", "report__period", "submitted_by"
        )
        .defer("content")
    )


def queue(person: User, membership: Membership | None, *, mine: bool, page: str | int) -> Page[Any]:
    """What waits for feedback, oldest first. mine: only of teams given to this very person."""
    shared = Feedback.objects.filter(version=OuterRef("pk"), state=FeedbackState.SHARED)
    draft = Feedback.objects.filter(version=OuterRef("pk"), state=FeedbackState.DRAFT)
    waiting = coached_versions(person, membership).filter(~Exists(shared))
    if mine:
        waiting = waiting.filter(report__team__coach_id=person.pk)
    ordered = waiting.annotate(is_begun=Exists(draft)).order_by("submitted_at", "pk")
    return Paginator(ordered, PER_PAGE).get_page(page)


def given_lately(
    person: User, membership: Membership | None, *, limit: int = 20
) -> QuerySet[Feedback]:
    """What was shared with these teams, newest first, with the team's last word on it."""
    last = FeedbackAnswer.objects.filter(feedback=OuterRef("pk")).order_by("-written_at", "-pk")
    teams = Team.objects.coached_by(person, membership).running()
    shared = Feedback.objects.filter(
        version__report__team__in=teams.values("pk"), state=FeedbackState.SHARED
    )
    return (
        shared.select_related(
            "version__report__team__cohort", "version__report__period", "shared_by"
        )
        .defer("version__content")
        .annotate(team_wrote_last=Subquery(last.values("from_team")[:1]))
        .order_by("-shared_at", "pk")[:limit]
    )


@dataclass(frozen=True)
class Part:
    """One part of a report that a coach can speak about. text: what the team typed there."""

    code: str
    label: str
    text: str = ""
    is_drawn: bool = False


def parts_of(version: ReportVersion) -> list[Part]:
    """In the order of the program: what was typed, what is drawn, and the report as a whole."""
    report, content = version.report, version.content
    answers = content["answers"]
    typed = {
        field.code: str(field.label)
        for field in form_of(report.period.form).fields()
        if field.code not in ASK_CODES
    }
    planned = report.team.cohort.program.blueprint.reporting.sections
    drawn = {item.code: str(item.text) for item in planned if item.code in DRAWN}
    if content["changes"]:
        drawn.setdefault(CHANGES, _("Changes tested"))
    if content["masked"] and not drawn.keys() - {CHANGES}:
        drawn[OUTCOME] = _("Numbers by group")
    codes = [HEADLINE, *(item.code for item in planned), *drawn, *typed]
    found = []
    for code in dict.fromkeys(codes):
        if code in typed:
            found.append(Part(code, typed[code], answers.get(code, "")))
        elif code in drawn:
            found.append(Part(code, drawn[code], is_drawn=True))
    return [*found, Part(WHOLE, _("The report as a whole"))]


@dataclass(frozen=True)
class Said:
    label: str
    text: str


def said(words: Mapping[str, str], version: ReportVersion) -> list[Said]:
    """What was written, in the order of the parts; what belongs to none of them comes last."""
    labels = {part.code: part.label for part in parts_of(version)}
    known = [Said(label, words[code]) for code, label in labels.items() if words.get(code)]
    rest = [Said(_("More"), text) for code, text in words.items() if code not in labels]
    return known + rest


@dataclass(frozen=True)
class FeedbackShown:
    """One shared feedback as its readers see it."""

    feedback: Feedback
    said: list[Said]
    answers: list[FeedbackAnswer]


def feedback_shown(
    version: ReportVersion, person: User, membership: Membership | None
) -> list[FeedbackShown]:
    """What was shared on this report, newest first, if the person may read it."""
    found = Feedback.objects.visible_to(person, membership).filter(
        version__report=version.report_id
    )
    return _shown(found, version)


def newest_feedback(report: Report, person: User) -> Feedback | None:
    """Of what was shared on this report; for the people of its team."""
    shared = Feedback.objects.visible_to(person).filter(version__report=report)
    return shared.newest_first().first()


def asked_by_coach(report: Report) -> str:
    """The reason to change the report that stands in its newest feedback; "" without one."""
    shared = Feedback.objects.filter(version__report=report, state=FeedbackState.SHARED)
    one = shared.newest_first().first()
    asks = one is not None and one.verdict == Verdict.CHANGES
    return _("Our coach asked for changes.") if asks else ""


def _shown(found: FeedbackQuerySet, version: ReportVersion) -> list[FeedbackShown]:
    answers = Prefetch("answers", FeedbackAnswer.objects.for_list())
    rows = found.for_page().defer("version__content").prefetch_related(answers).newest_first()
    return [
        FeedbackShown(one, said(one.words or one.draft, version), list(one.answers.all()))
        for one in rows
    ]


def feedback_on(version: ReportVersion) -> Feedback | None:
    """The coaches' own sheet, draft or shared."""
    return Feedback.objects.filter(version=version).for_page().first()


def earlier_feedback(version: ReportVersion) -> list[FeedbackShown]:
    """What coaches wrote about earlier versions of the report, drafts too: for coaches."""
    found = Feedback.objects.filter(
        version__report=version.report_id, version__number__lt=version.number
    )
    return _shown(found, version)


def answers_to(feedback: Feedback | None) -> list[FeedbackAnswer]:
    return list(feedback.answers.for_list()) if feedback is not None else []


def latest_feedback(team: Team, person: User, membership: Membership | None) -> Feedback | None:
    """The newest that was shared with the team, if this person may read it."""
    found = Feedback.objects.visible_to(person, membership).filter(version__report__team=team)
    latest = found.for_page().defer("version__content")
    return latest.order_by("-shared_at", "-pk").first()


def notes_on(team: Team, person: User, membership: Membership | None) -> list[CoachNote]:
    return list(CoachNote.objects.visible_to(person, membership).filter(team=team).for_list())
