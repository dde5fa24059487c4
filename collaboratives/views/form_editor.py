"""The application form of a cohort: outline, order, undo, copies, comparison, publication."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from collaboratives.actions import application_form as actions
from collaboratives.form_rules import faults, lost_by
from collaboratives.queries import application_form as queries
from questionnaires.compare import differences
from questionnaires.editor import actions as editor
from questionnaires.editor.content import NotPossible, move_question, move_section
from questionnaires.queries import form_of
from questionnaires.summary import summary


def base_of(request):
    """The copy and revision that the page showed: its number is 0 for another copy."""
    copy, _dot, revision = request.POST.get("base", "").partition(".")
    return int(copy) if copy.isdigit() else 0, int(revision) if revision.isdigit() else 0


def to_form(cohort, anchor=""):
    response = redirect("collaboratives:form", cohort.host.slug, cohort.slug)
    response["Location"] += f"#{anchor}" if anchor else ""
    return response


def opened(slug):
    """The cohort and its working copy; 404 without one."""
    cohort = queries.cohort_with_form(slug)
    copy = queries.working_copy(cohort)
    if copy is None:
        raise Http404
    return cohort, copy


@requires(Permission.PROGRAM_EDIT)
def form(request, host_slug, cohort_slug):
    cohort = queries.cohort_with_form(cohort_slug)
    copy, published = queries.working_copy(cohort), form_of(cohort.application_form)
    context = {"cohort": cohort, "copy": copy, "version": cohort.application_form}
    if copy is None:
        context["parts"] = summary(published, {}, private=True)
        return render(request, "collaboratives/form/published.html", context)
    context |= {
        "blocks": queries.outline(copy.content, cohort.host.languages, published),
        "undoable": queries.undoable(copy),
        "edits": queries.last_edits(copy)[:8],
        "sharing": queries.sharing(cohort),
    }
    return render(request, "collaboratives/form/outline.html", context)


@requires(Permission.PROGRAM_EDIT)
@require_POST
def start(request, host_slug, cohort_slug):
    cohort = queries.cohort_with_form(cohort_slug)
    editor.start(version=cohort.application_form, now=now(), by=request.user)
    return to_form(cohort)


@requires(Permission.PROGRAM_EDIT)
def copy_from(request, host_slug, cohort_slug):
    """Start from another form: of a cohort, a shipped program, or an earlier version."""
    cohort = queries.cohort_with_form(cohort_slug)
    if request.method == "POST":
        found = queries.source_form(cohort, request.POST.get("source", ""))
        if found is not None:
            source, name = found
            _copy, left_out = actions.start_from(
                cohort=cohort, form=source, name=name, now=now(), by=request.user
            )
            said = _("The form now begins as a copy of “%(name)s”. Undo takes it back.")
            messages.success(request, said % {"name": name})
            for one in left_out:
                messages.warning(request, one)
            return to_form(cohort)
        messages.error(request, _("Choose the form to start from."))
    context = {"cohort": cohort, "sources": queries.sources(cohort)}
    return render(request, "collaboratives/form/copy.html", context)


@requires(Permission.PROGRAM_EDIT)
@require_POST
def move(request, host_slug, cohort_slug):
    """One place up or down."""
    cohort, copy = opened(cohort_slug)
    what, code = request.POST.get("what"), request.POST.get("code", "")
    step = -1 if request.POST.get("step") == "up" else 1
    column = request.POST.get("column", "")

    def moved(content):
        if what == "section":
            return move_section(content, code, step)
        return move_question(content, code, step, column)

    try:
        editor.change(
            copy=copy,
            base=copy.revision,
            target=editor.Target(),
            make=moved,
            verb="moved",
            label=queries.label_of(copy.content, code),
            now=now(),
            by=request.user,
        )
    except NotPossible as refused:
        messages.error(request, str(refused))
    if column:
        return redirect("collaboratives:form_question", host_slug, cohort_slug, code)
    return to_form(cohort, f"{what}-{code}")


@requires(Permission.PROGRAM_EDIT)
@require_POST
def undo(request, host_slug, cohort_slug):
    cohort, copy = opened(cohort_slug)
    try:
        done = editor.undo(copy=copy, base=base_of(request)[1], now=now(), by=request.user)
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        said = _("The last change is taken back.") if done else _("There is nothing to take back.")
        messages.success(request, said)
    return to_form(cohort)


@requires(Permission.PROGRAM_EDIT)
def discard(request, host_slug, cohort_slug):
    cohort, copy = opened(cohort_slug)
    if request.method == "POST":
        try:
            editor.discard(copy=copy, base=base_of(request)[1], by=request.user)
            messages.success(request, _("Your changes are thrown away. The form is as it was."))
        except NotPossible as refused:
            messages.error(request, str(refused))
        return to_form(cohort)
    context = {"cohort": cohort, "copy": copy, "edits": queries.last_edits(copy)[:8]}
    return render(request, "collaboratives/form/discard.html", context)


@requires(Permission.PROGRAM_EDIT)
def compare(request, host_slug, cohort_slug):
    """Two versions side by side; by default what is published and what is being changed."""
    cohort = queries.cohort_with_form(cohort_slug)
    copy, listed = queries.working_copy(cohort), queries.versions(cohort)
    before = cohort.application_form if copy or len(listed) == 1 else listed[1]
    older = request.GET.get("from") or str(before.number)
    newer = request.GET.get("to") or ("changes" if copy else str(listed[0].number))
    one, two = queries.side_of(cohort, older, copy), queries.side_of(cohort, newer, copy)
    if one is None or two is None:
        raise Http404
    context = {
        "cohort": cohort,
        "copy": copy,
        "versions": listed,
        "older": older,
        "newer": newer,
        "names": (one[1], two[1]),
        "differences": differences(one[0], two[0]),
    }
    return render(request, "collaboratives/form/compare.html", context)


@requires(Permission.PROGRAM_EDIT)
def publish(request, host_slug, cohort_slug):
    """What publication will change, and the act itself. Applications add who is affected."""
    cohort, copy = opened(cohort_slug)
    if request.method == "POST":
        try:
            version = actions.publish_form(
                cohort=cohort, copy=copy, base=base_of(request)[1], now=now(), by=request.user
            )
        except (NotPossible, actions.NotPublishable) as refused:
            messages.error(request, str(refused))
            return redirect("collaboratives:form_publish", host_slug, cohort_slug)
        said = _("Version %(n)s is published. Applicants see it from now on.")
        messages.success(request, said % {"n": version.number})
        return to_form(cohort)
    blueprint, changes = cohort.program.blueprint, queries.side_of(cohort, "changes", copy)
    context = {
        "cohort": cohort,
        "copy": copy,
        "faults": faults(copy.content, blueprint, cohort.host.languages),
        "lost": lost_by(copy.content, blueprint),
        "differences": differences(form_of(cohort.application_form), changes[0]),
        "sharing": queries.sharing(cohort),
    }
    return render(request, "collaboratives/form/publish.html", context)
