"""Everything that changes a charter, its commitments, versions and signatures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from charters import emails, queries, rules
from charters.models import Charter, Commitment, Signature, Version
from charters.states import CommitmentStatus, SignatureStatus, machine
from collaboratives.models import Team
from documents import jobs
from tenancy import audit, links
from workflow.machine import TransitionNotAllowed


class NotReady(Exception):
    """The charter can't be put up for signing yet. `missing` says why, in words."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(" ".join(missing))
        self.missing = list(missing)


def _locked(charter: Charter) -> Charter:
    charters = Charter.objects.select_related("team__cohort__program", "team__organization")
    return charters.select_for_update(of=("self",)).get(pk=charter.pk)


@transaction.atomic
def begin(*, team: Team, by: User) -> Charter:
    """The charter of a team; made the first time somebody opens it."""
    charter, made = Charter.objects.get_or_create(host_id=team.host_id, team=team)
    if made:
        audit.record("began", charter, by=by)
    return charter


@transaction.atomic
def write(*, charter: Charter, sections: dict[str, str], by: User) -> Charter:
    """Keep what was written in some parts; the others stay as they are."""
    charter = _locked(charter)
    machine.target("edit", charter.status)
    changed = {
        code: text for code, text in sections.items() if charter.sections.get(code, "") != text
    }
    if changed:
        charter.sections = {**charter.sections, **changed}
        charter.save(update_fields=["sections", "updated_at"])
        audit.record("wrote", charter, by=by, after={"parts": sorted(changed)})
    return charter


def _keep_domains(charter: Charter) -> None:
    domains = charter.commitments.values_list("domain", flat=True).distinct().order_by("domain")
    charter.domains = list(domains)
    charter.save(update_fields=["domains", "updated_at"])


@transaction.atomic
def add_commitment(*, charter: Charter, fields: dict[str, Any], by: User) -> Commitment:
    """Add one promise at the end. fields: the plain fields of Commitment."""
    charter = _locked(charter)
    machine.target("edit", charter.status)
    commitment = Commitment.objects.create(
        host_id=charter.host_id, charter=charter, position=charter.commitments.count(), **fields
    )
    _keep_domains(charter)
    audit.record("added a commitment", charter, by=by, after={"text": commitment.text})
    return commitment


@transaction.atomic
def change_commitment(*, commitment: Commitment, fields: dict[str, Any], by: User) -> Commitment:
    charter = _locked(commitment.charter)
    machine.target("edit", charter.status)
    before = {name: str(getattr(commitment, name)) for name in fields}
    for name, value in fields.items():
        setattr(commitment, name, value)
    commitment.save(update_fields=list(fields))
    _keep_domains(charter)
    after = {name: str(value) for name, value in fields.items()}
    audit.record("changed a commitment", charter, by=by, before=before, after=after)
    return commitment


@transaction.atomic
def remove_commitment(*, commitment: Commitment, by: User) -> None:
    charter = _locked(commitment.charter)
    machine.target("edit", charter.status)
    audit.record("removed a commitment", charter, by=by, before={"text": commitment.text})
    commitment.delete()
    _keep_domains(charter)


@transaction.atomic
def settle(
    *, commitment: Commitment, status: CommitmentStatus, reason: str, by: User
) -> Commitment:
    """Say what became of a promise: kept, changed or dropped with a reason, or open again."""
    before = {"status": commitment.status}
    commitment.status, commitment.status_reason = status, reason
    commitment.save(update_fields=["status", "status_reason"])
    audit.record(
        "settled a commitment",
        commitment.charter,
        by=by,
        before=before,
        after={"status": status, "text": commitment.text},
        reason=reason,
    )
    return commitment


@transaction.atomic
def propose(*, charter: Charter, language: str, by: User, now: datetime) -> Version:
    """Freeze the charter as a version and ask each signatory by mail.

    Raises NotReady with what is missing, TransitionNotAllowed when it is not being written.
    """
    charter = _locked(charter)
    status = machine.target("propose", charter.status)
    blueprint = charter.team.cohort.program.blueprint
    commitments = list(charter.commitments.for_list())
    signers = queries.signatories(charter.team)
    lacks = rules.missing(
        charter,
        commitments,
        signers,
        min_domains=blueprint.charter.min_domains,
    )
    if lacks:
        raise NotReady(lacks)
    charter.status = status
    charter.save(update_fields=["status", "updated_at"])
    text = rules.canonical(queries.document(charter, commitments, language))
    version = Version.objects.create(
        host_id=charter.host_id,
        charter=charter,
        number=charter.versions.count() + 1,
        document=text,
        sha256=rules.sha256(text),
        proposed_at=now,
        proposed_by=by,
    )
    for position, member in enumerate(signers):
        signature = Signature.objects.create(
            host_id=charter.host_id, version=version, member=member, position=position
        )
        emails.please_sign(signature)
    audit.record(
        "proposed", charter, by=by, after={"version": version.number, "sha256": version.sha256}
    )
    return version


@transaction.atomic
def sign(*, signature: Signature, typed_name: str, now: datetime) -> Signature:
    """Sign one version. The last signature locks it, and its PDF is made.

    Raises TransitionNotAllowed when it was answered, taken back or replaced meanwhile.
    """
    signature, charter = _to_answer(signature)
    machine.target("sign", charter.status)
    signature.status, signature.typed_name = SignatureStatus.SIGNED, typed_name
    signature.answered_at = now
    signature.save(update_fields=["status", "typed_name", "answered_at"])
    by = f"{signature.member.name} (by link)"
    version = signature.version
    audit.record("signed", charter, by=by, after={"version": version.number})
    if not version.signatures.filter(status=SignatureStatus.WAITING).exists():
        charter.status = machine.target("lock", charter.status)
        charter.save(update_fields=["status", "updated_at"])
        version.signed_at = now
        version.save(update_fields=["signed_at"])
        audit.record("locked", charter, by="Closer", after={"sha256": version.sha256})
        request_pdf(version=version, by=None)
        emails.signed(version)
    return signature


@transaction.atomic
def decline(*, signature: Signature, reason: str, now: datetime) -> Signature:
    """Refuse to sign, with a reason; the charter goes back to the team."""
    signature, charter = _to_answer(signature)
    charter.status = machine.target("decline", charter.status)
    charter.save(update_fields=["status", "updated_at"])
    signature.status, signature.reason = SignatureStatus.DECLINED, reason
    signature.answered_at = now
    signature.save(update_fields=["status", "reason", "answered_at"])
    _close(signature.version, reason=reason, now=now)
    by = f"{signature.member.name} (by link)"
    audit.record("declined", charter, by=by, reason=reason)
    emails.declined(signature)
    return signature


def _to_answer(signature: Signature) -> tuple[Signature, Charter]:
    """The signature and its charter, the charter locked first, as every action does."""
    charter = _locked(signature.version.charter)
    signature = Signature.objects.select_related("version", "member").get(pk=signature.pk)
    signature.version.charter = charter
    if not rules.can_answer(signature):
        raise TransitionNotAllowed("this version no longer waits for this signature")
    return signature, charter


def _close(version: Version, *, reason: str, now: datetime) -> None:
    version.closed_at, version.closed_reason = now, reason
    version.save(update_fields=["closed_at", "closed_reason"])
    for signature in version.signatures.for_list():
        links.revoke(kind="sign", subject=signature, now=now)
        if signature.status == SignatureStatus.WAITING:
            signature.status = SignatureStatus.WITHDRAWN
            signature.save(update_fields=["status"])


@transaction.atomic
def take_back(*, charter: Charter, by: User, now: datetime, reason: str = "") -> Charter:
    """Go on writing before everybody has signed. The links already sent stop working."""
    charter = _locked(charter)
    charter.status = machine.target("take_back", charter.status)
    charter.save(update_fields=["status", "updated_at"])
    version = queries.waiting_version(charter)
    if version:
        _close(version, reason=reason, now=now)
    audit.record("took back", charter, by=by, reason=reason)
    return charter


@transaction.atomic
def reopen(*, charter: Charter, by: User, reason: str) -> Charter:
    """Begin the next version. The signed one stays as it is."""
    charter = _locked(charter)
    charter.status = machine.target("reopen", charter.status)
    charter.save(update_fields=["status", "updated_at"])
    audit.record("reopened", charter, by=by, reason=reason)
    return charter


@transaction.atomic
def request_pdf(*, version: Version, by: User | None) -> Version:
    """Have the worker make the PDF of a version, unless it is made or under way."""
    state = "signed" if version.signed_at else "proposed"
    version.pdf_job = jobs.request(
        "charter_pdf",
        host_id=version.host_id,
        input={"version": version.pk},
        dedupe_key=f"charter:{version.pk}:{state}",
        by=by,
    )
    version.save(update_fields=["pdf_job"])
    return version
