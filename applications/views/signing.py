"""The signer's pages: no account, opened by the emailed link. A GET only shows."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import by_link
from applications import actions
from applications.forms import LetterForm, SignLetterForm
from applications.models import Letter
from applications.queries.letter_text import letter_text
from applications.queries.letters import letter_terms
from applications.views.letters import as_download, first_fault, several, wants_json
from documents.intake import SLOTS
from documents.intake import Refused as FileRefused
from workflow.machine import TransitionNotAllowed


def asked_of_signer(request):
    return get_object_or_404(Letter.objects.for_link(), pk=request.link.subject_id)


@by_link("letter")
def by_signer(request, token):
    """Upload it, take a photo of it, or sign by typing a name: whichever is posted."""
    letter = asked_of_signer(request)
    text, terms = letter_text(letter.application, letter), letter_terms(letter.application, letter)
    typed = "sign" in request.POST
    signatories = several(terms)
    posted = (request.POST, request.FILES) if request.method == "POST" and not typed else ()
    form = LetterForm(*posted, signatories=signatories)
    sign_form = SignLetterForm(request.POST if typed else None, initial={"read": text.sha256})
    if typed and sign_form.is_valid() and signed(request, text, sign_form):
        return redirect(request.path)
    if posted and form.is_valid() and sent(request, form):
        return (
            JsonResponse({"next": request.path}) if wants_json(request) else redirect(request.path)
        )
    if form.errors and wants_json(request):
        return JsonResponse({"error": first_fault(form)}, status=422)
    context = {"letter": letter, "form": form, "sign_form": sign_form, "text": text}
    context |= {"application": letter.application, "cohort": letter.application.cohort}
    context |= {"slot": SLOTS[letter.slot], "signatories": signatories, "token": token}
    status = 422 if form.errors or sign_form.errors else 200
    return render(request, "applications/letter_by_signer.html", context, status=status)


def sent(request, form):
    try:
        actions.receive_by_link(
            link=request.link,
            upload=form.cleaned_data["file"],
            signed_by=form.cleaned_data["signed_by"],
            now=timezone.now(),
        )
    except (FileRefused, actions.Refused) as refused:
        form.add_error("file", str(refused))
    return not form.errors


def signed(request, text, form):
    data = form.cleaned_data
    if data["read"] != text.sha256:
        form.add_error(None, _("The words of the letter have changed. Read it again, then sign."))
        form.data = {**form.data.dict(), "read": text.sha256}
        return False
    try:
        actions.sign_by_link(
            link=request.link,
            text=text,
            name=data["name"],
            title=data["title"],
            now=timezone.now(),
        )
    except actions.Refused as refused:
        form.add_error(None, str(refused))
    except TransitionNotAllowed:
        form.add_error(None, _("This letter can't be changed any more."))
    return not form.errors


@by_link("letter")
def template(request, token):
    """The letter as a document to put on letterhead."""
    letter = asked_of_signer(request)
    return as_download(letter, letter_text(letter.application, letter))
