"""What a blueprint says about a program. All differences between programs are in here."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import NonNegativeInt, PositiveInt, StringConstraints, model_validator

from collaboratives.states import OrganizationType, SharedWith
from questionnaires.schema import (
    Code,
    Data,
    Form,
    Kind,
    Text,
    Words,
    no_repeats,
    wrong,
)

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Frequency = Literal["week", "month", "quarter"]


class Item(Data):
    """One entry of a list: a domain, an aim, a role, a section."""

    code: Code
    text: Text
    hint: Text | None = None


# --- facts and promises ---------------------------------------------------------------------


class Length(Data):
    count: PositiveInt
    unit: Literal["weeks", "months"]


class Facts(Data):
    """What a reader of the program page wants to know first. None: the program doesn't say."""

    length: Length
    cost: NonNegativeInt | None = None  # dollars; 0 is free
    cost_terms: Text | None = None
    geography: Text | None = None
    size: Text | None = None
    capacity: PositiveInt | None = None  # teams
    seats_held: NonNegativeInt = 0  # of these, for open offers from other programs
    training_by: str | None = None
    minutes_to_apply: PositiveInt | None = None


class Outcome(Data):
    """What the program expects, of how many teams, and at which level."""

    code: Code
    text: Text
    share: Literal["all", "most", "some"] | None = None
    level: Literal["project", "population"] | None = None
    shown_by: Literal["gap", "process", "scale", "sustain", "scale_plan"] | None = None


class Milestone(Data):
    code: Code
    text: Text
    needs: Literal["clinical_area", "aim", "projects", "data"] | None = None


class Criterion(Data):
    """computed: from facts of the application, by `check`. judged: by people, from evidence."""

    code: Code
    text: Text
    kind: Literal["computed", "judged"]
    check: Literal["type", "team", "departments", "letter", "data_axes"] | None = None
    evidence: tuple[Code, ...] = ()  # fields of the form

    @model_validator(mode="after")
    def _says_how(self) -> Self:
        if (self.kind == "computed") != (self.check is not None):
            raise wrong("a computed criterion names its check, a judged one doesn't", "kind")
        return self


class Commitment(Data):
    """text: the exact words that are acknowledged and kept."""

    code: Code
    text: Text
    required: bool = True


class Question(Data):
    """One plain question before an application is begun, and what to say if the answer is no."""

    code: Code
    text: Text
    if_no: Text


# --- team, leaders, letters, video, consent, data ---------------------------------------------


class Minimum(Data):
    """A hard rule: at least this many people of a role or a department."""

    field: Literal["roles", "department"]
    code: Code
    at_least: PositiveInt = 1
    text: Text


class Leadership(Data):
    leader: Literal["required", "optional"]
    alternate: Literal["required", "optional", "none"]
    confirm_before_offer: bool = False
    replies_to_reports: bool = False
    joins_calls: Frequency | None = None
    engaged_throughout: bool = False
    may_be_on_team: bool = True


class TeamRules(Data):
    min: PositiveInt | None = None
    max: PositiveInt | None = None
    size_override: bool = False  # another size may be submitted with a reason, for staff to judge
    one_organization: bool = False
    roles: tuple[Item, ...]
    expected_roles: tuple[Code, ...] = ()
    optional_roles: tuple[Code, ...] = ()
    departments: tuple[Item, ...] = ()
    minimums: tuple[Minimum, ...] = ()
    min_departments: PositiveInt | None = None
    multidisciplinary: bool = False
    lenses: tuple[Item, ...] = ()  # recommended; one person may bring several
    missing_lens: Literal["warn", "ignore"] = "ignore"
    groups: tuple[Item, ...] = ()
    covers_framework: bool = False
    leadership: Leadership
    support_for_lived_experience: bool = False
    compensation_plan: bool = False

    @model_validator(mode="after")
    def _codes_are_known(self) -> Self:
        if self.min and self.max and self.min > self.max:
            raise wrong("the smallest team is larger than the largest", "min")
        roles = {role.code for role in self.roles}
        for name in ("expected_roles", "optional_roles"):
            for index, code in enumerate(getattr(self, name)):
                if code not in roles:
                    raise wrong(f"“{code}” is not among the roles", name, index)
        departments = {department.code for department in self.departments}
        for index, minimum in enumerate(self.minimums):
            known = roles if minimum.field == "roles" else departments
            if minimum.code not in known:
                raise wrong(f"“{minimum.code}” is not among the {minimum.field}", "minimums", index)
        return self


class Letter(Data):
    """One letter that an application needs, and who signs it."""

    code: Code
    label: Text
    also_called: tuple[Text, ...] = ()
    signatories: tuple[Item, ...]
    separately: bool = False  # each signatory may send a letter of their own
    points: tuple[Item, ...] = ()  # what it must cover
    ways: tuple[Literal["upload", "link", "email"], ...] = ("upload", "link", "email")
    subject: Words | None = None  # of a mailed letter; {organization} stands for the name

    @model_validator(mode="after")
    def _subject_has_its_place(self) -> Self:
        if self.subject and "{organization}" not in self.subject:
            raise wrong("the subject needs {organization}", "subject")
        return self


class Video(Data):
    max_minutes: PositiveInt
    ways: tuple[Literal["upload", "link"], ...] = ("upload", "link")
    captions_asked: bool = True
    prompts: tuple[Text, ...]
    judged_on: Text


class DocumentPart(Data):
    title: Text
    text: Text


class ConsentDocument(Data):
    """A sheet that a person reads and answers for themself. Never a condition of anything."""

    code: Code
    version: PositiveInt
    title: Text
    label: Text  # of the question about it
    encouraged: bool = False
    required: Literal[False] = False
    asked: Literal["last"] = "last"
    sections: tuple[DocumentPart, ...]


class DataReadiness(Data):
    """The axes by which a team should be able to look at its data."""

    label: Text
    axes: tuple[Item, ...]
    expected: tuple[Code, ...] = ()  # the axes that must be there, or a plan for them
    strict: bool = False  # missing ones are flagged to readers


class Prework(Data):
    code: Code
    title: Text
    before_session: PositiveInt = 1
    policy: Literal["warn", "block"]


# --- intake and decision ---------------------------------------------------------------------


class Intake(Data):
    """When applications are taken. `closes_on` is an example: each cohort has its own dates."""

    mode: Literal["fixed", "rolling", "until_full"]
    closes_on: date | None = None
    closes_at: Clock | None = None  # None with a date: the end of that day
    said: Text | None = None
    days_open: PositiveInt = 60
    grace_minutes: NonNegativeInt = 30
    by_email: bool = False  # a filled form may be mailed in
    request_for_application: bool = False


class Part(Data):
    """One of the parts that make an application complete."""

    code: Code
    title: Text


class Decision(Data):
    """When applicants hear. days: from receipt. by_date: on the cohort's date."""

    rule: Literal["days", "by_date", "none"]
    days: PositiveInt | None = None
    days_are: Literal["calendar", "working"] = "calendar"
    counted_from: Literal["submission"] = "submission"
    by: date | None = None  # an example
    days_after_close: PositiveInt | None = None
    promise: Text | None = None
    accept_within_days: PositiveInt = 14

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.rule == "days") != (self.days is not None):
            raise wrong("the rule “days” says how many, no other does", "rule")
        if (self.rule == "by_date") != (self.days_after_close is not None):
            raise wrong("the rule “by_date” has days_after_close, no other does", "rule")
        return self


class Refusal(Data):
    """What a “no” is in this program."""

    decline: bool  # False: nobody is only turned down
    feedback_required: bool = True
    waitlist: bool = True
    offer: Key | None = None  # another program that can be offered instead
    offer_passes_closed_window: bool = False

    @model_validator(mode="after")
    def _leaves_a_way(self) -> Self:
        if not self.decline and self.offer is None:
            raise wrong("without a decline there must be another program to offer", "offer")
        return self


# --- sessions, reports, charter ----------------------------------------------------------------

SessionKind = Literal[
    "learning_session",
    "coaching_call",
    "leadership_call",
    "discussion_call",
    "training",
    "workshop",
    "feedback_call",
    "networking",
]
Modality = Literal["virtual", "in_person"]
Audience = Literal["everybody", "leaders", "subgroup", "team"]


class PlannedSession(Data):
    """One entry of the default calendar: the day counts from the cohort's first, at local time.

    on: the date that the program page names, as an example.
    """

    number: PositiveInt | None = None
    title: Text
    kind: SessionKind
    day: NonNegativeInt
    at: Clock
    minutes: PositiveInt
    modality: Modality = "virtual"
    audience: Audience = "everybody"
    on: date | None = None
    stated: bool = False  # by the program; otherwise a suggestion to edit


class Rhythm(Data):
    """A kind of meeting that belongs to the program, and how often. None: the program is silent."""

    kind: SessionKind
    text: Text
    modality: Modality = "virtual"
    audience: Audience = "everybody"
    every: Frequency | None = None
    about: PositiveInt | None = None  # roughly how many
    led_by: Text | None = None
    travel_terms: Text | None = None
    added_later: bool = False


class Reporting(Data):
    kind: Literal["none", "full", "reflection", "progress"]
    every: Frequency | None = None
    stated: bool = True
    periods: NonNegativeInt = 0
    sections: tuple[Item, ...] = ()
    shared_with: tuple[Literal["network", "senior_leader"], ...] = ()
    leader_reply: bool = False
    leadership_call: Frequency | None = None
    feedback_calls: NonNegativeInt = 0
    stratified: bool = False
    measure_classes: tuple[Item, ...] = ()
    qualitative: bool = False

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.kind == "none") == bool(self.sections):
            raise wrong("a report has sections, and without a report there are none", "sections")
        return self


class Charter(Data):
    """offered: part of this program; otherwise a host may switch it on."""

    offered: bool
    label: Text
    also_called: tuple[Text, ...] = ()
    domains: tuple[Item, ...]
    min_domains: PositiveInt = 1
    within_days: PositiveInt = 365
    sections: tuple[Item, ...]
    tools: tuple[Item, ...] = ()
    signers: tuple[Literal["lead", "senior_leader", "ceo"], ...] = ("lead", "senior_leader")


class Completion(Data):
    """What a team has at the end. from_: where the product reads it."""

    code: Code
    text: Text
    source: Literal["opportunities", "tools", "charter", "scale_plan", "gap", "attendance"]


class ActionCategory(Data):
    code: Code
    number: PositiveInt
    title: Text
    text: Text | None = None
    actions: tuple[Item, ...]


class Resource(Data):
    code: Code
    title: Text
    text: Text
    url: str | None = None  # None: the host gives its own


class Contact(Data):
    """None: the host's own address. example: what the program page names."""

    email: str | None = None
    example: str | None = None


class Sharing(Data):
    default: SharedWith
    expected: SharedWith = SharedWith.COHORT  # what teams agree to on joining
    each_item: bool = True


class Retention(Data):
    declined_months: PositiveInt = 12
    accepted_years: PositiveInt = 3
    video_months: PositiveInt = 12


class Example(Data):
    """The run that the program page describes. A new cohort gets dates of its own."""

    starts_on: date | None = None
    ends_on: date | None = None
    time_zone: str | None = None
    year_stated: bool = False
    zone_stated: bool = False


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
        for index, code in enumerate(self.asked_again):
            if code not in fields or fields[code].kind != Kind.SCALE:
                raise wrong(f"“{code}” is not a rating", "asked_again", index)
        if self.charter.min_domains > len(self.charter.domains):
            raise wrong("more domains are needed than there are", "charter", "min_domains")
        return self

    def letter(self, code: str) -> Letter | None:
        return next((letter for letter in self.letters if letter.code == code), None)
