"""A whole program as data. All differences between programs are in here."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import NonNegativeInt, PositiveInt, model_validator

from collaboratives.blueprints.schema.admission import (
    ConsentDocument,
    DataReadiness,
    Decision,
    Intake,
    Letter,
    Part,
    Prework,
    Refusal,
    TeamRules,
    Video,
)
from collaboratives.blueprints.schema.facts import (
    Commitment,
    Contact,
    Criterion,
    Example,
    Facts,
    Item,
    Key,
    Milestone,
    Outcome,
    Question,
    Retention,
    Sharing,
)
from collaboratives.blueprints.schema.reviewing import Reviewing
from collaboratives.blueprints.schema.work import (
    ActionCategory,
    Charter,
    Completion,
    PlannedSession,
    Reporting,
    Resource,
    Rhythm,
)
from collaboratives.states import OrganizationType
from questionnaires.schema import Code, Data, Form, Kind, Text, no_repeats, wrong


class Blueprint(Data):
    key: Key
    version: PositiveInt
    name: Text
    short_name: Text
    also_called: tuple[Text, ...] = ()
    summary: Text
    purpose: Text
    facts: Facts
    example: Example = Example()
    aims: tuple[Item, ...] = ()
    honesty: Text | None = None
    outcomes: tuple[Outcome, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    attendance: Literal["all", "priority"] | None = None
    expectations: tuple[Item, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    reviewing: Reviewing | None = None
    commitments: tuple[Commitment, ...] = ()
    eligible_types: tuple[OrganizationType, ...]
    eligibility: tuple[Question, ...] = ()
    team: TeamRules
    letters: tuple[Letter, ...] = ()
    video: Video | None = None
    consent: ConsentDocument | None = None
    data: DataReadiness | None = None
    prework: Prework | None = None
    parts: tuple[Part, ...]
    statement: Text  # agreed to with a typed name when submitting
    intake: Intake
    decision: Decision
    refusal: Refusal
    sessions: tuple[PlannedSession, ...] = ()
    rhythms: tuple[Rhythm, ...] = ()
    subgroups: bool = False
    clinical_areas: tuple[NonNegativeInt, NonNegativeInt] | None = None  # fewest, most
    domains: tuple[Item, ...] = ()
    framework: tuple[Item, ...] = ()
    reporting: Reporting
    charter: Charter
    completion: tuple[Completion, ...] = ()
    scale_plan: bool = False
    actions: tuple[ActionCategory, ...] = ()
    actions_per_category: NonNegativeInt = 0
    activities: tuple[Item, ...] = ()
    culture_track: tuple[Item, ...] = ()
    resources: tuple[Resource, ...] = ()
    dissemination: tuple[Item, ...] = ()
    network: tuple[Item, ...] = ()  # how teams learn from each other
    sharing: Sharing
    retention: Retention = Retention()
    contact: Contact = Contact()
    messages: dict[Code, Text] = {}
    asked_again: tuple[Code, ...] = ()  # ratings repeated at the end
    form: Form

    @model_validator(mode="after")
    def _lists_have_no_repeats(self) -> Self:
        for name in (
            "aims",
            "outcomes",
            "milestones",
            "expectations",
            "criteria",
            "commitments",
            "letters",
            "parts",
            "domains",
            "framework",
            "completion",
            "actions",
            "activities",
            "culture_track",
            "resources",
            "dissemination",
            "network",
        ):
            no_repeats([one.code for one in getattr(self, name)], name)
        return self

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        fields = self.form.by_code
        parts = {part.code for part in self.parts}
        letters = {letter.code: letter for letter in self.letters}
        for index, section in enumerate(self.form.sections):
            path = ("form", "sections", index)
            if section.part and section.part not in parts:
                raise wrong(f"“{section.part}” is not a part of the application", *path, "part")
            for f, field in enumerate(section.fields):
                at = (*path, "fields", f)
                if field.letter and field.letter not in letters:
                    raise wrong(f"“{field.letter}” is not a letter of this program", *at, "letter")
                if field.letter:
                    signers = {one.code for one in letters[field.letter].signatories}
                    if not set(field.signatories) <= signers:
                        raise wrong("a signatory is not of that letter", *at, "signatories")
                if field.kind == Kind.CONSENT and (
                    self.consent is None or field.document != self.consent.code
                ):
                    raise wrong(f"“{field.document}” is not this program's document", *at)
        for index, criterion in enumerate(self.criteria):
            for code in criterion.evidence:
                if code not in fields:
                    raise wrong(f"“{code}” is not a question", "criteria", index, "evidence")
        for index, scored in enumerate(self.reviewing.rubric if self.reviewing else ()):
            for code in scored.evidence:
                if code not in fields:
                    raise wrong(f"“{code}” is not a question", "reviewing", "rubric", index)
        for index, code in enumerate(self.asked_again):
            if code not in fields or fields[code].kind != Kind.SCALE:
                raise wrong(f"“{code}” is not a rating", "asked_again", index)
        if self.charter.min_domains > len(self.charter.domains):
            raise wrong("more domains are needed than there are", "charter", "min_domains")
        return self

    def letter(self, code: str) -> Letter | None:
        return next((letter for letter in self.letters if letter.code == code), None)
