"""Letters and files of an application: one page each, and the file itself."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import signed_in, used_second_factor
from accounts.roles import Permission
from applications import actions, rules
from applications.forms import LetterForm, LetterRequestForm
from applications.models import Application, Letter
from applications.queries.letter_text import as_docx, letter_text
from applications.queries.letters import (
    asked_letter,
    letter_of_file,
    letter_terms,
    picture_of,
    template_job,
)
from applications.views.sections import own
from documents import word
from documents.intake import SLOTS
from documents.intake import Refused as FileRefused
from documents.serving import response
from workflow.machine import TransitionNotAllowed


def wants_json(request):
    return request.accepts("application/json") and not request.accepts("text/html")


def page(request, application, letter, *, form=None, request_form=None, status=200):
    now = timezone.now()
    editor = rules.may_edit(application.own_role)
    terms = letter_terms(application, letter)
    context = {
        "application": application,
        "cohort": application.cohort,
        "letter": letter,
        "asked": asked_letter(application, letter),
        "terms": terms,
        "signatories": several(terms),
        "form": form or LetterForm(signatories=several(terms)),
        "request_form": request_form or LetterRequestForm(),
        "slot": SLOTS[letter.slot],
        "takes": editor and rules.takes_letter(application, letter, now),
        "removable": editor and rules.can_remove_letter(application, letter, now),
    }
    return render(request, "applications/letter.html", context, status=status)


def first_fault(form):
    return next(text for texts in form.errors.values() for text in texts)


def several(terms):
    """Who signs, where there is something to choose."""
    return terms.signatories if terms and len(terms.signatories) > 1 else ()


def own_letter(request, reference, field):
    application = own(request, reference)
    letter = get_object_or_404(Letter.objects.for_list(), application=application, field=field)
    letter.application = application
    return application, letter


@signed_in
def letter(request, host_slug, reference, field):
    application, letter = own_letter(request, reference, field)
    if request.method != "POST":
        return page(request, application, letter)
    signatories = several(letter_terms(application, letter))
    form = LetterForm(request.POST, request.FILES, signatories=signatories)
    if form.is_valid():
        try:
            actions.upload_letter(
                letter=letter,
                upload=form.cleaned_data["file"],
                signed_by=form.cleaned_data["signed_by"],
                by=request.user,
                now=timezone.now(),
            )
        except (FileRefused, actions.Refused) as refused:
            form.add_error("file", str(refused))
        except TransitionNotAllowed:
            form.add_error("file", _("This file has been accepted and can't be changed."))
    if form.errors:
        if wants_json(request):
            return JsonResponse({"error": first_fault(form)}, status=422)
        letter.refresh_from_db()
        return page(request, application, letter, form=form, status=422)
    return done(request, host_slug, application, _("Your file is here."))


def done(request, host_slug, application, words):
    messages.success(request, words)
    url = reverse("applications:task_list", args=[host_slug, application.reference])
    return JsonResponse({"next": url}) if wants_json(request) else redirect(url)


@signed_in
@require_POST
def remove(request, host_slug, reference, field):
    _application, letter = own_letter(request, reference, field)
    try:
        actions.remove_letter(letter=letter, by=request.user, now=timezone.now())
        messages.success(request, _("The file is removed."))
    except (actions.Refused, TransitionNotAllowed):
        messages.error(request, _("This file can't be changed any more."))
    return redirect("applications:letter", host_slug, reference, field)


@signed_in
@require_POST
def ask_signer(request, host_slug, reference, field):
    application, letter = own_letter(request, reference, field)
    form = LetterRequestForm(request.POST)
    if form.is_valid():
        try:
            actions.request_letter(
                letter=letter, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except (actions.Refused, TransitionNotAllowed):
            form.add_error(None, _("This file can't be changed any more."))
    if form.errors:
        return page(request, application, letter, request_form=form, status=422)
    return done(request, host_slug, application, _("We emailed the link."))


@signed_in
def template(request, host_slug, reference, field):
    """The letter as a document to put on letterhead and sign."""
    application, letter = own_letter(request, reference, field)
    return as_download(letter, letter_text(application, letter))


def as_download(letter, text):
    name = f"{letter.application.reference}-{letter.field}-{text.language}.docx"
    return HttpResponse(
        as_docx(text),
        content_type=word.CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@signed_in
def template_pdf(request, host_slug, reference, field):
    """A POST asks a worker for the PDF; a GET gives it once it is made."""
    application, letter = own_letter(request, reference, field)
    text = letter_text(application, letter)
    if request.method == "POST":
        job = actions.request_template(letter=letter, text=text, page=request.path, by=request.user)
        return redirect("documents:job", host_slug, job.uuid)
    job = template_job(letter, text, by=request.user)
    if job is None or job.result is None:
        return redirect("applications:letter", host_slug, reference, field)
    return response(job.result)


def readable(request, reference):
    """Its people, and the staff who may read it: asked anew at each download."""
    staff = request.membership if used_second_factor(request) else None
    found = Application.objects.open_to(request.user, staff)
    application = get_object_or_404(found, reference=reference)
    if names_are_hidden(request.user, staff, application):
        raise Http404
    return application


def names_are_hidden(person, staff, application):
    """Letters, films and copies name people; who reads without names does not get them."""
    if staff is None or staff.may(Permission.APPLICATION_DECIDE):
        return False
    if Application.objects.visible_to(person).filter(pk=application.pk).exists():
        return False
    return rules.names_hidden(staff, application.cohort.program.blueprint.reviewing)


@signed_in
def file_page(request, host_slug, reference, uuid, number):
    """One page of a letter as a picture: nothing of the file runs in the reader's browser."""
    picture = picture_of(readable(request, reference), uuid, number)
    if picture is None:
        raise Http404
    return response(picture, download=False)


@signed_in
def file(request, host_slug, reference, uuid):
    application = readable(request, reference)
    letter = letter_of_file(application, uuid)
    if letter is None:
        raise Http404
    shown = "show" in request.GET
    if not shown:
        actions.note_download(letter=letter, by=request.user)
    return response(letter.file, download=not shown)
