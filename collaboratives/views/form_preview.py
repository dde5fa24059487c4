"""The working copy as an applicant meets it; what is typed here is nobody's application."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import translation

from accounts.access import requires
from accounts.roles import Permission
from collaboratives.queries import application_form as queries
from collaboratives.views.form_editor import opened
from questionnaires.editor import actions as editor
from questionnaires.editor.content import checked
from questionnaires.forms import controls, errors, submitted
from questionnaires.rules import section_state, visible


@requires(Permission.PROGRAM_EDIT)
def preview(request, host_slug, cohort_slug, section=""):
    cohort, copy = opened(cohort_slug)
    form = checked(copy.content)
    answers = queries.trial_answers(copy, request.user)
    shown = visible(form, answers)
    asked = form.section(section) if section in shown else form.section(next(iter(shown)))
    language = "es" if request.GET.get("language") == "es" else "en"
    width = "phone" if request.GET.get("width") == "phone" else "desk"
    if asked is None:
        raise Http404
    here = f"{request.path}?language={language}&width={width}"
    if request.method == "POST":
        if "clear" in request.POST:
            editor.clear_trial(copy=copy, by=request.user)
            return redirect(here)
        sent = submitted(asked, request.POST)
        editor.try_out(copy=copy, values=sent.values, by=request.user, language=language)
        extra = f"&add={sent.add}" if sent.add else "&check=1" if "check" in request.POST else ""
        return redirect(here + extra)
    with translation.override(language):
        state = section_state(form, asked.code, answers) if "check" in request.GET else None
        problems = [p for p in state.problems if p.reason != "not_uploaded"] if state else []
        context = {
            "cohort": cohort,
            "copy": copy,
            "section": {"title": str(asked.title), "hint": str(asked.hint or "")},
            "sections": [
                (one.code, str(one.title), one.code == asked.code)
                for one in form.sections
                if one.code in shown
            ],
            "controls": controls(
                form,
                asked.code,
                answers,
                revisions={},
                problems=problems,
                extra_row=request.GET.get("add"),
            ),
            "errors": errors(form, problems),
            "checked": state is not None,
            "language": language,
            "width": width,
        }
        context["fields"] = queries.drawn(context["controls"])
    return render(request, "collaboratives/form/preview.html", context)
