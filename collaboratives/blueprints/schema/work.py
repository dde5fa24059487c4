"""What a team does once it is in: sessions, reports, charter, actions."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import NonNegativeInt, PositiveInt, model_validator

from collaboratives.blueprints.schema.facts import Clock, Frequency, Item
from questionnaires.schema import Code, Data, Text, wrong

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
    """quarters: counted from the cohort's first month, or those of the year. The days of the
    window are counted from a period's end; those of the leader's reply from the asking.
    reply_reminders: so many days before it is due. alternate_after: then the alternate is
    asked too."""

    kind: Literal["none", "full", "reflection", "progress"]
    every: Frequency | None = None
    stated: bool = True
    periods: NonNegativeInt = 0
    quarters: Literal["cohort", "calendar"] = "cohort"
    opens_before_end: NonNegativeInt = 14
    due_after_end: PositiveInt = 15
    sections: tuple[Item, ...] = ()
    shared_with: tuple[Literal["network", "senior_leader"], ...] = ()
    leader_reply: bool = False
    reply_within: PositiveInt = 14
    alternate_after: PositiveInt = 7
    reply_reminders: tuple[NonNegativeInt, ...] = (3, 0)
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

    @model_validator(mode="after")
    def _is_safe_to_follow(self) -> Self:
        if self.url is not None and not self.url.startswith("https://"):
            raise wrong("an address begins with https://", "url")
        return self
