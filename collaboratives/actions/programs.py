"""What is done to programs and cohorts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

import questionnaires.actions
from accounts.models import User
from collaboratives.blueprints import Blueprint, load
from collaboratives.models import Cohort, Program
from collaboratives.queries.request_document import REQUEST_PDF, RequestDocument
from documents import jobs
from documents.models import Job
from questionnaires.models import Questionnaire
from tenancy import audit

SOGI = frozenset({"sexual_orientation", "gender_identity"})


class CohortFull(Exception):
    """Every seat of the cohort has a team."""


class NotReady(Exception):
    """The cohort still lacks something that readers of its page need. `missing`: field names."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = list(missing)


@dataclass(frozen=True)
class CohortPlan:
    """The facts of one run, as staff set them."""

    name: str
    slug: str
    code: str
    time_zone: str
    starts_on: date
    ends_on: date
    opens_at: datetime | None
    closes_at: datetime | None
    decide_by: date | None = None
    capacity: int | None = None
    seats_held: int = 0
    leader_replies: bool = False
    signs_charter: bool = False


def lock_cohort(*, cohort: Cohort) -> Cohort:
    """The cohort's row, locked until the transaction ends, so that seats are counted once."""
    return Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)


def _words(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _changes(row: Any, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """before and after of the fields that differ."""
    changed = [field for field, value in values.items() if getattr(row, field) != value]
    return (
        {field: _words(getattr(row, field)) for field in changed},
        {field: _words(values[field]) for field in changed},
    )


def _free_slug(key: str) -> str:
    taken = set(Program.objects.filter(slug__startswith=key).values_list("slug", flat=True))
    number, slug = 1, key
    while slug in taken:
        number += 1
        slug = f"{key}-{number}"
    return slug


@transaction.atomic
def adopt_blueprint(*, host_id: UUID, key: str, now: datetime, by: User) -> Program:
    """Make a program of the host's own from a shipped blueprint, and publish its form."""
    blueprint = load(key)
    program = Program.objects.create(
        host_id=host_id,
        slug=_free_slug(key),
        name=blueprint.name.to("en"),
        blueprint_key=key,
        blueprint_version=blueprint.version,
        content=blueprint.model_dump(mode="json", exclude_defaults=True),
        sogi_allowed=blueprint.data is not None
        and {axis.code for axis in blueprint.data.axes} >= SOGI,
    )
    audit.record("adopted", program, by=by, after={"blueprint": key})
    questionnaire = questionnaires.actions.add_questionnaire(
        host_id=host_id, key=f"apply-{program.slug}", name=program.name, by=by
    )
    questionnaires.actions.publish(questionnaire=questionnaire, form=blueprint.form, now=now, by=by)
    return program


@transaction.atomic
def edit_program(
    *,
    program: Program,
    name: str,
    contact_email: str,
    links: Mapping[str, str] | None = None,
    by: User,
) -> Program:
    """Change the program's name and its own contact address; empty for the host's.

    links: the addresses of its resources by their code, empty for none; None leaves them.
    """
    program = Program.objects.select_for_update(of=("self",)).get(pk=program.pk)
    before: dict[str, Any] = {"name": program.name, "contact": program.contact_email}
    content = {**program.content, "contact": {**program.content.get("contact", {})}}
    content["contact"]["email"] = contact_email or None
    if links is not None:
        before["links"] = program.links
        content["resources"] = [
            {**one, "url": links.get(one["code"]) or None} for one in content.get("resources", ())
        ]
    Blueprint.model_validate(content)
    program.name, program.content = name, content
    program.save(update_fields=["name", "content"])
    after: dict[str, Any] = {"name": name, "contact": contact_email}
    if links is not None:
        after["links"] = {code: url for code, url in links.items() if url}
    audit.record("changed", program, by=by, before=before, after=after)
    return Program.objects.get(pk=program.pk)


@transaction.atomic
def plan_cohort(*, program: Program, plan: CohortPlan, by: User) -> Cohort:
    """Add a run of the program, not yet public, on the newest version of its form."""
    questionnaire = Questionnaire.objects.get(key=f"apply-{program.slug}")
    blueprint = program.blueprint
    cohort = Cohort.objects.create(
        host_id=program.host_id,
        program=program,
        application_form=questionnaire.versions.order_by("-number").first(),
        grace_minutes=blueprint.intake.grace_minutes,
        accept_within_days=blueprint.decision.accept_within_days,
        **asdict(plan),
    )
    audit.record("planned", cohort, by=by)
    return cohort


@transaction.atomic
def change_cohort(*, cohort: Cohort, plan: CohortPlan, by: User) -> Cohort:
    """Change dates, window, seats and switches. Its address and code stay once it is public."""
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    values = asdict(plan)
    if cohort.published_at is not None:
        del values["slug"], values["code"]
    before, after = _changes(cohort, values)
    if after:
        for field in after:
            setattr(cohort, field, values[field])
        cohort.save(update_fields=list(after))
        audit.record("changed", cohort, by=by, before=before, after=after)
    return cohort


@transaction.atomic
def show_reviews(*, cohort: Cohort, shown: str, by: User) -> Cohort:
    """Say who may see others' scores of applications to this cohort, from now on."""
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    before, after = _changes(cohort, {"reviews_shown": shown})
    if after:
        cohort.reviews_shown = shown
        cohort.save(update_fields=["reviews_shown"])
        audit.record("changed", cohort, by=by, before=before, after=after)
    return cohort


@transaction.atomic
def move_deadline(*, cohort: Cohort, closes_at: datetime, reason: str, by: User) -> Cohort:
    """Move the close of applications for everybody. What hangs on it moves along."""
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    before, after = _changes(cohort, {"closes_at": closes_at})
    cohort.closes_at = closes_at
    cohort.save(update_fields=["closes_at"])
    audit.record(
        "moved the deadline", cohort, by=by, before=before, after=after, reason=reason.strip()
    )
    return cohort


@transaction.atomic
def publish_cohort(*, cohort: Cohort, now: datetime, by: User) -> Cohort:
    """Show the cohort to everybody. Raises NotReady when its window has no dates."""
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    missing = [field for field in ("opens_at", "closes_at") if getattr(cohort, field) is None]
    if cohort.application_form_id is None:
        missing.append("application_form")
    if missing:
        raise NotReady(missing)
    if cohort.published_at is None:
        cohort.published_at = now
        cohort.save(update_fields=["published_at"])
        audit.record("published", cohort, by=by)
    return cohort


@transaction.atomic
def draw_request(*, document: RequestDocument, cohort: Cohort, language: str) -> Job:
    """Have a worker draw the Request for Application, unless these words are drawn already."""
    return document.drawn() or jobs.request(
        REQUEST_PDF,
        host_id=cohort.host_id,
        input={"cohort": cohort.slug, "language": language},
        dedupe_key=document.cache_key,
        by=None,
    )
