"""The team's video: its page, the pieces of a large file (tus 1.0), the player's file."""

import base64
import binascii

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires, signed_in
from accounts.roles import Permission
from applications import actions, rules
from applications.forms import CaptionsForm, VideoFileForm, VideoForm
from applications.queries.videos import (
    asked_video,
    longest,
    own_upload,
    unfinished,
    video_of,
    words_for,
)
from applications.views.deciding import back
from applications.views.letters import done, first_fault, readable
from applications.views.sections import own
from applications.views.staff import readable_or_404
from documents.intake import ONE_REQUEST, SLOTS
from documents.intake import Refused as FileRefused
from documents.serving import film
from documents.uploads import Elsewhere
from workflow.machine import TransitionNotAllowed

TUS = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}


def own_with_video(request, reference, field):
    application = own(request, reference)
    asked = asked_video(application, field)
    if asked is None:
        raise Http404
    return application, asked


def page(request, application, asked, *, status=200, **forms):
    last, now = video_of(application, asked.code), timezone.now()
    context = {
        "application": application,
        "cohort": application.cohort,
        "asked": asked,
        "terms": application.cohort.program.blueprint.video,
        "minutes": longest(application, asked.code),
        "video": last,
        "said": words_for(application),
        "form": VideoForm(initial={"link": last.link if last else ""}),
        "file_form": VideoFileForm(),
        "captions_form": CaptionsForm(),
        "unfinished": unfinished(application, asked.code, request.user),
        "slot": SLOTS["video"],
        "one_request": ONE_REQUEST // 2**20,
        "takes": rules.may_edit(application.own_role) and rules.takes_answers(application, now),
        **forms,
    }
    return render(request, "applications/video.html", context, status=status)


@signed_in
def video(request, host_slug, reference, field):
    """The link, or a small file in one request: what works without script."""
    application, asked = own_with_video(request, reference, field)
    if request.method != "POST":
        return page(request, application, asked)
    given = {"application": application, "field": field, "by": request.user, "now": timezone.now()}
    by_file = "upload" in request.POST
    form = VideoFileForm(request.POST, request.FILES) if by_file else VideoForm(request.POST)
    if form.is_valid():
        try:
            if by_file:
                actions.upload_video(upload=form.cleaned_data["file"], **given)
            else:
                actions.add_video(link=form.cleaned_data["link"], **given)
            return done(request, host_slug, application, _("Your video is here."))
        except (FileRefused, actions.Refused) as refused:
            form.add_error("file" if by_file else "link", str(refused))
    return page(
        request, application, asked, status=422, **{"file_form" if by_file else "form": form}
    )


# --- pieces: tus 1.0, core and creation --------------------------------------------------------


def metadata(header):
    """The names and values that a tus client sends, each value in base 64."""
    found = {}
    for pair in header.split(","):
        name, _space, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found


def said(status, words="", **headers):
    """What a tus client is answered; our own element shows the words."""
    named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
    if words:
        return JsonResponse({"error": words}, status=status, headers={**TUS, **named})
    return HttpResponse(status=status, headers={**TUS, **named})


@signed_in
@require_http_methods(["POST", "OPTIONS"])
def begin_upload(request, host_slug, reference, field):
    application, asked = own_with_video(request, reference, field)
    limit = SLOTS["video"].limit
    if request.method == "OPTIONS":
        return said(
            204, Tus_Version="1.0.0", Tus_Extension="creation,termination", Tus_Max_Size=limit
        )
    length = request.headers.get("Upload-Length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 16):
        return said(400, _("The upload did not work. Try again."))
    try:
        upload = actions.begin_upload(
            application=application,
            field=asked.code,
            name=metadata(request.headers.get("Upload-Metadata", "")).get("filename", ""),
            length=int(length),
            by=request.user,
            now=timezone.now(),
        )
    except (FileRefused, actions.Refused) as refused:
        return said(413 if getattr(refused, "code", "") == "too_large" else 422, str(refused))
    place = reverse("applications:piece", args=[host_slug, reference, field, upload.uuid])
    return said(201, Location=place, Upload_Offset=0)


@signed_in
@require_http_methods(["HEAD", "PATCH", "DELETE"])
def piece(request, host_slug, reference, field, uuid):
    """HEAD says how much is here, PATCH brings the next piece, DELETE gives the upload up."""
    application, asked = own_with_video(request, reference, field)
    upload = own_upload(application, asked.code, uuid, request.user)
    if upload is None:
        raise Http404
    if request.method == "HEAD":
        return said(200, Upload_Offset=upload.received, Upload_Length=upload.length)
    try:
        if request.method == "DELETE":
            actions.cancel_upload(upload=upload, by=request.user)
            return said(204)
        return append(request, application, asked, upload)
    except Elsewhere as elsewhere:
        return said(409, Upload_Offset=elsewhere.received)
    except TransitionNotAllowed:
        return said(410)
    except actions.Refused as refused:
        return said(403, str(refused))
    except FileRefused as refused:
        actions.cancel_upload(upload=upload, by=request.user)
        return said(422, str(refused))


def append(request, application, asked, upload):
    offset = request.headers.get("Upload-Offset", "")
    if request.content_type != "application/offset+octet-stream":
        return said(415)
    if not (offset.isascii() and offset.isdigit() and len(offset) < 16):
        return said(400)
    upload = actions.continue_upload(
        application=application,
        field=asked.code,
        upload=upload,
        offset=int(offset),
        stream=request,
        by=request.user,
        now=timezone.now(),
    )
    return said(204, Upload_Offset=upload.received)


# --- watching -----------------------------------------------------------------------------------


def kept_video(request, reference, field):
    found = video_of(readable(request, reference), field)
    if found is None:
        raise Http404
    return found


@signed_in
def video_file(request, host_slug, reference, field):
    """The film for the player, with ranges, for whoever may read the application."""
    found = kept_video(request, reference, field)
    if found.file is None:
        raise Http404
    return film(found.file, request.headers.get("Range", ""))


@signed_in
def captions(request, host_slug, reference, field):
    """GET: the captions for the player. POST: the team adds them."""
    if request.method != "POST":
        found = kept_video(request, reference, field)
        if found.captions is None:
            raise Http404
        return film(found.captions, "")
    application, asked = own_with_video(request, reference, field)
    found, form = video_of(application, field), CaptionsForm(request.POST, request.FILES)
    if found is None:
        raise Http404
    found.application = application
    if keep_captions(request, found, form, staff=False):
        messages.success(request, _("The captions are here."))
        return redirect("applications:video", host_slug, reference, field)
    return page(request, application, asked, status=422, captions_form=form)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def staff_captions(request, host_slug, cohort_slug, reference, field):
    """Staff add captions for a team that asked for help with them."""
    application = readable_or_404(request, cohort_slug, reference)
    found = video_of(application, field)
    if found is None:
        raise Http404
    found.application = application
    form = CaptionsForm(request.POST, request.FILES)
    if keep_captions(request, found, form, staff=True):
        messages.success(request, _("The captions are here."))
    else:
        messages.error(request, first_fault(form))
    return back(request, application)


def keep_captions(request, found, form, *, staff):
    if not form.is_valid():
        return False
    try:
        actions.add_captions(
            video=found,
            upload=form.cleaned_data["file"],
            language=form.cleaned_data["language"],
            by=request.user,
            now=timezone.now(),
            staff=staff,
        )
    except (FileRefused, actions.Refused) as refused:
        form.add_error("file", str(refused))
    return not form.errors
