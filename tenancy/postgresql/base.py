"""Django's Postgres engine, with the database's half of tenancy built into migrations.

A table with a column `host_id` gets, when a migration makes it: a unique key on
`(host_id, id)`, row-level security that also binds the owner, and one policy. A foreign key
between two such tables is made on `(host_id, column)`, so that no row can point into another
host. A plain `makemigrations` is therefore enough; nobody has to remember anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.ddl_references import Statement, Table
from django.db.backends.postgresql import base, operations, schema
from django.db.models import Field, Model

HOST = "NULLIF(current_setting('app.host_id', true), '')::uuid"
WALL = """
ALTER TABLE {table} ADD CONSTRAINT {unique} UNIQUE (host_id, id);
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY host ON {table} USING (host_id = (SELECT {host}))
    WITH CHECK (host_id = (SELECT {host}));
"""
COMPOSITE_KEY = (
    "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (host_id, %(column)s) "
    "REFERENCES %(to_table)s (host_id, id)%(deferrable)s"
)


def is_host_owned(model: type[Model]) -> bool:
    return any(field.column == "host_id" for field in model._meta.local_fields)


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    sql_create_column_inline_fk: Any = None  # so that added columns get their key below as well

    def create_model(self, model: type[Model]) -> None:
        super().create_model(model)
        if is_host_owned(model):
            table = self.quote_name(model._meta.db_table)
            unique = self.quote_name(
                self._create_index_name(model._meta.db_table, ["host_id", "id"], "_uniq")  # type: ignore[attr-defined]
            )
            self.execute(WALL.format(table=table, unique=unique, host=HOST))

    def _create_fk_sql(self, model: type[Model], field: Field[Any, Any], suffix: str) -> Statement:
        statement: Statement = super()._create_fk_sql(model, field, suffix)  # type: ignore[misc]
        target = field.target_field.model  # type: ignore[attr-defined]
        if is_host_owned(model) and is_host_owned(target):
            return Statement(
                COMPOSITE_KEY,
                table=statement.parts["table"],
                name=statement.parts["name"],
                column=statement.parts["column"],
                to_table=Table(target._meta.db_table, self.quote_name),
                deferrable=statement.parts["deferrable"],
            )
        return statement


class PlanKeepingCursor(base.ServerBindingCursor):
    """Has Postgres keep the plan of each statement, for this connection."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, prepare=True, **options)  # type: ignore[misc]


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> Any:
        if isinstance(cursor, PlanKeepingCursor):  # sent its values apart
            return self.compose_sql(sql, params)
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations
    keeps_plans = False

    @contextmanager
    def keeping_plans(self) -> Iterator[None]:
        """For statements that are asked again and again with other values: `tenancy.prepared`."""
        before, self.keeps_plans = self.keeps_plans, True
        try:
            yield
        finally:
            self.keeps_plans = before

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params["prepare_threshold"] = 5  # None, as Django has it, would forbid it
        return params

    def create_cursor(self, name: str | None = None) -> Any:
        if self.keeps_plans and name is None:
            return PlanKeepingCursor(self.connection)  # type: ignore[call-arg]
        return super().create_cursor(name)
