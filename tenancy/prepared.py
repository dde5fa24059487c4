"""Reads whose SQL Django writes once per process. Each asking only brings other values.

For a page that is asked for often, putting the SQL together costs more than asking it (ADR 93).
The wall of the code stands in the SQL as in any other; the host is filled in at each asking.

    OPENED = Prepared(lambda: Application.objects.filter(reference=Given("reference", CharField())))
    found = OPENED(reference="LN27-0001")
"""

from __future__ import annotations

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


class Written(NamedTuple):
    rows: QuerySet[Any]
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]


class Prepared:
    """One read. Its SQL may depend on nothing but the values that are given."""

    def __init__(self, build: Callable[[], QuerySet[Any]]) -> None:
        self.build = build
        self.written: dict[Any, Written] = {}

    def __call__(self, **values: Any) -> list[Any]:
        """Its rows. Raises HostNotActive where any other read would."""
        host_id = active.current_host_id()
        if host_id is None:
            raise active.HostNotActive(repr(self.build))
        wall = HostManager.get_queryset
        if wall not in self.written:
            self.written[wall] = self._write()
        rows, compiler, sql, params = self.written[wall]
        filled = tuple(_fill(param, values, host_id) for param in params)
        compiler = copy(compiler)  # the written one serves other threads at the same time
        compiler.connection = connections[rows.db]
        compiler.as_sql = lambda *_args, **_more: (sql, filled)  # type: ignore[method-assign]
        asked = rows.all()
        asked.query.get_compiler = lambda *_args, **_more: compiler  # type: ignore[method-assign]
        return list(asked)

    def _write(self) -> Written:
        with active.as_if_open(SOME_HOST):
            rows = self.build()
            compiler = rows.query.get_compiler(using=rows.db)
            sql, params = compiler.as_sql()
        return Written(rows, compiler, sql, tuple(params))


def _fill(param: Any, values: dict[str, Any], host_id: UUID) -> Any:
    if isinstance(param, Given):
        return values[param.name]
    return host_id if param == SOME_HOST else param
