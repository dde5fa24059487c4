"""What a program is and promises: length, cost, outcomes, criteria, sharing."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import NonNegativeInt, PositiveInt, StringConstraints, model_validator

from collaboratives.states import SharedWith
from questionnaires.schema import Code, Data, Text, wrong

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Frequency = Literal["week", "month", "quarter"]


class Item(Data):
    """One entry of a list: a domain, an aim, a role, a section."""

    code: Code
    text: Text
    hint: Text | None = None


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
