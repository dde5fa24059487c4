"""A form as data: sections, fields, options and conditions, in English and Spanish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, PositiveInt, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

Words = Annotated[str, StringConstraints(min_length=1)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
OTHER = "_other"


class Data(BaseModel):
    """Checked, immutable data; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def wrong(reason: str, *path: str | int) -> PydanticCustomError:
    """A refusal that knows which part, below the checked object, it is about."""
    return PydanticCustomError("refused", "{reason}", {"reason": reason, "path": list(path)})


def no_repeats(codes: list[str], *path: str | int) -> None:
    for index, code in enumerate(codes):
        if code in codes[:index]:
            raise wrong(f"the code “{code}” is used twice", *path, index)


class Text(Data):
    """The same words in each language. As a string: in the language that is active."""

    en: Words
    es: Words

    @model_validator(mode="before")
    @classmethod
    def _side_by_side(cls, value: Any) -> Any:
        """“Yes | Sí” is short for both languages."""
        if not isinstance(value, str):
            return value
        en, bar, es = value.partition(" | ")
        return {"en": en, "es": es} if bar else {"en": en}

    def to(self, language: str) -> str:
        return self.es if language.startswith("es") else self.en

    def __str__(self) -> str:
        return self.to(get_language() or "en")


class Kind(StrEnum):
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    YES_NO = "yes_no"
    NUMBER = "number"
    DATE = "date"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    CONTACT = "contact"  # one person: name, title, email, phone
    TABLE = "table"  # rows that people add: roster, past results, partners
    CHOSEN_ROW = "chosen_row"  # in a table: which one of its rows
    GRID = "grid"  # the same questions for each item of a list
    ACKNOWLEDGEMENT = "acknowledgement"
    UPLOAD = "upload"
    VIDEO = "video"
    CONSENT = "consent"
    INFO = "info"


CHOICES = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.YES_NO})
KEPT_ELSEWHERE = frozenset({Kind.UPLOAD, Kind.VIDEO, Kind.CONSENT})
ANSWERLESS = KEPT_ELSEWHERE | {Kind.INFO}
WHOLE = frozenset({Kind.TABLE, Kind.GRID, Kind.CONTACT, Kind.ACKNOWLEDGEMENT})
IN_A_ROW = frozenset(Kind) - ANSWERLESS - WHOLE
COUNTED = frozenset({Kind.NUMBER, Kind.SCALE, Kind.TABLE, Kind.MULTIPLE})

USES: Mapping[Kind, frozenset[str]] = {
    Kind.SHORT_TEXT: frozenset({"min_length", "max_length", "format", "autocomplete"}),
    Kind.LONG_TEXT: frozenset({"max_words"}),
    Kind.SINGLE: frozenset({"options", "shown_as", "autocomplete"}),
    Kind.MULTIPLE: frozenset({"options", "min", "max"}),
    Kind.SCALE: frozenset({"scale"}),
    Kind.YES_NO: frozenset({"options"}),
    Kind.NUMBER: frozenset({"min", "max", "decimals", "unit"}),
    Kind.DATE: frozenset({"autocomplete"}),
    Kind.EMAIL: frozenset({"autocomplete", "unique"}),
    Kind.PHONE: frozenset({"autocomplete"}),
    Kind.URL: frozenset({"autocomplete"}),
    Kind.CONTACT: frozenset({"parts", "different_from", "confirmed", "autocomplete"}),
    Kind.TABLE: frozenset({"rows", "fields"}),
    Kind.CHOSEN_ROW: frozenset(),
    Kind.GRID: frozenset({"items", "items_from", "fields"}),
    Kind.ACKNOWLEDGEMENT: frozenset({"text"}),
    Kind.UPLOAD: frozenset({"slot", "letter", "signatories"}),
    Kind.VIDEO: frozenset({"max_minutes", "prompts"}),
    Kind.CONSENT: frozenset({"document"}),
    Kind.INFO: frozenset({"text"}),
}
NEEDS: Mapping[Kind, frozenset[str]] = {
    Kind.SINGLE: frozenset({"options"}),
    Kind.MULTIPLE: frozenset({"options"}),
    Kind.SCALE: frozenset({"scale"}),
    Kind.TABLE: frozenset({"rows", "fields"}),
    Kind.GRID: frozenset({"fields"}),
    Kind.ACKNOWLEDGEMENT: frozenset({"text"}),
    Kind.UPLOAD: frozenset({"slot"}),
    Kind.CONSENT: frozenset({"document"}),
    Kind.INFO: frozenset({"text"}),
}


class Op(StrEnum):
    """How a clause looks at an answer. On a question without an answer only `unanswered` holds.

    A list as value means: any of these. more_than and less_than count choices and rows.
    """

    IS = "is"
    IS_NOT = "is_not"
    INCLUDES = "includes"
    LACKS = "lacks"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"


class Clause(Data):
    field: Code
    op: Op
    value: int | float | str | tuple[str, ...] | None = None

    @property
    def values(self) -> tuple[Any, ...]:
        return self.value if isinstance(self.value, tuple) else (self.value,)


class Condition(Data):
    """When something is shown: all clauses hold, or any of them. One level, no nesting."""

    all: tuple[Clause, ...] = ()
    any: tuple[Clause, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_clause_alone(cls, value: Any) -> Any:
        return {"all": [value]} if isinstance(value, dict) and "field" in value else value

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        if bool(self.all) == bool(self.any):
            raise wrong("give either “all” or “any”, with at least one clause")
        return self

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return self.all or self.any


class Option(Data):
    code: Code
    label: Text
    hint: Text | None = None
    exclusive: bool = False  # “None of these”: clears the others
    other: bool = False  # asks for words of one's own, kept under <field code>_other


YES_OR_NO = (
    Option(code="yes", label=Text(en="Yes", es="Sí")),
    Option(code="no", label=Text(en="No", es="No")),
)


class Scale(Data):
    """Whole numbers from `min` to `max` with labelled ends, or every point labelled."""

    min: int = 1
    max: int = 5
    low: Text
    high: Text
    points: tuple[Text, ...] = ()
    not_applicable: bool = False  # the answer "na"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.max <= self.min:
            raise wrong("a scale goes from a smaller to a larger number", "max")
        if self.points and len(self.points) != self.max - self.min + 1:
            raise wrong("label every point of the scale, or none", "points")
        return self


class Rows(Data):
    """How many rows a table has at submission, and what one row is called."""

    min: int = 0
    max: PositiveInt = 20
    item: Text

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not 0 <= self.min <= self.max:
            raise wrong("“min” is above “max”", "min")
        return self


class Field(Data):
    code: Code
    kind: Kind
    label: Text
    hint: Text | None = None
    required: bool = False  # at submission, never while drafting
    show_if: Condition | None = None

    options: tuple[Option, ...] = ()
    shown_as: Literal["radios", "select"] = "radios"
    max_words: PositiveInt | None = None
    min_length: PositiveInt | None = None
    max_length: PositiveInt | None = None
    format: Literal["zip", "ccn", "year"] | None = None
    min: int | float | None = None
    max: int | float | None = None
    decimals: int = 0
    unit: Text | None = None
    scale: Scale | None = None
    rows: Rows | None = None
    fields: tuple[Field, ...] = ()
    items: tuple[Option, ...] = ()
    items_from: Code | None = None  # the ticked options of an earlier question
    parts: tuple[Literal["name", "title", "email", "phone"], ...] = ("name", "title", "email")
    different_from: Code | None = None  # another person than in that contact
    confirmed: Literal["by_link", "before_offer"] | None = None
    unique: bool = False  # no two rows with the same
    text: Text | None = None
    slot: Literal["letter", "evidence", "logo", "data"] | None = None
    letter: Code | None = None
    signatories: tuple[Code, ...] = ()
    max_minutes: PositiveInt | None = None
    prompts: tuple[Text, ...] = ()
    document: Code | None = None
    autocomplete: str = ""

    @model_validator(mode="after")
    def _suits_its_kind(self) -> Self:
        general = {"code", "kind", "label", "hint", "required", "show_if"}
        for name, info in type(self).model_fields.items():
            given = getattr(self, name) != info.default
            if given and name not in general | USES[self.kind]:
                raise wrong(f"“{name}” means nothing for {self.kind}", name)
            if not given and name in NEEDS.get(self.kind, ()):
                raise wrong(f"{self.kind} needs “{name}”")
        return self

    @model_validator(mode="after")
    def _options_are_sound(self) -> Self:
        no_repeats([option.code for option in self.options], "options")
        no_repeats([item.code for item in self.items], "items")
        exclusive = [option for option in self.options if option.exclusive]
        if exclusive and (self.kind != Kind.MULTIPLE or len(exclusive) == len(self.options)):
            raise wrong("an exclusive option stands beside others in a multiple choice", "options")
        if sum(option.other for option in self.options) > 1:
            raise wrong("one option may ask for other words", "options")
        if self.kind == Kind.YES_NO and self.options and not {"yes", "no"} <= self.option_codes:
            raise wrong("a yes/no question has the options yes and no", "options")
        return self

    @model_validator(mode="after")
    def _fields_are_sound(self) -> Self:
        no_repeats([code for field in self.fields for code in field.answer_codes], "fields")
        for index, field in enumerate(self.fields):
            if field.kind not in IN_A_ROW or field.show_if:
                raise wrong(f"{field.kind} or a condition can't be inside a row", "fields", index)
            if field.kind == Kind.CHOSEN_ROW and self.kind != Kind.TABLE:
                raise wrong("only a table has rows to choose", "fields", index)
        if self.kind == Kind.GRID and bool(self.items) == bool(self.items_from):
            raise wrong("a grid has “items” or “items_from”")
        return self

    @property
    def choices(self) -> tuple[Option, ...]:
        return self.options or (YES_OR_NO if self.kind == Kind.YES_NO else ())

    @cached_property
    def option_codes(self) -> frozenset[str]:
        return frozenset(option.code for option in self.choices)

    @cached_property
    def other(self) -> Option | None:
        return next((option for option in self.options if option.other), None)

    @property
    def answer_codes(self) -> tuple[str, ...]:
        """The keys under which its answers are kept: its code, and one for other words."""
        if self.kind in ANSWERLESS:
            return ()
        return (self.code, self.code + OTHER) if self.other else (self.code,)


class Section(Data):
    code: Code
    title: Text
    hint: Text | None = None
    minutes: PositiveInt | None = None
    part: Code | None = None
    private: bool = False  # for the applicant and for those who arrange things; never reviewed
    show_if: Condition | None = None
    fields: tuple[Field, ...]


class Form(Data):
    sections: tuple[Section, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        no_repeats([section.code for section in self.sections], "sections")
        seen: dict[str, Field] = {}
        taken: set[str] = set()
        for s, section in enumerate(self.sections):
            if section.show_if:
                _check(section.show_if, seen, "sections", s, "show_if")
            for f, field in enumerate(section.fields):
                path = ("sections", s, "fields", f)
                for code in {field.code, *field.answer_codes}:
                    if code in taken:
                        raise wrong(f"the code “{code}” is used twice", *path)
                    taken.add(code)
                if field.kind == Kind.CHOSEN_ROW:
                    raise wrong("chosen_row belongs inside a table", *path)
                if field.show_if:
                    _check(field.show_if, seen, *path, "show_if")
                _check_link(field, "items_from", Kind.MULTIPLE, seen, path)
                _check_link(field, "different_from", Kind.CONTACT, seen, path)
                seen[field.code] = field
        return self

    def fields(self) -> Iterator[Field]:
        for section in self.sections:
            yield from section.fields

    @cached_property
    def by_code(self) -> Mapping[str, Field]:
        return {field.code: field for field in self.fields()}

    @cached_property
    def by_answer(self) -> Mapping[str, Field]:
        """The field that each key of the answers belongs to."""
        return {code: field for field in self.fields() for code in field.answer_codes}

    @cached_property
    def steering(self) -> frozenset[str]:
        """Questions whose answers show or hide something, or give a grid its items."""
        parts: list[Section | Field] = [*self.sections, *self.fields()]
        asked = {clause.field for one in parts if one.show_if for clause in one.show_if.clauses}
        return frozenset(asked | {field.items_from for field in self.fields() if field.items_from})

    def section(self, code: str) -> Section | None:
        return next((section for section in self.sections if section.code == code), None)

    def section_of(self, field_code: str) -> Section | None:
        return next((s for s in self.sections if any(f.code == field_code for f in s.fields)), None)


def _check_link(
    field: Field, name: str, kind: Kind, seen: Mapping[str, Field], path: tuple[str | int, ...]
) -> None:
    code = getattr(field, name)
    if code and (code not in seen or seen[code].kind != kind):
        raise wrong(f"“{code}” is not an earlier question of kind {kind}", *path, name)


def _check(condition: Condition, seen: Mapping[str, Field], *path: str | int) -> None:
    """Each clause refers to an earlier question, with an operator and a value that suit it."""
    for clause in condition.clauses:
        field = seen.get(clause.field)
        if field is None:
            raise wrong(f"“{clause.field}” is not an earlier question", *path)
        if field.kind in ANSWERLESS:
            raise wrong(f"“{clause.field}” has no answer to look at", *path)
        match clause.op:
            case Op.ANSWERED | Op.UNANSWERED:
                fits = clause.value is None
            case Op.MORE_THAN | Op.LESS_THAN:
                fits = field.kind in COUNTED and isinstance(clause.value, int | float)
            case Op.INCLUDES | Op.LACKS:
                fits = field.kind == Kind.MULTIPLE
            case _:
                fits = field.kind not in {Kind.MULTIPLE, Kind.TABLE, Kind.GRID, Kind.CONTACT}
        if not fits:
            raise wrong(f"“{clause.op}” with this value doesn't suit {field.kind}", *path)
        if field.kind in CHOICES and clause.op in {Op.IS, Op.IS_NOT, Op.INCLUDES, Op.LACKS}:
            for value in clause.values:
                if value not in field.option_codes:
                    raise wrong(f"“{value}” is not an option of “{clause.field}”", *path)
