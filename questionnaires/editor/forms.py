"""What staff type about a section or a question, as the data of the form."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import PlainForm
from questionnaires.editor.conditions import ConditionPart
from questionnaires.editor.content import Part, new_code, words_of
from questionnaires.editor.rows import Row, Rows
from questionnaires.schema import YES_OR_NO, Kind

FORMATS = [
    ("", gettext_lazy("Any text")),
    ("zip", gettext_lazy("ZIP code")),
    ("ccn", gettext_lazy("CMS certification number, 6 characters")),
    ("year", gettext_lazy("Year, 4 digits")),
]
SHOWN_AS = [
    ("radios", gettext_lazy("A list to pick from, all answers in sight")),
    ("select", gettext_lazy("A drop-down list, for many answers")),
]
PARTS = [
    ("name", gettext_lazy("Name")),
    ("title", gettext_lazy("Job title")),
    ("email", gettext_lazy("Email")),
    ("phone", gettext_lazy("Phone")),
]
SLOTS = [
    ("letter", gettext_lazy("A letter: PDF or photo")),
    ("evidence", gettext_lazy("A document")),
    ("logo", gettext_lazy("A picture")),
    ("data", gettext_lazy("A table of numbers")),
]
ENGLISH = gettext_lazy("%(what)s, in English")
SPANISH = gettext_lazy("%(what)s, in Spanish")
NEVER_REQUIRED = frozenset({Kind.INFO, Kind.CONSENT})
WITH_OPTIONS = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.YES_NO})

Lines = list[dict[str, Any]]


class NeededWords(forms.CharField):
    """Needed in one language at least, which the form checks; so neither is called optional."""

    def validate(self, value: str) -> None:
        pass


NEEDED = ("label", "title", "text", "low", "high", "item", "first")


class WordsForm(PlainForm):
    """Fields in both languages side by side. `lines`: how the page lays them out."""

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self._lines: list[tuple[str, ...]] = []
        self.rows: dict[str, Rows] = {}
        self.condition: ConditionPart | None = None

    def add_words(
        self, name: str, what: Any, *, old: Mapping[str, str] | None, area: bool = False, most: int
    ) -> None:
        """What a text says, in English and in Spanish."""
        for language, title in (("en", ENGLISH), ("es", SPANISH)):
            rows = {"rows": 3} if area else {}
            widget = forms.Textarea if area else forms.TextInput
            words = NeededWords if name in NEEDED else forms.CharField
            self.fields[f"{name}_{language}"] = words(
                label=title % {"what": what},
                required=name in NEEDED,
                max_length=most,
                initial=(old or {}).get(language, ""),
                widget=widget(attrs={"lang": language, **rows}),
            )
        self._lines.append((f"{name}_en", f"{name}_es"))

    def add_one(self, name: str, field: forms.Field) -> None:
        self.fields[name] = field
        self._lines.append((name,))

    def words(self, name: str) -> dict[str, str]:
        """The languages that were filled in."""
        data = {one: self.cleaned_data.get(f"{name}_{one}", "") for one in ("en", "es")}
        return {language: text for language, text in data.items() if text}

    def need_words(self, name: str, sentence: str) -> None:
        if not self.words(name) and f"{name}_en" in self.cleaned_data:
            self.add_error(f"{name}_en", sentence)

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        return [[self[name] for name in names] for names in self._lines]

    @property
    def row_sets(self) -> list[tuple[str, Rows]]:
        return list(self.rows.items())

    @property
    def arranged(self) -> bool:
        """A line was added, removed or moved: show the page again, save nothing."""
        parts = [*self.rows.values(), *([self.condition] if self.condition else [])]
        return any(one.arranged for one in parts)

    def is_sound(self) -> bool:
        """Like is_valid, with the lines and the condition."""
        sound = self.is_valid()
        rows = [*self.rows.values(), *([self.condition.rows] if self.condition else [])]
        return sound and not any(one.errors for one in rows)

    def summary(self) -> list[dict[str, str]]:
        """All that is wrong, for components/error_summary.html."""
        found = [{"text": text, "target": ""} for text in self.non_field_errors()]
        for bound in self:
            found += [
                {"text": f"{bound.label}: {text}", "target": bound.id_for_label}
                for text in bound.errors
            ]
        rows = [*self.rows.values(), *([self.condition.rows] if self.condition else [])]
        return found + [
            {"text": row.error, "target": row.error_at} for one in rows for row in one.errors
        ]


class SectionForm(WordsForm):
    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        old: Part | None = None,
        earlier: Sequence[Part] = (),
        parts: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(data)
        self.old = old or {}
        self.add_words("title", _("Title"), old=self.old.get("title"), most=160)
        self.add_words("hint", _("Help under the title"), old=self.old.get("hint"), most=400)
        self.add_one(
            "minutes",
            forms.IntegerField(
                label=_("Minutes to answer it"),
                required=False,
                min_value=1,
                max_value=600,
                initial=self.old.get("minutes"),
            ),
        )
        if len(parts) > 1:
            part = forms.ChoiceField(
                label=_("Part of the application"),
                choices=parts,
                initial=self.old.get("part"),
                required=False,
            )
            self.add_one("part", part)
        self.add_one(
            "private",
            forms.BooleanField(
                label=_("Only for those who arrange things: reviewers never see it"),
                required=False,
                initial=self.old.get("private", False),
            ),
        )
        self.condition = ConditionPart(earlier, initial=self.old.get("show_if"), data=data)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.need_words("title", _("Give the section a title, in one language at least."))
        self.show_if = self.condition.cleaned() if self.condition else None
        return data

    def section(self, taken: Collection[str]) -> Part:
        """The section as data; a new one gets a code of its own."""
        title = self.words("title")
        made = {key: value for key, value in self.old.items() if key != "fields"}
        made["code"] = self.old.get("code") or new_code(words_of(title), taken, "section")
        made["title"] = title
        data = self.cleaned_data
        put(made, hint=self.words("hint"), minutes=data["minutes"], private=data["private"])
        if "part" in self.fields:
            put(made, part=data["part"])
        put(made, show_if=self.show_if)
        return made


def put(made: Part, /, **values: Any) -> None:
    """Set what is given, and leave out what is empty, as the schema's own defaults do."""
    for key, value in values.items():
        if value in (None, "", [], {}, False):
            made.pop(key, None)
        else:
            made[key] = value


class QuestionForm(WordsForm):
    """One question, or a column of a table or grid, with what its kind needs."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kind: Kind,
        old: Part | None = None,
        earlier: Sequence[Part] = (),
        sections: Sequence[tuple[str, str]] = (),
        letters: Sequence[tuple[str, str]] = (),
        column: bool = False,
    ) -> None:
        super().__init__(data)
        self.kind, self.old, self.column = kind, old or {}, column
        self.earlier, self.letters, self.data_given = earlier, letters, data
        what = _("Title") if kind == Kind.INFO else _("Question")
        self.add_words("label", what, old=self.old.get("label"), most=400)
        if kind != Kind.INFO:
            self.add_words("hint", _("Help under it"), old=self.old.get("hint"), most=400)
        add = getattr(self, f"_add_{kind.value}", None)
        if add is not None:
            add()
        if kind not in NEVER_REQUIRED:
            required = forms.BooleanField(
                label=_("Must be answered before the application is sent"),
                required=False,
                initial=self.old.get("required", False),
            )
            self.add_one("required", required)
        if sections:
            home = forms.ChoiceField(label=_("Section"), choices=sections, initial=sections[0][0])
            self.add_one("section", home)
        if not column:
            self.condition = ConditionPart(earlier, initial=self.old.get("show_if"), data=data)

    # --- what each kind asks for ---------------------------------------------------------------

    def _number(self, name: str, label: str, *, low: int = 1, high: int = 100_000) -> None:
        field = forms.IntegerField(
            label=label,
            required=False,
            min_value=low,
            max_value=high,
            initial=self.old.get(name),
        )
        self.add_one(name, field)

    def _choice(self, name: str, label: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = forms.ChoiceField(
            label=label, choices=choices, required=False, initial=self.old.get(name, "")
        )
        self.add_one(name, field)

    def _add_short_text(self) -> None:
        self._choice("format", _("What may be typed"), FORMATS)
        self._number("max_length", _("Most letters"), high=400)

    def _add_long_text(self) -> None:
        self._number("max_words", _("Most words"), high=5_000)

    def _add_email(self) -> None:
        if self.column:
            unique = forms.BooleanField(
                label=_("No two rows may have the same"),
                required=False,
                initial=self.old.get("unique", False),
            )
            self.add_one("unique", unique)

    def _options(self, name: str, columns: Sequence[str], initial: Sequence[Part]) -> None:
        flat = [
            {
                "code": one["code"],
                "en": one["label"].get("en", ""),
                "es": one["label"].get("es", ""),
                "exclusive": "on" if one.get("exclusive") else "",
                "other": "on" if one.get("other") else "",
            }
            for one in initial
        ]
        spare = 0 if flat else 3
        self.rows[name] = Rows(name, columns, initial=flat, data=self.data_given, spare=spare)

    def _add_single(self) -> None:
        self._options("options", ("en", "es", "other"), self.old.get("options", ()))
        self._choice("shown_as", _("Shown as"), SHOWN_AS)

    def _add_multiple(self) -> None:
        self._options("options", ("en", "es", "exclusive", "other"), self.old.get("options", ()))
        self._number("min", _("Fewest to tick"), high=50)
        self._number("max", _("Most to tick"), high=50)

    def _add_yes_no(self) -> None:
        both = [one.model_dump(exclude_defaults=True) for one in YES_OR_NO]
        self._options("options", ("en", "es"), self.old.get("options") or both)

    def _add_scale(self) -> None:
        scale = self.old.get("scale") or {}
        for name, label, value in (
            ("scale_min", _("Lowest number"), scale.get("min", 1)),
            ("scale_max", _("Highest number"), scale.get("max", 5)),
        ):
            field = forms.IntegerField(label=label, min_value=0, max_value=10, initial=value)
            self.add_one(name, field)
        self.add_words("low", _("Words at the low end"), old=scale.get("low"), most=120)
        self.add_words("high", _("Words at the high end"), old=scale.get("high"), most=120)
        points = [{"en": one.get("en"), "es": one.get("es")} for one in scale.get("points", ())]
        self.rows["points"] = Rows("points", ("en", "es"), initial=points, data=self.data_given)
        not_applicable = forms.BooleanField(
            label=_("Offer “Does not apply”"),
            required=False,
            initial=scale.get("not_applicable", False),
        )
        self.add_one("not_applicable", not_applicable)

    def _add_number(self) -> None:
        for name, label in (("min", _("Smallest number")), ("max", _("Largest number"))):
            field = forms.FloatField(label=label, required=False, initial=self.old.get(name))
            self.add_one(name, field)
        self._number("decimals", _("Digits after the point"), low=0, high=4)
        self.add_words("unit", _("Unit, such as beds"), old=self.old.get("unit"), most=40)

    def _add_contact(self) -> None:
        parts = forms.MultipleChoiceField(
            label=_("What we ask about this person"),
            choices=PARTS,
            widget=forms.CheckboxSelectMultiple,
            initial=self.old.get("parts", ["name", "title", "email"]),
            error_messages={"required": _("Choose at least one.")},
        )
        self.add_one("parts", parts)
        others = self._earlier(Kind.CONTACT)
        if others:
            choices = [("", _("Anybody")), *others]
            self._choice("different_from", _("Must be another person than"), choices)

    def _earlier(self, kind: Kind) -> list[tuple[str, str]]:
        found = [one for one in self.earlier if one["kind"] == kind]
        return [(one["code"], words_of(one["label"])) for one in found]

    def _add_table(self) -> None:
        rows = self.old.get("rows") or {}
        self.add_words("item", _("One row is called"), old=rows.get("item"), most=60)
        for name, label, value in (
            ("rows_min", _("Fewest rows"), rows.get("min", 0)),
            ("rows_max", _("Most rows"), rows.get("max", 20)),
        ):
            field = forms.IntegerField(label=label, min_value=0, max_value=100, initial=value)
            self.add_one(name, field)
        self._first_column()

    def _first_column(self) -> None:
        if not self.old.get("fields"):
            self.add_words("first", _("First column"), old=None, most=160)

    def _add_grid(self) -> None:
        sources = self._earlier(Kind.MULTIPLE)
        if sources:
            own = ("", _("The items listed below"))
            label = _("Which items it asks about")
            self._choice("items_from", label, [own, *sources])
        self._options("items", ("en", "es"), self.old.get("items", ()))
        self._first_column()

    def _add_acknowledgement(self) -> None:
        self.add_words("text", _("Statement"), old=self.old.get("text"), area=True, most=4_000)

    _add_info = _add_acknowledgement

    def _add_upload(self) -> None:
        self._choice("slot", _("What is uploaded"), SLOTS)
        if self.letters:
            choices = [("", _("No letter of the program")), *self.letters]
            self._choice("letter", _("Which letter it is"), choices)

    def _add_video(self) -> None:
        self._number("max_minutes", _("Longest, in minutes"), high=60)
        old = self.old.get("prompts", ())
        prompts = [{"en": one.get("en"), "es": one.get("es")} for one in old]
        self.rows["prompts"] = Rows("prompts", ("en", "es"), initial=prompts, data=self.data_given)

    # --- what is wrong ---------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.need_words("label", _("Write it in one language at least."))
        for name, sentence in (
            ("text", _("Write the statement, in one language at least.")),
            ("low", _("Say what the lowest number means.")),
            ("high", _("Say what the highest number means.")),
            ("item", _("Say what one row is called, like “Person”.")),
            ("first", _("Name the first column. You can add more after saving.")),
        ):
            if f"{name}_en" in self.fields:
                self.need_words(name, sentence)
        self._in_order("min", "max", data)
        self._in_order("rows_min", "rows_max", data)
        if "scale_max" in data and data["scale_max"] <= data.get("scale_min", 0):
            self.add_error("scale_max", _("It must be more than the lowest number."))
        if "rows_max" in data and data["rows_max"] == 0:
            self.add_error("rows_max", _("Allow one row at least."))
        self._check_rows(data)
        self.show_if = self.condition.cleaned() if self.condition else None
        return data

    def _in_order(self, low: str, high: str, data: Mapping[str, Any]) -> None:
        least, most = data.get(low), data.get(high)
        if least is not None and most is not None and most < least:
            self.add_error(high, _("This is less than the number before."))

    def _check_rows(self, data: Mapping[str, Any]) -> None:
        for rows in self.rows.values():
            for row in rows.given:
                if not (row["en"] or row["es"]):
                    rows.wrong(row, "en", _("Write it in one language at least."))
        points = self.rows.get("points")
        if points and points.given and "scale_max" in data and "scale_min" in data:
            wanted = data["scale_max"] - data["scale_min"] + 1
            if len(points.given) != wanted:
                sentence = _("Label all %(n)s numbers, or none.") % {"n": wanted}
                points.wrong(points.given[-1], "en", sentence)
        if self.kind == Kind.GRID and not data.get("items_from") and not self.rows["items"].given:
            self.add_error(None, _("List at least one item."))
        if self.kind in WITH_OPTIONS:
            self._check_options(self.rows["options"], data)

    def _check_options(self, rows: Rows, data: Mapping[str, Any]) -> None:
        given = rows.given
        if len(given) < 2:
            self.add_error(None, _("Give at least two answers to choose from."))
        for language in ("en", "es"):
            seen: set[str] = set()
            for row in given:
                label = row[language].casefold()
                if label and label in seen:
                    rows.wrong(row, language, _("This answer is in the list twice."))
                seen.add(label)
        others = [row for row in given if row.get("other")]
        for row in others[1:]:
            rows.wrong(row, "other", _("Only one answer can ask for other words."))
        if given and all(row.get("exclusive") for row in given):
            rows.wrong(given[-1], "exclusive", _("At least one answer must go with others."))
        codes = {row["code"] for row in given}
        if self.kind == Kind.YES_NO and not {"yes", "no"} <= codes:
            self.add_error(None, _("Keep the answers yes and no. You can word them differently."))
        most = data.get("max")
        if self.kind == Kind.MULTIPLE and most and most > len(given):
            self.add_error("max", _("There are only %(n)s answers.") % {"n": len(given)})

    # --- as data ---------------------------------------------------------------------------------

    def question(self, taken: Collection[str], used_options: Collection[str] = ()) -> Part:
        """The question as data. taken: codes in use; used_options: of answers, in any version.

        What the page does not ask for stays as it was.
        """
        label, data = self.words("label"), self.cleaned_data
        made: Part = dict(self.old)
        made["code"] = self.old.get("code") or new_code(words_of(label), taken)
        made["kind"], made["label"] = str(self.kind), label
        put(made, hint=self.words("hint"))
        for name in SIMPLE:
            if name in self.fields:
                put(made, **{name: data[name]})
        if self.kind == Kind.NUMBER:
            # zero is a limit, not the lack of one
            made |= {n: _whole(data[n]) for n in ("min", "max") if data[n] is not None}
        if made.get("shown_as") == "radios":
            del made["shown_as"]
        if "parts" in self.fields:
            made["parts"] = [code for code, _label in PARTS if code in data["parts"]]
            if made["parts"] == ["name", "title", "email"]:
                del made["parts"]
        for name in ("text", "unit"):
            if f"{name}_en" in self.fields:
                put(made, **{name: self.words(name)})
        self._put_rows(made, used_options)
        if not self.column:
            put(made, show_if=self.show_if)
        return made

    def _put_rows(self, made: Part, used: Collection[str]) -> None:
        data = self.cleaned_data
        if "options" in self.rows:
            made["options"] = self._listed("options", used)
            if self.kind == Kind.YES_NO and made["options"] == _plain_yes_no():
                del made["options"]
        if self.kind == Kind.GRID:
            put(made, items=[] if made.get("items_from") else self._listed("items", used))
        if "prompts" in self.rows:
            put(made, prompts=[_text(row) for row in self.rows["prompts"].given])
        if self.kind == Kind.SCALE:
            made["scale"] = {"low": self.words("low"), "high": self.words("high")}
            put(
                made["scale"],
                points=[_text(row) for row in self.rows["points"].given],
                not_applicable=data["not_applicable"],
            )
            made["scale"] |= {
                name: data[f"scale_{name}"]
                for name, usual in (("min", 1), ("max", 5))
                if data[f"scale_{name}"] != usual
            }
        if self.kind == Kind.TABLE:
            rows = {"item": self.words("item")}
            put(rows, min=data["rows_min"] or None)
            made["rows"] = rows | ({"max": data["rows_max"]} if data["rows_max"] != 20 else {})
        if "first_en" in self.fields:
            first = self.words("first")
            code = new_code(words_of(first), (), "column")
            made["fields"] = [{"code": code, "kind": "short_text", "label": first}]

    def _listed(self, name: str, used: Collection[str]) -> list[Part]:
        """Options or items; each keeps its code for ever, a new one gets its own."""
        old = {one["code"]: one for one in self.old.get(name, ())}
        if self.kind == Kind.YES_NO:
            old |= {one["code"]: one for one in _plain_yes_no() if one["code"] not in old}
        taken, listed = {*used, *old}, []
        for row in self.rows[name].given:
            code = row["code"] if row["code"] in old else new_code(words_of(_text(row)), taken)
            if code in {one["code"] for one in listed}:
                code = new_code(words_of(_text(row)), taken)
            taken.add(code)
            made = {**old.get(code, {}), "code": code, "label": _text(row)}
            for flag in ("exclusive", "other"):
                if flag in self.rows[name].columns:
                    put(made, **{flag: bool(row[flag])})
            listed.append(made)
        return listed


SIMPLE = (
    "required", "format", "max_length", "max_words", "unique", "shown_as", "min", "max",
    "decimals", "different_from", "items_from", "slot", "letter", "max_minutes",
)  # fmt: skip


def _whole(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number


def _text(row: Row) -> dict[str, str]:
    return {one: row[one] for one in ("en", "es") if row[one]}


def _plain_yes_no() -> list[Part]:
    return [one.model_dump(mode="json", exclude_defaults=True) for one in YES_OR_NO]
