"""How a team gets in: its people, letters, video, data, dates and decision."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import NonNegativeInt, PositiveInt, model_validator

from collaboratives.blueprints.schema.facts import Clock, Frequency, Item, Key
from questionnaires.schema import Code, Data, Text, Words, wrong


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
