"""One section or question of the application form: add, change, delete."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.access import requires
from accounts.roles import Permission
from collaboratives.form_rules import NEEDED, consequences, with_signatories
from collaboratives.queries import application_form as queries
from collaboratives.views.form_editor import base_of, to_form
from questionnaires.editor import actions as editor
from questionnaires.editor import content as parts
from questionnaires.editor.content import NotPossible
from questionnaires.editor.forms import QuestionForm, SectionForm
from questionnaires.schema import Kind
from questionnaires.wording import KIND_WORDS


def opened(request, slug):
    """The cohort, its working copy, and the revision that the page showed.

    A page of a copy that is published or gone meanwhile keeps its words: a new copy is begun,
    and the page comes back to be saved once more.
    """
    cohort = queries.cohort_with_form(slug)
    copy = queries.working_copy(cohort)
    if copy is None and request.method != "POST":
        raise Http404
    if copy is None:
        copy = editor.start(version=cohort.application_form, now=now(), by=request.user)
    shown, base = base_of(request)
    return cohort, copy, base if shown == copy.pk else None


def saved(request, cohort, copy, base, edit, *, target, verb, label):
    """None when it is written; else what to show above the page that keeps the words."""
    if base is None:
        text = _("This form was published or discarded meanwhile. Save again to go on from there.")
        return {"refused": text}
    try:
        editor.change(
            copy=copy,
            base=base,
            target=target,
            make=edit,
            verb=verb,
            label=label,
            now=now(),
            by=request.user,
        )
    except editor.Clash as clash:
        return {"clash": clash.edit, "theirs": queries.told(clash.theirs or {})}
    except NotPossible as refused:
        return {"refused": str(refused)}
    return None


def page(request, name, context, form, trouble, status=200):
    """The page of a part; what is wrong stands on top and beside its control."""
    errors = form.summary() if form.is_bound and not form.arranged else []
    context |= {"form": form, "trouble": trouble or {}, "errors": errors}
    status = 409 if trouble else 422 if errors else status
    return render(request, f"collaboratives/form/{name}.html", context, status=status)


@requires(Permission.PROGRAM_EDIT)
def section(request, host_slug, cohort_slug, section=""):
    """Change a section; without a code, add one."""
    cohort, copy, base = opened(request, cohort_slug)
    old = queries.found_section(copy, section)
    form = SectionForm(
        request.POST or None,
        old=old,
        earlier=parts.before(copy.content, section=section),
        parts=[(one.code, str(one.title)) for one in cohort.program.blueprint.parts],
    )
    trouble = None
    if request.method == "POST" and form.is_sound() and not form.arranged:
        new = form.section(queries.all_codes(cohort, copy.content))
        edit = parts.put_section if section else parts.add_section
        trouble = saved(
            request,
            cohort,
            copy,
            base,
            lambda content: edit(content, new),
            target=editor.Target(section=section),
            verb="changed" if section else "added",
            label=new["title"],
        )
        if trouble is None:
            return to_form(cohort, f"section-{new['code']}")
    return page(request, "section", {"cohort": cohort, "copy": copy, "old": old}, form, trouble)


@requires(Permission.PROGRAM_EDIT)
def add(request, host_slug, cohort_slug, section="", field=""):
    """Choose how to ask, then write the question: in a section, or as a column of a table."""
    cohort, copy, base = opened(request, cohort_slug)
    parent = queries.found_question(copy, field) if field else None
    kinds = parts.kinds_for(parent)
    kind = request.GET.get("kind", "")
    context = {"cohort": cohort, "copy": copy, "parent": parent, "old": None}
    if kind not in kinds:
        context["kinds"] = [(one, KIND_WORDS[one]) for one in kinds]
        return render(request, "collaboratives/form/kinds.html", context)
    form = question_form(request, cohort, copy, Kind(kind), column=bool(field), section=section)
    context["kind"] = KIND_WORDS[Kind(kind)]
    trouble = None
    if request.method == "POST" and form.is_sound() and not form.arranged:
        new = with_signatories(
            form.question(queries.taken_in(cohort, copy.content, parent)),
            None,
            cohort.program.blueprint,
        )
        trouble = saved(
            request,
            cohort,
            copy,
            base,
            lambda content: parts.add_question(content, new, section_code=section, to=field),
            target=editor.Target(),
            verb="added",
            label=new["label"],
        )
        if trouble is None:
            return after(cohort, field or new["code"], stay=bool(field) or "fields" in new)
    return page(request, "question", context, form, trouble)


def after(cohort, code, *, stay):
    if stay:
        names = [cohort.host.slug, cohort.slug, code]
        return redirect("collaboratives:form_question", *names)
    return to_form(cohort, f"question-{code}")


def question_form(request, cohort, copy, kind, *, old=None, column=False, section=""):
    content = copy.content
    if old is not None and not column:
        earlier = parts.before(content, question=old["code"])
        sections = queries.section_choices(content, old)
    else:
        earlier, sections = queries.up_to_the_end_of(content, section), []
    return QuestionForm(
        request.POST or None,
        kind=kind,
        old=old,
        earlier=earlier,
        sections=sections,
        letters=[(one.code, str(one.label)) for one in cohort.program.blueprint.letters],
        column=column,
    )


@requires(Permission.PROGRAM_EDIT)
def question(request, host_slug, cohort_slug, field, column=""):
    """Change a question, or a column of its table."""
    cohort, copy, base = opened(request, cohort_slug)
    old = queries.found_question(copy, field, column)
    form = question_form(request, cohort, copy, Kind(old["kind"]), old=old, column=bool(column))
    trouble = None
    if request.method == "POST" and form.is_sound() and not form.arranged:
        used = queries.used_codes(cohort)[1].get(old["code"], set())
        made = form.question(set(), used)
        new = with_signatories(made, old, cohort.program.blueprint)
        into = form.cleaned_data.get("section", "")
        trouble = saved(
            request,
            cohort,
            copy,
            base,
            lambda content: parts.put_question(content, new, into=into, code=field, column=column),
            target=editor.Target(question=field, column=column),
            verb="changed",
            label=new["label"],
        )
        if trouble is None:
            return after(cohort, field, stay=bool(column))
    context = {"cohort": cohort, "copy": copy, "old": old, "column": column, "field": field}
    context |= {"kind": KIND_WORDS[Kind(old["kind"])], "columns": queries.columns_of(old)}
    return page(request, "question", context, form, trouble)


@requires(Permission.PROGRAM_EDIT)
def remove(request, host_slug, cohort_slug, section="", field="", column=""):
    """Say what deleting means, then do it."""
    cohort, copy, base = opened(request, cohort_slug)
    if section:
        old, label = queries.found_section(copy, section), "title"
    else:
        old, label = queries.found_question(copy, field, column), "label"
    if request.method == "POST":
        trouble = saved(
            request,
            cohort,
            copy,
            base,
            lambda content: (
                parts.remove_section(content, section)
                if section
                else parts.remove_question(content, field, column)
            ),
            target=editor.Target(section=section, question=field, column=column),
            verb="deleted",
            label=old[label],
        )
        if trouble is None:
            messages.success(request, _("Deleted. Undo brings it back."))
            return after(cohort, field, stay=True) if column else to_form(cohort)
        said = trouble.get("refused") or _("Somebody changed it meanwhile. Look at it first.")
        messages.error(request, said)
        return to_form(cohort)
    gone = [one["code"] for one in old.get("fields", ())] if section else [] if column else [field]
    context = {
        "cohort": cohort,
        "copy": copy,
        "label": parts.words_of(old[label], request.LANGUAGE_CODE[:2]),
        "is_section": bool(section),
        "count": len(gone),
        "needed": any(code in NEEDED for code in gone),
        "consequences": [
            one for code in gone for one in consequences(code, cohort.program.blueprint)
        ],
    }
    return render(request, "collaboratives/form/remove.html", context)
