"""One cell at a time: numbers, months and groups as people write them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from collaboratives.measure_files.expected import Expected, Problem, Wrong, plain

EARLIEST_YEAR = 1990
EVERYBODY = {"", "all", "all patients", "everybody", "everyone", "overall", "total", "todos"}
NOT_COLLECTED = {
    "", "-", "–", "—", ".", "n/a", "#n/a", "na", "nan", "none", "null", "not collected",
}  # fmt: skip

MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan january ene enero", "feb february febrero", "mar march marzo",
            "apr april abr abril", "may mayo", "jun june junio", "jul july julio",
            "aug august ago agosto", "sep sept september septiembre", "oct october octubre",
            "nov november noviembre", "dec december dic diciembre",
        ],
        start=1,
    )
    for name in names.split()
}  # fmt: skip


def together(
    numerator: float | None, denominator: float | None, expected: Expected
) -> Iterable[tuple[str, str]]:
    """(column, what is expected) where the two numbers do not fit each other."""
    if not expected.needs_denominator:
        return
    if numerator is not None and denominator is None:
        yield "denominator", _("A number, because the numerator has one.")
    elif numerator is None and denominator is not None:
        yield "numerator", _("A number, because the denominator has one.")
    elif numerator is not None and denominator is not None:
        if expected.counts and numerator > denominator:
            yield (
                "numerator",
                _("No more than the denominator, %(number)s.") % {"number": f"{denominator:g}"},
            )
        elif denominator == 0 and numerator:
            yield "denominator", _("More than 0.")


def rate_agrees(
    number: int, text: str, numerator: float | None, denominator: float | None
) -> list[Problem]:
    """A column with the rate is not needed; where it is given, it must be the same rate."""
    if not text or numerator is None or not denominator:
        return []
    try:
        given = read_number(text.rstrip("% "), whole=False, european="," in text)
    except Wrong as wrong:
        return [Problem(number, "rate", text[:80], str(wrong))]
    true = numerator / denominator
    if given is None or abs(given - 100 * true) <= 1 or abs(given - true) <= 0.01:
        return []
    return [
        Problem(
            number,
            "rate",
            text[:80],
            _("%(rate)s%%, as the two counts give.") % {"rate": f"{100 * true:.1f}"},
        )
    ]


def read_group(text: str, expected: Expected) -> str:
    word = plain(text)
    if word in expected.groups:
        return expected.groups[word]
    if word in EVERYBODY and "" in expected.groups.values():
        return ""
    raise Wrong(_("One of: %(groups)s.") % {"groups": ", ".join(expected.labels)})


def read_number(text: str, *, whole: bool, european: bool = False) -> float | None:
    """A number as people write it; None for what was not collected. Raises Wrong."""
    text = text.strip().replace("\u2212", "-")
    if text.casefold() in NOT_COLLECTED:
        return None
    wanted = _("A whole number, such as 1204.") if whole else _("A number, such as 12.5.")
    if "%" in text:
        raise Wrong(_("A count of people, not a share."))
    compact = re.sub(r"(?<=\d)[\s\u2009\u202f'’](?=\d{3}(?!\d))", "", text)
    if european and re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?|-?\d+,\d+", compact):
        compact = compact.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", compact):
        compact = compact.replace(",", "")
    elif not whole and re.fullmatch(r"-?\d+,\d{1,2}", compact):
        compact = compact.replace(",", ".")
    if not re.fullmatch(r"-?\d+(\.\d*)?|-?\.\d+", compact) or len(compact) > 15:
        raise Wrong(wanted)
    number = float(compact)
    if number < 0:
        raise Wrong(_("0 or more."))
    if whole and number != int(number):
        raise Wrong(wanted)
    return number


def read_month(text: str, latest: date) -> date:
    """The first day of the month that is meant. Raises Wrong.

    Dates with slashes are read month first. One whose day is neither the first nor the last of
    its month is refused, since it may be written day first.
    """
    wanted = _("A month, such as 2026-01 or Jan 2026.")
    month = _month(plain(text), text.strip())
    if month is None or month.year < EARLIEST_YEAR:
        raise Wrong(wanted)
    if month > latest:
        raise Wrong(_("A month that has begun."))
    return month


def read_period(text: str, expected: Expected) -> date:
    """The first day of the month, or of the quarter for a measure by quarters: 2026-Q3, Q3 2026,
    or the quarter's first month. Raises Wrong."""
    if not expected.quarterly:
        return read_month(text, expected.latest_month)
    wanted = _("A quarter, such as 2026-Q3 or its first month, 2026-07.")
    found = re.fullmatch(r"(?:(\d{4}) ?)?[qt]([1-4])(?: ?(\d{4}))?", plain(text))
    year = found and (found[1] or found[3])
    if found and year:
        month = date(int(year), 3 * int(found[2]) - 2, 1) if int(year) else None
    else:
        month = _month(plain(text), text.strip())
    if month is None or month.year < EARLIEST_YEAR or month.month % 3 != 1:
        raise Wrong(wanted)
    if month > expected.latest_month:
        raise Wrong(_("A quarter that has begun."))
    return month


def _month(plain: str, text: str) -> date | None:
    parts = plain.split()
    if len(parts) == 2 and any(part in MONTHS for part in parts):
        name = next(part for part in parts if part in MONTHS)
        year = parts[1 - parts.index(name)]
        return _date(_year(year), MONTHS[name])
    if len(parts) == 3 and parts[1] in MONTHS:  # 01-Jan-2026
        return _date(_year(parts[2]), MONTHS[parts[1]])
    if len(parts) == 3 and parts[0] in MONTHS:  # Jan 1, 2026
        return _date(_year(parts[2]), MONTHS[parts[0]])
    numbers = [int(part) for part in parts if part.isdigit() and len(part) <= 4]
    if re.fullmatch(r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2}([ T]00:00(:00(\.0+)?)?)?)?", text):
        return _date(numbers[0], numbers[1])
    if re.fullmatch(r"\d{1,2}[-/.]\d{4}", text):
        return _date(numbers[1], numbers[0])
    if re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{2,4}", text):  # day first, by its dots
        return _date(_year(parts[2]), numbers[1]) if numbers[0] == 1 else None
    if re.fullmatch(r"\d{1,2}[-/]\d{1,2}[-/](\d{4}|\d{2})", text):
        number, day, in_year = numbers[0], numbers[1], _year(parts[2])
        month = _date(in_year, number)
        whole = month and day in (1, monthrange(in_year, number)[1])
        return month if whole else None
    return None


def _year(text: str) -> int:
    if not text.isdigit() or len(text) not in (2, 4):
        return 0
    return int(text) + 2000 if len(text) == 2 else int(text)


def _date(year: int, month: int) -> date | None:
    return date(year, month, 1) if 1 <= month <= 12 and 1 <= year <= 9999 else None
