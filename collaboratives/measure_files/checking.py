"""Reading a file block by block: good rows go on, each problem gets its row and its column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from collaboratives.measure_files.expected import (
    Checked,
    Expected,
    Problem,
    Problems,
    Row,
    Unreadable,
    Wrong,
)
from collaboratives.measure_files.headers import Long, Wide, find_header
from collaboratives.measure_files.people import refuse_cells, refuse_shape
from collaboratives.measure_files.sheets import open_sheet
from collaboratives.measure_files.values import (
    rate_agrees,
    read_group,
    read_number,
    read_period,
    together,
)

if TYPE_CHECKING:
    from pandas import DataFrame, Series

SITES = 2**20  # more than a file has rows, so three small numbers make one
Sink = Callable[["DataFrame"], None]
Told = Callable[[int], None]


def check(
    source: bytes | Path, name: str, expected: Expected, *, sink: Sink | None = None,
    told: Told | None = None,
) -> Checked:  # fmt: skip
    """Read a CSV or XLSX file in long or wide form.

    sink: takes the good rows, block by block, as a frame of row, group, month, site, numerator,
    denominator; without one they are kept in the result. told: called with how many rows have
    been read, after each block; what it raises stops the reading.
    """
    if isinstance(source, bytes):
        with NamedTemporaryFile(suffix=Path(name).suffix) as file:
            file.write(source)
            file.flush()
            return check(Path(file.name), name, expected, sink=sink, told=told)
    checked = Checked()
    try:
        sheet = open_sheet(source)
        layout = find_header(sheet.head, expected)
        reading = Reading(checked, expected, sheet.european, sink or _collect(checked))
        for block in sheet.blocks(layout.width):
            reading.take(block, layout)
            if told is not None:
                told(checked.rows_read)
        reading.finish()
    except Unreadable as error:
        return Checked(refused=str(error), personal=error.personal)
    return checked


def _collect(checked: Checked) -> Sink:
    def keep(frame: DataFrame) -> None:
        for row, group, month, site, numerator, denominator in frame.itertuples(index=False):
            checked.rows.append(
                Row(int(row), group, month, _none(numerator), _none(denominator), site)
            )

    return keep


def _none(number: float) -> float | None:
    return None if number != number else float(number)


class Reading:
    """One file as it is read. Nothing here grows with the number of rows."""

    def __init__(self, checked: Checked, expected: Expected, european: bool, sink: Sink) -> None:
        self.checked = checked
        self.expected = expected
        self.european = european
        self.sink = sink
        self.seen: dict[tuple[date, str], int] = {}
        self.ones = self.repeated = 0
        self.months: dict[date, int] = {}
        self.groups: dict[str, int] = {}
        self.sites: dict[str, int] = {}
        self.keys: list[tuple[Any, Any]] = []  # of rows with a site: (number, row), 16 bytes each
        self.known: dict[str, dict[str, Any]] = {"month": {}, "group": {}, "number": {}}

    def take(self, block: DataFrame, layout: Long | Wide) -> None:
        block = block[block.index > layout.at]
        block = block.drop(
            columns=[c for c in block if c >= layout.width and block[c].isna().all()]
        )
        for column in block.columns:
            block[column] = _tidied(block[column])
        blank = (block == "").all(axis=1)
        if bool(blank.any()):
            block = block[~blank]
        if block.empty:
            return
        if isinstance(layout, Wide):
            self._take_wide(block, layout)
        else:
            self._take_long(block, layout)

    def finish(self) -> None:
        """Raises Unreadable when the rows were about people after all."""
        if self.keys:
            self._repeated_sites()
        self.checked.problems.sort(key=lambda problem: problem.row)
        refuse_shape(
            rows=self.checked.rows_read,
            ones=self.ones,
            repeated=self.repeated,
            has_sites=self.checked.has_sites,
        )

    # --- long form ---

    def _take_long(self, block: DataFrame, layout: Long) -> None:
        """Whole columns at a time; only rows with a problem are looked at one by one."""
        import pandas

        columns = layout.columns
        self.checked.has_sites = "site" in columns
        self.checked.rows_read += len(block)
        month, bad_month = self._read(block[columns["month"]], "month")
        group, bad_group = self._read(block[columns["group"]], "group")
        numerator, bad_n = self._read(block[columns["numerator"]], "number")
        if "denominator" in columns:
            denominator, bad_d = self._read(block[columns["denominator"]], "number")
        else:
            denominator, bad_d = pandas.Series(float("nan"), block.index), bad_n & False
        n, d = numerator.astype(float), denominator.astype(float)
        self.ones += int((((d == 1) | d.isna()) & ((n == 0) | (n == 1))).sum())
        bad = bad_month | bad_group | bad_n | bad_d
        if self.expected.needs_denominator:
            bad |= (n.isna() != d.isna()) | ((d == 0) & (n > 0))
            if self.expected.counts:
                bad |= n > d
        extra = [c for c in block.columns if c >= layout.width]
        if extra:
            bad |= (block[extra] != "").any(axis=1)
        if "rate" in columns:
            bad |= block[columns["rate"]] != ""
        site = block[columns["site"]] if "site" in columns else pandas.Series("", block.index)
        good = pandas.DataFrame(
            {
                "row": block.index + 1, "group": group, "month": month, "site": site,
                "numerator": n, "denominator": d,
            }
        )  # fmt: skip
        fine = bad.copy()
        for at in block.index[bad]:
            cells = [str(cell) for cell in block.loc[at]]
            fine[at] = not self._one(at + 1, cells, layout)
        good = good[~fine]
        self.checked.has_gaps |= bool(n.isna().any())
        if self.checked.has_sites:
            self._remember(good)
        elif not good.empty and (repeated := self._repeated(good)) is not None:
            for row, text in self._again(good[repeated], block, columns["month"]):
                self.checked.note([Problem(int(row), "month", *text)])
            good = good[~repeated]
        self.sink(good)

    def _read(self, texts: Series, kind: str) -> tuple[Series, Series]:
        """(values, wrong) of a column: each different text is read once."""
        import pandas

        codes, different = pandas.factorize(texts)
        known = self.known[kind]
        if len(known) > 200_000:
            known.clear()
        values, wrong = [], []
        for text in different:
            if text not in known:
                known[text] = self._value(text, kind)
            value = known[text]
            bad = isinstance(value, Wrong)
            wrong.append(bad)
            values.append(None if bad else value)
        as_objects = pandas.Series(values, dtype=object)
        found = as_objects.take(codes)
        found.index = texts.index
        flags = pandas.Series(wrong, dtype=bool).take(codes)
        flags.index = texts.index
        return found, flags

    def _value(self, text: str, kind: str) -> Any:
        try:
            if kind == "month":
                return read_period(text, self.expected)
            if kind == "group":
                return read_group(text, self.expected)
            return read_number(text, whole=self.expected.counts, european=self.european)
        except Wrong as wrong:
            return wrong

    def _one(self, number: int, cells: list[str], layout: Long) -> bool:
        """Whether one suspicious row is good after all; else its problems are kept."""
        try:
            read_row(number, cells, layout, self.expected, self.european)
            return True
        except Problems as found:
            self.checked.note(found.problems)
            month = self._value(_at(cells, layout.columns, "month"), "month")
            group = self._value(_at(cells, layout.columns, "group"), "group")
            if isinstance(month, Wrong) or isinstance(group, Wrong):
                self.checked.lost = True
            else:
                self.checked.spoiled.add((group, month))
            return False

    def _repeated(self, good: DataFrame) -> Series | None:
        """Rows whose month and group came before."""
        import pandas

        keys = good[["month", "group"]]
        first = ~keys.duplicated()
        for row, month, group in good.loc[first, ["row", "month", "group"]].itertuples(index=False):
            self.seen.setdefault((month, group), int(row))
        known = [self.seen[key] for key in zip(good["month"], good["group"], strict=True)]
        before: Series = pandas.Series(known, index=good.index) != good["row"]
        self.repeated += int(before.sum())
        return before if bool(before.any()) else None

    def _again(
        self, repeated: DataFrame, block: DataFrame, month: int
    ) -> Iterator[tuple[int, tuple[str, str]]]:
        for at, row in repeated.iterrows():
            first = self.seen[row["month"], row["group"]]
            text = _("Each month and group once. It is in row %(row)s already.") % {"row": first}
            yield row["row"], (str(block.loc[at, month])[:80], text)

    def _remember(self, good: DataFrame) -> None:
        """Month, group and site of each row as one number, to find repeated ones at the end."""
        import numpy
        import pandas

        keys = numpy.zeros(len(good), dtype=numpy.int64)
        for name, known in (("month", self.months), ("group", self.groups), ("site", self.sites)):
            codes, different = pandas.factorize(good[name])
            numbers = [known.setdefault(each, len(known)) for each in different]
            keys = keys * SITES + numpy.asarray(numbers, dtype=numpy.int64)[codes]
        self.keys.append((keys, good["row"].to_numpy(dtype=numpy.int32)))

    def _repeated_sites(self) -> None:
        """Which of two rows for the same month, group and site is right nobody knows: both sums
        are spoiled."""
        import numpy

        keys = numpy.concatenate([key for key, _row in self.keys])
        rows = numpy.concatenate([row for _key, row in self.keys])
        order = numpy.argsort(keys, kind="stable")
        same = numpy.flatnonzero(keys[order][1:] == keys[order][:-1]) + 1
        months, groups, sites = list(self.months), list(self.groups), list(self.sites)
        for place in same:
            key, row, first = (
                int(keys[order[place]]), int(rows[order[place]]), int(rows[order[place - 1]]),
            )  # fmt: skip
            month, group = months[key // SITES**2], groups[key // SITES % SITES]
            text = _("Each month, group and site once. It is in row %(row)s already.")
            self.checked.note(
                [Problem(row, "site", sites[key % SITES][:80], text % {"row": first})]
            )
            self.checked.spoiled.add((group, month))

    # --- wide form ---

    def _take_wide(self, block: DataFrame, layout: Wide) -> None:
        import pandas

        good: list[tuple[Any, ...]] = []
        for at, *cells in block.itertuples(name=None):
            texts = [str(cell) for cell in cells]
            self.checked.rows_read += 1
            found = list(self._month_of_groups(at + 1, texts, layout))
            good += found
        if good:
            names = ["row", "group", "month", "site", "numerator", "denominator"]
            frame = pandas.DataFrame(good, columns=names)
            frame[["numerator", "denominator"]] = frame[["numerator", "denominator"]].astype(float)
            self.sink(frame)

    def _month_of_groups(
        self, number: int, cells: list[str], layout: Wide
    ) -> Iterator[tuple[Any, ...]]:
        month = self._value(cells[layout.month], "month")
        if isinstance(month, Wrong):
            self.checked.note([Problem(number, "month", cells[layout.month][:80], str(month))])
            return
        first = self.seen.setdefault((month, ""), number)
        if first != number:
            text = _("Each month once. It is in row %(row)s already.") % {"row": first}
            self.checked.note([Problem(number, "month", cells[layout.month][:80], text)])
            return
        for pair in layout.pairs:
            columns = {"numerator": pair.numerator}
            names = {"numerator": pair.numerator_name}
            if pair.denominator is not None:
                columns["denominator"] = pair.denominator
                names["denominator"] = pair.denominator_name
            problems: list[Problem] = []
            numbers = _numbers(number, cells, columns, self.expected, self.european, problems)
            if problems:
                self.checked.note(
                    [Problem(p.row, names.get(p.column, p.column), p.value, p.expected)
                     for p in problems]
                )  # fmt: skip
            else:
                yield (number, pair.group, month, "", *numbers)


def _tidied(texts: Series) -> Series:
    """Without blanks around, and nothing about a person in it; each different text once.
    Raises Unreadable."""
    import pandas

    codes, different = pandas.factorize(texts.astype(object), use_na_sentinel=False)
    tidy = ["" if text != text else str(text).strip().replace("\u00a0", " ") for text in different]
    refuse_cells(tidy)
    changed = pandas.Series(tidy, dtype=object).take(codes)
    changed.index = texts.index
    return changed


def _at(cells: list[str], columns: dict[str, int], name: str) -> str:
    return cells[columns[name]] if name in columns and columns[name] < len(cells) else ""


def read_row(
    number: int, cells: list[str], layout: Long, expected: Expected, european: bool
) -> Row:
    """One row by itself. Raises Problems with everything that is wrong in it."""
    columns = layout.columns
    if any(cells[layout.width :]):
        text = _("As many values as the header has. Write 1,204 as 1204.")
        raise Problems([Problem(number, "", ", ".join(c for c in cells if c)[:80], text)])
    problems: list[Problem] = []
    month = _cell(number, cells, columns, "month", problems,
                  lambda text: read_period(text, expected))  # fmt: skip
    group = _cell(number, cells, columns, "group", problems,
                  lambda text: read_group(text, expected))  # fmt: skip
    numerator, denominator = _numbers(number, cells, columns, expected, european, problems)
    if not problems:
        problems += rate_agrees(number, _at(cells, columns, "rate"), numerator, denominator)
    if problems:
        raise Problems(problems)
    return Row(number, group, month, numerator, denominator, _at(cells, columns, "site"))


def _cell(
    number: int,
    cells: list[str],
    columns: dict[str, int],
    name: str,
    problems: list[Problem],
    read: Callable[[str], Any],
) -> Any:
    try:
        return read(_at(cells, columns, name))
    except Wrong as wrong:
        problems.append(Problem(number, name, _at(cells, columns, name)[:80], str(wrong)))
        return None


def _numbers(
    number: int,
    cells: list[str],
    columns: dict[str, int],
    expected: Expected,
    european: bool,
    problems: list[Problem],
) -> tuple[float | None, float | None]:
    def read(text: str) -> float | None:
        return read_number(text, whole=expected.counts, european=european)

    before = len(problems)
    numerator = _cell(number, cells, columns, "numerator", problems, read)
    denominator = _cell(number, cells, columns, "denominator", problems, read)
    if len(problems) == before:
        wrong: Iterable[tuple[str, str]] = together(numerator, denominator, expected)
        problems += [Problem(number, c, _at(cells, columns, c)[:80], text) for c, text in wrong]
    return numerator, denominator
