"""Pages of a team's measures: what is counted, and its charts."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import signed_in, staff_membership
from collaboratives.actions import measures as actions
from collaboratives.actions.measure_decisions import AlreadyDecided
from collaboratives.actions.measure_releases import note_seen
from collaboratives.category_sets import BY_KEY, sets_for
from collaboratives.forms.measures import MeasureForm
from collaboratives.measure_library import BY_KEY as EXAMPLES
from collaboratives.measure_library import LIBRARY
from collaboratives.measure_rules import can_edit_measures
from collaboratives.models import Measure, Team, TeamMember
from collaboratives.queries.measure_charts import measure_charts
from collaboratives.queries.measure_pages import measure_page
from collaboratives.queries.measures import Reader, measure_table, measure_tables, member_of
from collaboratives.queries.tested_changes import changes_tested


def open_team(request: HttpRequest, team_slug: str) -> tuple[Team, TeamMember | None]:
    """A team that this person may see, and their own place on it."""
    teams = Team.objects.visible_to(request.user, staff_membership(request)).for_list()
    team = get_object_or_404(teams, slug=team_slug)
    return team, member_of(team, request.user)


def open_measure(
    request: HttpRequest, team_slug: str, measure_slug: str
) -> tuple[Measure, TeamMember | None]:
    team, member = open_team(request, team_slug)
    measure = get_object_or_404(Measure, team=team, slug=measure_slug)
    measure.team = team
    return measure, member


def must_edit(member: TeamMember | None) -> None:
    if not can_edit_measures(member):
        raise PermissionDenied


def record_seen(team: Team, member: TeamMember | None, channel: str) -> None:
    """Whoever is on the team sees its numbers whole, and that is noted."""
    if member is not None:
        note_seen(team=team, member=member, channel=channel, now=timezone.now())


@signed_in
def measures(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team, member = open_team(request, team_slug)
    tables = measure_tables(team, reader=Reader.member(member))
    changes = changes_tested(team)
    record_seen(team, member, "page")
    context = {
        "team": team,
        "charts": [measure_charts(table, changes=changes) for table in tables],
        "masked": member is None,
        "can_edit": can_edit_measures(member),
        "library": LIBRARY,
    }
    return render(request, "collaboratives/measures/list.html", context)


@signed_in
def measure_add(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team, member = open_team(request, team_slug)
    must_edit(member)
    sets = sets_for(sogi=team.cohort.program.sogi_allowed)
    axis = request.GET.get("axis", "")
    example = EXAMPLES.get(request.GET.get("example", ""))
    if axis not in {one.key for one in sets}:
        context = {"team": team, "sets": sets, "library": LIBRARY, "example": example}
        return render(request, "collaboratives/measures/choose_axis.html", context)
    initial = MeasureForm.like(example) if example else {}
    form = MeasureForm(request.POST or None, axis=axis, initial=initial)
    if request.method == "POST" and form.is_valid():
        definition = form.as_definition(example=example.key if example else "")
        measure = actions.add_measure(team=team, definition=definition, by=request.user)
        return redirect("collaboratives:measure_data", host_slug, team_slug, measure.slug)
    context = {"team": team, "form": form, "axis": BY_KEY[axis], "measure": None}
    status = 422 if form.errors else 200
    return render(request, "collaboratives/measures/edit.html", context, status=status)


@signed_in
def measure_edit(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str
) -> HttpResponse:
    measure, member = open_measure(request, team_slug, measure_slug)
    must_edit(member)
    table = measure_table(measure, reader=Reader.member(member))
    initial = MeasureForm.of(table, measure.level)
    form = MeasureForm(request.POST or None, axis=measure.axis, table=table, initial=initial)
    if request.method == "POST" and form.is_valid() and _change(request, measure, form):
        return redirect("collaboratives:measure", host_slug, team_slug, measure.slug)
    context = {"team": measure.team, "form": form, "axis": form.axis, "measure": measure}
    status = 422 if form.errors else 200
    return render(request, "collaboratives/measures/edit.html", context, status=status)


def _change(request: HttpRequest, measure: Measure, form: MeasureForm) -> bool:
    """Whether it was changed; else the form says why not."""
    field = "since" if "since" in form.fields else None
    try:
        actions.change_measure(
            measure=measure,
            definition=form.as_definition(example=measure.example),
            since=form.since_when(),
            now=timezone.now(),
            by=request.user,
        )
        return True
    except actions.HasNumbers:
        text = _("Numbers are there already: keep their type, groups and how often you count.")
        form.add_error(None, text)
    except actions.NeedsPhase:
        text = _("You changed what is counted. Choose the month from which it holds, and say why.")
        form.add_error(field, text)
    except AlreadyDecided:
        form.add_error(field, _("A phase begins in this month already."))
    return False


@signed_in
def measure(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str
) -> HttpResponse:
    measure, member = open_measure(request, team_slug, measure_slug)
    page = measure_page(measure, reader=Reader.member(member))
    record_seen(measure.team, member, "page")
    context = {
        "team": measure.team,
        "measure": measure,
        "page": page,
        "charts": page.charts,
        "can_edit": can_edit_measures(member),
    }
    return render(request, "collaboratives/measures/measure.html", context)
