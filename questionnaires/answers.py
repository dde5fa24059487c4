"""What a person typed, as a clean value. Nothing typed is thrown away while drafting.

Shapes: text kinds, date (ISO) and one choice are strings; several choices a list of codes in
the options' order; number and scale are numbers; contact is a dict of its parts; table a list
of dicts; grid a dict of dicts; acknowledgement {"agreed", "language", "text"}. No answer: None.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from questionnaires.schema import ANSWERLESS, OTHER, Field, Kind

SHORT = 200
LONG = 20_000
MOST_ROWS = 100
FORMATS = {
    "zip": re.compile(r"\d{5}(-\d{4})?"),
    "ccn": re.compile(r"[0-9A-Z]{6}"),
    "year": re.compile(r"(19|20)\d\d"),
}
TEXTS = frozenset({Kind.SHORT_TEXT, Kind.LONG_TEXT, Kind.PHONE})
_valid_url = URLValidator(schemes=["http", "https"])


class Issue(NamedTuple):
    """What is wrong with a value: a reason's code, where inside it, and the limit it breaks."""

    reason: str
    at: tuple[str | int, ...] = ()
    limit: int | float | None = None


class Cleaned(NamedTuple):
    value: Any
    issues: tuple[Issue, ...] = ()


def word_count(text: Any) -> int:
    """Words between white space, as the limits count them."""
    return len(text.split()) if isinstance(text, str) else 0


def clean(field: Field, raw: Any, *, language: str = "en") -> Cleaned:
    """The value to keep for what came in, and what submission would refuse about it.

    A value that can't be read is kept as it was typed, so that its person can mend it.
    Cleaning a clean value gives the same value.
    """
    if field.kind in ANSWERLESS:
        return Cleaned(None)
    if isinstance(raw, int | float) and not isinstance(raw, bool) and field.kind in TEXTS:
        raw = str(raw)
    if isinstance(raw, str):
        raw = tidy(raw)
    if raw is None or raw in ("", [], {}):
        return Cleaned(None)
    if field.kind == Kind.ACKNOWLEDGEMENT:
        return _acknowledgement(field, raw, language)
    return CLEANERS[field.kind](field, raw)


def clean_other(raw: Any) -> Cleaned:
    """The words of one's own beside an option “Other”."""
    return _capped(tidy(raw) or None, SHORT) if isinstance(raw, str) else Cleaned(None)


def tidy(text: str) -> str:
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\x00", "").strip()


def _capped(text: str | None, limit: int) -> Cleaned:
    if text is not None and len(text) > limit:
        return Cleaned(text, (Issue("too_long", limit=limit),))
    return Cleaned(text)


def _short_text(field: Field, raw: Any) -> Cleaned:
    if not isinstance(raw, str):
        return _misshapen()
    text = re.sub(r"\s+", " ", raw)
    if field.format is None:
        if field.min_length and len(text) < field.min_length:
            return Cleaned(text, (Issue("too_short", limit=field.min_length),))
        return _capped(text, field.max_length or SHORT)
    text = text.upper()
    if field.format == "zip" and re.fullmatch(r"\d{9}", text):
        text = f"{text[:5]}-{text[5:]}"
    known = FORMATS[field.format].fullmatch(text)
    return Cleaned(text, () if known else (Issue(f"not_{field.format}"),))


def _long_text(field: Field, raw: Any) -> Cleaned:
    if not isinstance(raw, str):
        return _misshapen()
    if field.max_words and word_count(raw) > field.max_words:
        return Cleaned(raw, (Issue("too_many_words", limit=field.max_words),))
    return _capped(raw, LONG)


def _email(field: Field, raw: Any) -> Cleaned:
    if not isinstance(raw, str):
        return _misshapen()
    try:
        validate_email(raw)
    except ValidationError:
        return Cleaned(raw, (Issue("not_email"),))
    return _capped(raw, 254)


def _phone(field: Field, raw: Any) -> Cleaned:
    if not isinstance(raw, str):
        return _misshapen()
    if not any(letter.isdigit() for letter in raw):
        return Cleaned(raw, (Issue("not_phone"),))
    return _capped(raw, 60)


def _url(field: Field, raw: Any) -> Cleaned:
    if not isinstance(raw, str):
        return _misshapen()
    address = raw if "://" in raw else f"https://{raw}"
    try:
        _valid_url(address)
    except ValidationError:
        return Cleaned(raw, (Issue("not_url"),))
    return Cleaned(address)


def _date(field: Field, raw: Any) -> Cleaned:
    if not isinstance(raw, str):
        return _misshapen()
    for pattern in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return Cleaned(datetime.strptime(raw, pattern).date().isoformat())
        except ValueError:
            continue
    return Cleaned(raw, (Issue("not_date"),))


def _number(field: Field, raw: Any) -> Cleaned:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return _misshapen()
    try:
        number = Decimal(str(raw).replace(",", "").replace(" ", ""))
    except InvalidOperation:
        return Cleaned(raw, (Issue("not_number"),))
    if not number.is_finite() or abs(number) >= 10**15:
        return Cleaned(str(raw), (Issue("not_number"),))
    whole = number == number.to_integral_value()
    value = int(number) if whole else float(number)
    if number != round(number, field.decimals):
        return Cleaned(value, (Issue("too_fine", limit=field.decimals),))
    if field.min is not None and number < Decimal(str(field.min)):
        return Cleaned(value, (Issue("too_small", limit=field.min),))
    if field.max is not None and number > Decimal(str(field.max)):
        return Cleaned(value, (Issue("too_large", limit=field.max),))
    return Cleaned(value)


def _single(field: Field, raw: Any) -> Cleaned:
    if isinstance(raw, list) and len(raw) == 1:
        raw = raw[0]
    if isinstance(raw, str) and raw in field.option_codes:
        return Cleaned(raw)
    return Cleaned(None, (Issue("not_option"),))


def _multiple(field: Field, raw: Any) -> Cleaned:
    chosen = [raw] if isinstance(raw, str) else raw
    if not isinstance(chosen, list):
        return _misshapen()
    issues = []
    if any(not isinstance(code, str) or code not in field.option_codes for code in chosen):
        issues.append(Issue("not_option"))
    known = [option for option in field.choices if option.code in chosen]
    alone = next((option for option in known if option.exclusive), None)
    codes = [alone.code] if alone else [option.code for option in known]
    if field.max is not None and len(codes) > field.max:
        issues.append(Issue("too_many_choices", limit=field.max))
    if field.min is not None and codes and not alone and len(codes) < field.min:
        issues.append(Issue("too_few_choices", limit=field.min))
    return Cleaned(codes or None, tuple(issues))


def _scale(field: Field, raw: Any) -> Cleaned:
    scale = field.scale
    assert scale is not None
    if raw == "na" and scale.not_applicable:
        return Cleaned("na")
    if isinstance(raw, str | int) and not isinstance(raw, bool):
        try:
            point = int(raw)
        except ValueError:
            return Cleaned(None, (Issue("not_option"),))
        if scale.min <= point <= scale.max:
            return Cleaned(point)
    return Cleaned(None, (Issue("not_option"),))


def _contact(field: Field, raw: Any) -> Cleaned:
    if not isinstance(raw, Mapping):
        return _misshapen()
    value, issues = {}, []
    for part in field.parts:
        cleaner = {"email": _email, "phone": _phone}.get(part, _short_text)
        text = raw.get(part)
        if not isinstance(text, str) or not tidy(text):
            continue
        cleaned = cleaner(_PLAIN, tidy(text))
        value[part] = cleaned.value
        issues += [issue._replace(at=(part,)) for issue in cleaned.issues]
    return Cleaned(value or None, tuple(issues))


def _chosen_row(field: Field, raw: Any) -> Cleaned:
    return Cleaned(True if raw in (True, "yes", "on", "true") else None)


def clean_row(fields: tuple[Field, ...], raw: Any) -> Cleaned:
    """The answers of one row; None when nothing in it is answered."""
    if not isinstance(raw, Mapping):
        return _misshapen()
    value: dict[str, Any] = {}
    issues: list[Issue] = []
    for field in fields:
        cleaned = clean(field, raw.get(field.code))
        if cleaned.value is not None:
            value[field.code] = cleaned.value
        issues += [issue._replace(at=(field.code, *issue.at)) for issue in cleaned.issues]
        if field.other:
            words = clean_other(raw.get(field.code + OTHER))
            if words.value is not None:
                value[field.code + OTHER] = words.value
            issues += [issue._replace(at=(field.code + OTHER,)) for issue in words.issues]
    return Cleaned(value or None, tuple(issues))


def _table(field: Field, raw: Any) -> Cleaned:
    assert field.rows is not None
    if not isinstance(raw, list):
        return _misshapen()
    rows: list[dict[str, Any]] = []
    issues: list[Issue] = []
    for raw_row in raw[:MOST_ROWS]:
        cleaned = clean_row(field.fields, raw_row)
        if cleaned.value is None:
            continue
        issues += [issue._replace(at=(len(rows), *issue.at)) for issue in cleaned.issues]
        rows.append(cleaned.value)
    if len(rows) > field.rows.max or len(raw) > MOST_ROWS:
        issues.append(Issue("too_many_rows", limit=field.rows.max))
    for one in field.fields:
        if one.unique:
            seen: set[str] = set()
            for index, row in enumerate(rows):
                key = str(row.get(one.code, "")).casefold()
                if key and key in seen:
                    issues.append(Issue("repeated", (index, one.code)))
                seen.add(key)
        if one.kind == Kind.CHOSEN_ROW and sum(one.code in row for row in rows) > 1:
            issues.append(Issue("one_row_only", (one.code,)))
    return Cleaned(rows or None, tuple(issues))


def _grid(field: Field, raw: Any) -> Cleaned:
    if not isinstance(raw, Mapping):
        return _misshapen()
    known = {item.code for item in field.items}
    value: dict[str, Any] = {}
    issues: list[Issue] = []
    for item, raw_row in raw.items():
        if field.items and item not in known:
            issues.append(Issue("not_option"))
            continue
        cleaned = clean_row(field.fields, raw_row)
        if cleaned.value is not None:
            value[str(item)] = cleaned.value
        issues += [issue._replace(at=(str(item), *issue.at)) for issue in cleaned.issues]
    return Cleaned(value or None, tuple(issues))


def _acknowledgement(field: Field, raw: Any, language: str) -> Cleaned:
    assert field.text is not None
    if isinstance(raw, Mapping):
        spoken = str(raw.get("language", ""))
        agreed = raw.get("agreed") is True and raw.get("text") == field.text.to(spoken)
        return Cleaned(dict(raw) if agreed else None)
    if raw in (True, "yes", "on", "true"):
        spoken = "es" if language.startswith("es") else "en"
        return Cleaned({"agreed": True, "language": spoken, "text": field.text.to(spoken)})
    return Cleaned(None)


def _misshapen() -> Cleaned:
    return Cleaned(None, (Issue("misshapen"),))


def as_date(value: Any) -> date | None:
    """A date answer as a date; None for one that can't be read."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


_PLAIN = Field.model_construct(code="part", kind=Kind.SHORT_TEXT)

CLEANERS: Mapping[Kind, Callable[[Field, Any], Cleaned]] = {
    Kind.SHORT_TEXT: _short_text,
    Kind.LONG_TEXT: _long_text,
    Kind.SINGLE: _single,
    Kind.YES_NO: _single,
    Kind.MULTIPLE: _multiple,
    Kind.SCALE: _scale,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.URL: _url,
    Kind.CONTACT: _contact,
    Kind.TABLE: _table,
    Kind.CHOSEN_ROW: _chosen_row,
    Kind.GRID: _grid,
}
