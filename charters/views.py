"""Pages of charters: for the team, for staff, and for a signatory by link."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import by_link, requires, signed_in, staff_membership
from accounts.roles import Permission
from charters import actions, forms, queries, rules
from charters.models import Charter, Commitment, Signature, Version
from charters.states import CommitmentStatus
from collaboratives.models import Cohort, Team, TeamMember
from documents import serving
from tenancy.models import AuditEvent
from workflow.machine import TransitionNotAllowed

MOVED_ON = gettext_lazy("Somebody has changed this charter meanwhile. Here is how it stands now.")


def _team(request: HttpRequest, team_slug: str) -> Team:
    teams = Team.objects.visible_to(request.user, staff_membership(request))
    return get_object_or_404(
        teams.select_related("cohort__program", "organization"), slug=team_slug
    )


def _member(request: HttpRequest, team: Team) -> TeamMember | None:
    return team.members.present().filter(user=request.user).first()


def _to_edit(request: HttpRequest, team_slug: str) -> tuple[Charter, TeamMember]:
    """The charter, for somebody who may write in it now."""
    team = _team(request, team_slug)
    member = _member(request, team)
    charter = get_object_or_404(Charter.objects.for_list(), team=team)
    if member is None or not rules.can_edit(charter, member):
        raise Http404
    return charter, member


# --- the team ------------------------------------------------------------------------------------


@signed_in
def team_charter(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team = _team(request, team_slug)
    member = _member(request, team)
    charter = queries.of_team(team)
    if charter is None and member is not None and request.method == "POST":
        charter = actions.begin(team=team, by=request.user)
        return redirect("charters:edit", host_slug, team_slug)
    if charter is None:
        context = {"team": team, "may_begin": member is not None and member.role != "viewer"}
        return render(request, "charters/none.html", context)
    context = {
        "team": team,
        "charter": charter,
        "parts": queries.parts(charter, get_language()),
        "domains": queries.domain_labels(charter, get_language()),
        "commitments": charter.commitments.for_list(),
        "versions": charter.versions.newest_first().prefetch_related("signatures__member"),
        "events": AuditEvent.objects.about(charter)[:30],
        "statuses": CommitmentStatus.choices,
        **_allowed(charter, member),
    }
    return render(request, "charters/charter.html", context)


def _allowed(charter: Charter, member: TeamMember | None) -> dict[str, bool]:
    return {
        "can_edit": rules.can_edit(charter, member),
        "can_propose": rules.can_propose(charter, member),
        "can_take_back": rules.can_take_back(charter, member),
        "can_reopen": rules.can_reopen(charter, member),
        "is_member": member is not None,
    }


@signed_in
def edit(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    charter, _member = _to_edit(request, team_slug)
    parts = queries.parts(charter, get_language())
    if request.method == "POST":
        texts = {
            p.code: request.POST[f"part-{p.code}"]
            for p in parts
            if f"part-{p.code}" in request.POST
        }
        actions.write(charter=charter, sections=texts, by=request.user)
        if request.POST.get("then") == "commitment":
            return redirect("charters:add_commitment", host_slug, team_slug)
        messages.success(request, _("Saved."))
        return redirect("charters:team_charter", host_slug, team_slug)
    context = {"team": charter.team, "charter": charter, "parts": parts}
    return render(request, "charters/edit.html", context)


@signed_in
def add_commitment(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    charter, _member = _to_edit(request, team_slug)
    return _commitment_page(request, host_slug, charter, None)


@signed_in
def change_commitment(
    request: HttpRequest, host_slug: str, team_slug: str, pk: int
) -> HttpResponse:
    charter, _member = _to_edit(request, team_slug)
    commitment = get_object_or_404(charter.commitments.for_list(), pk=pk)
    return _commitment_page(request, host_slug, charter, commitment)


def _commitment_page(
    request: HttpRequest, host_slug: str, charter: Charter, commitment: Commitment | None
) -> HttpResponse:
    form = forms.CommitmentForm(
        request.POST or None,
        charter=charter,
        domains=queries.domain_labels(charter, get_language()),
        initial=_initial(commitment),
    )
    if request.method == "POST" and form.is_valid():
        if commitment:
            actions.change_commitment(
                commitment=commitment, fields=form.cleaned_data, by=request.user
            )
        else:
            actions.add_commitment(charter=charter, fields=form.cleaned_data, by=request.user)
        messages.success(request, _("Commitment saved."))
        return redirect("charters:team_charter", host_slug, charter.team.slug)
    context = {"team": charter.team, "form": form, "commitment": commitment}
    return render(request, "charters/commitment.html", context, status=422 if form.errors else 200)


def _initial(commitment: Commitment | None) -> dict[str, Any]:
    if commitment is None:
        return {}
    names = ("domain", "text", "opportunity", "owner_name", "due_on", "measure_words")
    fields = {name: getattr(commitment, name) for name in names}
    return {**fields, "measure": commitment.measure_id}


@signed_in
@require_POST
def remove_commitment(
    request: HttpRequest, host_slug: str, team_slug: str, pk: int
) -> HttpResponse:
    charter, _member = _to_edit(request, team_slug)
    commitment = get_object_or_404(charter.commitments.for_list(), pk=pk)
    actions.remove_commitment(commitment=commitment, by=request.user)
    messages.success(request, _("Commitment removed. It stays in the history."))
    return redirect("charters:team_charter", host_slug, team_slug)


@signed_in
@require_POST
def settle(request: HttpRequest, host_slug: str, team_slug: str, pk: int) -> HttpResponse:
    team = _team(request, team_slug)
    if _member(request, team) is None:
        raise Http404
    commitment = get_object_or_404(Commitment.objects.filter(charter__team=team), pk=pk)
    form = forms.SettleForm(request.POST)
    if form.is_valid():
        status = CommitmentStatus(form.cleaned_data["status"])
        reason = form.cleaned_data["reason"]
        actions.settle(commitment=commitment, status=status, reason=reason, by=request.user)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, " ".join(e for errors in form.errors.values() for e in errors))
    return redirect("charters:team_charter", host_slug, team_slug)


@signed_in
@require_POST
def propose(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team = _team(request, team_slug)
    charter = get_object_or_404(Charter.objects.for_list(), team=team)
    if not rules.can_propose(charter, _member(request, team)):
        raise Http404
    try:
        actions.propose(
            charter=charter, language=get_language(), by=request.user, now=timezone.now()
        )
        messages.success(request, _("Sent. We have asked your senior leader to sign."))
    except actions.NotReady as lacks:
        for sentence in lacks.missing:
            messages.error(request, sentence)
    except TransitionNotAllowed:
        messages.info(request, MOVED_ON)
    return redirect("charters:team_charter", host_slug, team_slug)


@signed_in
@require_POST
def take_back(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team = _team(request, team_slug)
    charter = get_object_or_404(Charter.objects.for_list(), team=team)
    if not rules.can_take_back(charter, _member(request, team)):
        raise Http404
    actions.take_back(charter=charter, by=request.user, now=timezone.now())
    messages.success(request, _("You can write again. The links we sent no longer work."))
    return redirect("charters:team_charter", host_slug, team_slug)


@signed_in
@require_POST
def reopen(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team = _team(request, team_slug)
    charter = get_object_or_404(Charter.objects.for_list(), team=team)
    form = forms.ReasonForm(request.POST)
    if not rules.can_reopen(charter, _member(request, team)):
        raise Http404
    if form.is_valid():
        actions.reopen(charter=charter, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("You are writing the next version. The signed one stays."))
    else:
        messages.error(request, _("Say in a few words why you write a new version."))
    return redirect("charters:team_charter", host_slug, team_slug)


@signed_in
def version(request: HttpRequest, host_slug: str, team_slug: str, number: int) -> HttpResponse:
    team = _team(request, team_slug)
    version = _version(team, number)
    context = {
        "team": team,
        "version": version,
        "document": queries.parsed(version),
        "signatures": queries.signatures(version),
        "job": version.pdf_job,
    }
    return render(request, "charters/version.html", context)


def _version(team: Team, number: int) -> Version:
    versions = Version.objects.select_related("pdf_job__result", "charter")
    return get_object_or_404(versions, charter__team=team, number=number)


@signed_in
@require_POST
def make_pdf(request: HttpRequest, host_slug: str, team_slug: str, number: int) -> HttpResponse:
    team = _team(request, team_slug)
    actions.request_pdf(version=_version(team, number), by=request.user)
    return redirect("charters:version", host_slug, team_slug, number)


@signed_in
def pdf_state(request: HttpRequest, host_slug: str, team_slug: str, number: int) -> HttpResponse:
    job = _version(_team(request, team_slug), number).pdf_job
    if job is None:
        raise Http404
    answer: dict[str, Any] = {"state": job.state, "progress": job.progress}
    if job.result_id:
        answer["result_url"] = request.path.replace("/pdf/state/", "/pdf/")
        answer["result_label"] = _("Download the PDF")
    return JsonResponse(answer)


@signed_in
def pdf(request: HttpRequest, host_slug: str, team_slug: str, number: int) -> HttpResponse:
    job = _version(_team(request, team_slug), number).pdf_job
    if job is None or job.result is None:
        raise Http404
    return serving.response(job.result)


@signed_in
def for_team(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team = _team(request, team_slug)
    charter = queries.of_team(team)
    return render(request, "charters/_for_team.html", {"team": team, "charter": charter})


# --- staff ---------------------------------------------------------------------------------------


@requires(Permission.CHARTER_VIEW)
def staff_list(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    context = {"cohort": cohort, "rows": queries.board(cohort)}
    return render(request, "charters/staff_list.html", context)


@requires(Permission.PROGRAM_VIEW)
def board_numbers(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    rows = queries.board(cohort)
    signed = sum(1 for row in rows if row.charter and row.charter.status == "signed")
    context = {"cohort": cohort, "signed": signed, "teams": len(rows)}
    return render(request, "charters/_board_numbers.html", context)


# --- the signatory, by link ----------------------------------------------------------------------


@by_link("sign")
def sign(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows; only a POST signs or declines. Answered, it shows the receipt."""
    signatures = Signature.objects.select_related(
        "version__charter__team__organization", "version__charter__team__cohort", "member"
    )
    signature = get_object_or_404(signatures, pk=request.link.subject_id)
    signing = forms.SignForm(request.POST if "sign" in request.POST else None)
    declining = forms.DeclineForm(request.POST if "decline" in request.POST else None)
    if request.method == "POST" and _answered(request, signature, signing, declining):
        return redirect("charters_links:sign", token)
    context = {
        "signature": signature,
        "version": signature.version,
        "team": signature.version.charter.team,
        "document": queries.parsed(signature.version),
        "signing": signing,
        "declining": declining,
        "can_answer": rules.can_answer(signature),
    }
    status = 422 if signing.errors or declining.errors else 200
    return render(request, "charters/sign.html", context, status=status)


def _answered(
    request: HttpRequest,
    signature: Signature,
    signing: forms.SignForm,
    declining: forms.DeclineForm,
) -> bool:
    try:
        if signing.is_bound and signing.is_valid():
            typed = signing.cleaned_data["typed_name"]
            actions.sign(signature=signature, typed_name=typed, now=timezone.now())
            return True
        if declining.is_bound and declining.is_valid():
            reason = declining.cleaned_data["reason"]
            actions.decline(signature=signature, reason=reason, now=timezone.now())
            return True
    except TransitionNotAllowed:
        messages.info(request, _("This version no longer waits for your signature."))
        return True
    return False
