"""Letters and files of an application: one page each, and the file itself."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import by_link, signed_in, used_second_factor
from applications import actions, rules
from applications.forms import LetterForm, LetterRequestForm, VideoForm
from applications.models import Application, Letter
from applications.queries.letters import asked_letter, asked_video, letter_of_file
from applications.views.sections import own
from documents.intake import SLOTS
from documents.intake import Refused as FileRefused
from documents.serving import response
from workflow.machine import TransitionNotAllowed


def wants_json(request):
    return request.accepts("application/json") and not request.accepts("text/html")


def page(request, application, letter, *, form=None, request_form=None, status=200):
    now = timezone.now()
    editor = rules.may_edit(application.own_role)
    context = {
        "application": application,
        "cohort": application.cohort,
        "letter": letter,
        "asked": asked_letter(application, letter),
        "form": form or LetterForm(),
        "request_form": request_form or LetterRequestForm(),
        "slot": SLOTS[letter.slot],
        "takes": editor and rules.takes_letter(application, letter, now),
        "removable": editor and rules.can_remove_letter(application, letter, now),
    }
    return render(request, "applications/letter.html", context, status=status)


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
    form = LetterForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.upload_letter(
                letter=letter,
                upload=form.cleaned_data["file"],
                by=request.user,
                now=timezone.now(),
            )
        except (FileRefused, actions.Refused) as refused:
            form.add_error("file", str(refused))
        except TransitionNotAllowed:
            form.add_error("file", _("This file has been accepted and can't be changed."))
    if form.errors:
        if wants_json(request):
            return JsonResponse({"error": form.errors["file"][0]}, status=422)
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
def video(request, host_slug, reference, field):
    application = own(request, reference)
    asked, last = asked_video(application, field)
    if asked is None:
        raise Http404
    form = VideoForm(request.POST or None, initial={"link": last.link if last else ""})
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_video(
                application=application,
                field=field,
                by=request.user,
                now=timezone.now(),
                **form.cleaned_data,
            )
            return done(request, host_slug, application, _("Your video is linked."))
        except actions.Refused as refused:
            form.add_error(None, str(refused))
    context = {"application": application, "cohort": application.cohort}
    context |= {"form": form, "asked": asked, "video": application.cohort.program.blueprint.video}
    return render(request, "applications/video.html", context, status=422 if form.errors else 200)


@signed_in
def file(request, host_slug, reference, uuid):
    """The file, for whoever may read the application: asked anew at each download."""
    staff = request.membership if used_second_factor(request) else None
    application = get_object_or_404(
        Application.objects.readable_to(request.user, staff), reference=reference
    )
    letter = letter_of_file(application, uuid)
    if letter is None:
        raise Http404
    shown = "show" in request.GET
    if not shown:
        actions.note_download(letter=letter, by=request.user)
    return response(letter.file, download=not shown)


@by_link("letter")
def by_signer(request, token):
    """The signer's page. A GET only shows; the POST sends."""
    letter = get_object_or_404(Letter.objects.for_link(), pk=request.link.subject_id)
    form = LetterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            letter = actions.receive_by_link(
                link=request.link, upload=form.cleaned_data["file"], now=timezone.now()
            )
        except (FileRefused, actions.Refused) as refused:
            form.add_error("file", str(refused))
        else:
            if wants_json(request):
                return JsonResponse({"next": request.path})
            return redirect(request.path)
    if request.method == "POST" and wants_json(request):
        return JsonResponse({"error": form.errors["file"][0]}, status=422)
    context = {"letter": letter, "form": form, "slot": SLOTS[letter.slot]}
    context |= {"application": letter.application, "cohort": letter.application.cohort}
    status = 422 if form.errors else 200
    return render(request, "applications/letter_by_signer.html", context, status=status)
