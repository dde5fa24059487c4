"""Repeating lines of an editor's page: options, items, conditions.

Lines are added, removed and moved by ordinary submit buttons, which keep all that was typed on
the page. Nothing is saved by them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

BUTTONS = ("_add", "_remove", "_up", "_down")


class Row(dict[str, Any]):
    """What stands in one line, by column; with its number on the page, and what is wrong."""

    number: int
    error: str = ""
    error_at: str = ""  # the column that the error is about

    @property
    def is_empty(self) -> bool:
        return not any(value for key, value in self.items() if key != "code")


class Rows:
    def __init__(
        self,
        prefix: str,
        columns: Sequence[str],
        *,
        initial: Sequence[Mapping[str, Any]] = (),
        data: QueryDict | None = None,
        many: Sequence[str] = (),
        spare: int = 0,
    ) -> None:
        """many: columns that send several values. spare: empty lines after the last one."""
        self.prefix, self.columns, self.many = prefix, columns, many
        self.arranged = False
        rows = [Row(one) for one in initial] if data is None else self._posted(data)
        if data is not None:
            rows = self._arrange(rows, data)
        elif spare:
            rows += [self._blank() for _one in range(spare)]
        self.rows = rows
        for number, row in enumerate(rows):
            row.number = number

    def _blank(self) -> Row:
        return Row({one: [] if one in self.many else "" for one in (*self.columns, "code")})

    def _posted(self, data: QueryDict) -> list[Row]:
        pattern = re.compile(rf"{self.prefix}-(\d{{1,3}})-\w+")
        numbers = sorted({int(found[1]) for key in data if (found := pattern.fullmatch(key))})
        rows = []
        for number in numbers:
            row = self._blank()
            for column in row:
                name = f"{self.prefix}-{number}-{column}"
                row[column] = data.getlist(name) if column in self.many else data.get(name, "")
                if isinstance(row[column], str):
                    row[column] = row[column].strip()
            rows.append(row)
        return rows

    def _arrange(self, rows: list[Row], data: QueryDict) -> list[Row]:
        for button in BUTTONS:
            name, _dash, number = data.get(button, "").partition("-")
            if name != self.prefix:
                continue
            self.arranged = True
            if button == "_add":
                rows.append(self._blank())
                continue
            at = int(number) if number.isdigit() else -1
            if not 0 <= at < len(rows):
                continue
            to = {"_up": at - 1, "_down": at + 1}.get(button, at)
            row = rows.pop(at)
            if button != "_remove":
                rows.insert(min(max(to, 0), len(rows)), row)
        return rows

    @property
    def given(self) -> list[Row]:
        """The lines in which something stands."""
        return [row for row in self.rows if not row.is_empty]

    @property
    def errors(self) -> list[Row]:
        return [row for row in self.rows if row.error]

    def wrong(self, row: Row, column: str, sentence: str) -> None:
        row.error, row.error_at = sentence, f"{self.prefix}-{row.number}-{column}"
