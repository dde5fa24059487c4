"""Reads whose SQL Django writes once per process. Each asking only brings other values.

For a page that is asked for often, putting the SQL together costs more than asking it (ADR 93),
and so does planning it: Postgres keeps the plan for each connection (ADR 89). The wall of the code
stands in the SQL as in any other; the host is filled in at each asking.

    OPENED = Prepared(lambda: Application.objects.filter(reference=Given("reference", CharField())))
    found = OPENED(reference="LN27-0001")
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from tenancy import active
from tenancy.models import HostManager

SOME_HOST = UUID("00000000-0000-0000-0000-00000000a11a")  # while the SQL is written


class Given(Expression):
    """Stands where a value comes with each asking."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)

    def get_group_by_cols(self) -> list[Any]:
        return []


class Written(NamedTuple):
    """sql: with constants in it, so that its plan can count on them. names: of what is filled
    in; "host" is the active one."""

    rows: QuerySet[Any]
    compiler: SQLCompiler
    sql: str
    names: frozenset[str]


class Prepared:
    """One read. Its SQL may depend on nothing but the values that are given."""

    def __init__(self, build: Callable[[], QuerySet[Any]]) -> None:
        self.build = build
        self.written: dict[Any, Written] = {}

    def __call__(self, **values: Any) -> list[Any]:
        """Its rows. Raises HostNotActive where any other read would."""
        wall = HostManager.get_queryset
        if wall not in self.written:
            self.written[wall] = self._write()
        rows, compiler, sql, names = self.written[wall]
        values["host"] = active.current_host_id()
        if "host" in names and values["host"] is None:
            raise active.HostNotActive(repr(self.build))
        filled = {name: values[name] for name in names}
        connection: Any = connections[rows.db]
        compiler = copy(compiler)  # the written one serves other threads at the same time
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_more: (sql, filled)  # type: ignore[method-assign,assignment,return-value]
        query = copy(rows.query)
        query.get_compiler = lambda *_args, **_more: compiler  # type: ignore[method-assign]
        asked: Any = type(rows)(rows.model, query)
        asked._iterable_class, asked._fields = rows._iterable_class, rows._fields  # type: ignore[attr-defined]
        with connection.keeping_plans():
            return list(asked)

    def first(self, **values: Any) -> Any:
        """Its first row or None; the queryset itself says how many are fetched."""
        return next(iter(self(**values)), None)

    def _write(self) -> Written:
        with active.as_if_open(SOME_HOST):
            rows = self.build()
            compiler = rows.query.get_compiler(using=rows.db)
            sql, params = compiler.as_sql()
        assert not rows._prefetch_related_lookups  # type: ignore[attr-defined]
        return Written(rows, compiler, *_with_constants(sql, params, connections[rows.db]))


def _with_constants(sql: str, params: Any, connection: Any) -> tuple[str, frozenset[str]]:
    left = iter(params)
    names: set[str] = set()

    def fill(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%%"
        value = next(left)
        if value == SOME_HOST or isinstance(value, Given):
            name = value.name if isinstance(value, Given) else "host"
            names.add(name)
            return f"%({name})s"
        constant: str = connection.ops.compose_sql("%s", [value])
        return constant.replace("%", "%%")

    return re.sub("%[%s]", fill, sql), frozenset(names)
