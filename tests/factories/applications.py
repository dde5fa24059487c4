"""Applications in every state, with what each state must have."""

from datetime import UTC, datetime
from typing import Any

import factory

from applications.models import (
    Application,
    ApplicationPerson,
    Assignment,
    Declaration,
    Letter,
)
from applications.states import DECIDED, RECEIVED, RELEASED, LetterState, PersonRole, Status
from questionnaires.models import Questionnaire, Response, Version
from questionnaires.rules import visible
from questionnaires.schema import Field, Form, Kind
from tests.factories import HostFactoryBase, UserFactory
from tests.factories.collaboratives import CohortFactory, OrganizationFactory, blueprint_content

STARTED = datetime(2026, 10, 1, 15, tzinfo=UTC)
SUBMITTED = datetime(2026, 11, 10, 15, tzinfo=UTC)
HERE = (LetterState.RECEIVED, LetterState.ACCEPTED)
DECIDED_AT = datetime(2026, 11, 18, 15, tzinfo=UTC)
RELEASED_AT = datetime(2026, 11, 20, 15, tzinfo=UTC)


class QuestionnaireFactory(HostFactoryBase):
    class Meta:
        model = Questionnaire

    key = factory.Sequence(lambda n: f"form-{n}")
    name = "Application form"


class VersionFactory(HostFactoryBase):
    class Meta:
        model = Version

    questionnaire = factory.SubFactory(QuestionnaireFactory, host=factory.SelfAttribute("..host"))
    number = 1
    published_at = STARTED
    schema = factory.LazyFunction(lambda: blueprint_content("learning-network")["form"])


class ResponseFactory(HostFactoryBase):
    class Meta:
        model = Response

    version = factory.SubFactory(VersionFactory, host=factory.SelfAttribute("..host"))


class OpenCohortFactory(CohortFactory):
    """A cohort with a form, from September 1 to December 4."""

    application_form = factory.SubFactory(VersionFactory, host=factory.SelfAttribute("..host"))


class ApplicationFactory(HostFactoryBase):
    """A draft; `status=` gives it all that its state needs. answers: of its form."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    class Params:
        answers: Any = None

    cohort = factory.SubFactory(OpenCohortFactory, host=factory.SelfAttribute("..host"))
    reference = factory.Sequence(lambda n: f"T26-{n:04d}")
    organization_name = factory.Sequence(lambda n: f"Hospital {n}")
    lead = factory.SubFactory(UserFactory)
    started_at = STARTED
    started_by = factory.SelfAttribute("lead")
    status = Status.DRAFT
    organization = factory.Maybe(
        factory.LazyAttribute(lambda o: o.status != Status.DRAFT),
        yes_declaration=factory.SubFactory(
            OrganizationFactory,
            host=factory.SelfAttribute("..host"),
            name=factory.SelfAttribute("..organization_name"),
        ),
        no_declaration=None,
    )
    response = factory.LazyAttribute(
        lambda o: ResponseFactory(
            host=o.host, version=o.cohort.application_form, answers=o.answers or {}
        )
    )
    received_at = factory.LazyAttribute(lambda o: SUBMITTED if o.status in RECEIVED else None)
    submitted_at = factory.SelfAttribute("received_at")
    submitted_by = factory.LazyAttribute(lambda o: o.lead if o.received_at else None)
    signed_name = factory.LazyAttribute(lambda o: o.lead.name if o.received_at else "")
    outcome = factory.LazyAttribute(lambda o: "admit" if o.status in DECIDED else "")
    decided_at = factory.LazyAttribute(lambda o: DECIDED_AT if o.status in DECIDED else None)
    decided_by = factory.LazyAttribute(lambda o: o.lead if o.status in DECIDED else None)
    released_at = factory.LazyAttribute(lambda o: RELEASED_AT if o.status in RELEASED else None)
    released_by = factory.LazyAttribute(lambda o: o.lead if o.status in RELEASED else None)
    respond_by = factory.LazyAttribute(
        lambda o: datetime(2026, 12, 4, tzinfo=UTC).date() if o.status in RELEASED else None
    )
    answered_at = factory.LazyAttribute(
        lambda o: RELEASED_AT if o.status in ("offer_accepted", "offer_declined") else None
    )
    answered_by = factory.LazyAttribute(lambda o: o.lead if o.answered_at else None)
    withdrawn_at = factory.LazyAttribute(
        lambda o: RELEASED_AT if o.status == Status.WITHDRAWN else None
    )
    withdrawn_by = factory.LazyAttribute(lambda o: o.lead if o.withdrawn_at else None)
    withdrawn_from = factory.LazyAttribute(lambda o: "draft" if o.withdrawn_at else "")

    @factory.post_generation
    def people(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        ApplicationPersonFactory(
            host=self.host, application=self, user=self.lead, role=PersonRole.LEAD
        )


class ApplicationPersonFactory(HostFactoryBase):
    class Meta:
        model = ApplicationPerson

    application = factory.SubFactory(ApplicationFactory, host=factory.SelfAttribute("..host"))
    user = factory.SubFactory(UserFactory)
    role = PersonRole.EDITOR
    added_at = STARTED
    added_by = factory.SelfAttribute("user")


class LetterFactory(HostFactoryBase):
    class Meta:
        model = Letter

    application = factory.SubFactory(ApplicationFactory, host=factory.SelfAttribute("..host"))
    field = "ceo_letter"
    label = factory.LazyFunction(
        lambda: {"en": "Letter from your CEO", "es": "Carta de su director general"}
    )
    slot = "letter"
    terms = "support"
    signatories = factory.LazyFunction(lambda: ["ceo"])
    state = LetterState.MISSING
    signed_by = factory.LazyAttribute(lambda o: o.signatories if o.state in HERE else [])
    lacks = factory.LazyAttribute(lambda o: [] if o.state in HERE else o.signatories)


class AssignmentFactory(HostFactoryBase):
    class Meta:
        model = Assignment

    application = factory.SubFactory(ApplicationFactory, host=factory.SelfAttribute("..host"))
    reviewer = factory.SubFactory(UserFactory)
    assigned_at = STARTED
    assigned_by = factory.SelfAttribute("reviewer")


class DeclarationFactory(HostFactoryBase):
    """No conflict of interest, unless `stance` says so."""

    class Meta:
        model = Declaration

    application = factory.SubFactory(ApplicationFactory, host=factory.SelfAttribute("..host"))
    person = factory.SubFactory(UserFactory)
    stance = "clear"
    declared_at = STARTED
    declared_by = factory.SelfAttribute("person")


def complete_answers(form: Form, **given: Any) -> dict[str, Any]:
    """Answers to every visible required question; `given` ones come first."""
    answers: dict[str, Any] = {**BASICS, **given}
    answers = {code: value for code, value in answers.items() if code in form.by_answer}
    for field in form.fields():
        shown = [one.code for fields in visible(form, answers).values() for one in fields]
        if field.required and field.code in shown and field.answer_codes:
            answers.setdefault(field.code, _answer(field, answers))
    return answers


BASICS = {
    "organization_name": "Riverbend Regional Medical Center",
    "organization_type": "hospital",
    "city": "Springfield",
    "state": "il",
    "zip_code": "62701",
    "lead_contact": {
        "name": "Dana Whitfield",
        "title": "Quality director",
        "email": "dana@riverbend.example",
        "phone": "217 555 0100",
    },
    "senior_leader": {
        "name": "Lucia Alvarez",
        "title": "CEO",
        "email": "lucia@riverbend.example",
    },
    "alternate_leader": {
        "name": "Omar Haddad",
        "title": "COO",
        "email": "omar@riverbend.example",
    },
    "team": [
        {
            "name": "Dana Whitfield",
            "title": "Quality director",
            "email": "dana@riverbend.example",
            "roles": ["qi_lead"],
            "department": "quality",
            "lenses": ["quality_improvement", "data"],
            "lead": True,
        },
        {
            "name": "Marcus Okafor",
            "title": "Data analyst",
            "email": "marcus@riverbend.example",
            "roles": ["data_analyst"],
            "department": "administration",
            "lenses": ["data"],
        },
        {
            "name": "Priya Raman",
            "title": "Community partner",
            "email": "priya@riverbend.example",
            "roles": ["community_representative"],
            "department": "community_partner",
            "lenses": ["equity"],
        },
    ],
    "clinical_areas": ["maternal"],
    "aim": "Cut the gap in early prenatal care by half by June 2028.",
}


def _answer(field: Field, answers: dict[str, Any]) -> Any:
    match field.kind:
        case Kind.SINGLE | Kind.YES_NO:
            return next(option.code for option in field.choices if not option.other)
        case Kind.MULTIPLE:
            return [next(option.code for option in field.choices if not option.exclusive)]
        case Kind.SCALE:
            return field.scale.max
        case Kind.NUMBER:
            return field.min or 1
        case Kind.DATE:
            return "2027-01-10"
        case Kind.EMAIL:
            return "team@riverbend.example"
        case Kind.CONTACT:
            return {"name": "Lena Tso", "title": "Chief", "email": "lena@riverbend.example"}
        case Kind.ACKNOWLEDGEMENT:
            return {"agreed": True, "language": "en", "text": field.text.en}
        case Kind.TABLE:
            row = {one.code: _answer(one, {}) for one in field.fields if one.required}
            return [row] * max(1, field.rows.min)
        case Kind.GRID:
            items = [item.code for item in field.items] or answers[field.items_from]
            return {item: {one.code: _answer(one, {}) for one in field.fields} for item in items}
        case Kind.CHOSEN_ROW:
            return True
    return "2026" if field.format == "year" else "We meet every month and look at our data."
