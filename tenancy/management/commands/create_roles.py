"""The database and its four roles, made by a superuser once and again whenever one likes."""

import os
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql

# name: attributes, and the variable whose URL holds its password.
ROLES = {
    "app_owner": ("CREATEDB NOBYPASSRLS INHERIT", "DATABASE_OWNER_URL"),
    "app_web": ("NOCREATEDB NOBYPASSRLS NOINHERIT", "DATABASE_URL"),
    "app_worker": ("NOCREATEDB NOBYPASSRLS NOINHERIT", "DATABASE_WORKER_URL"),
    "app_backup": ("NOCREATEDB BYPASSRLS NOINHERIT", "DATABASE_BACKUP_URL"),
}

# Run as app_owner in each database, before its first migration. A migration may take some of
# this away again from a table, so what exists already is left as it is.
GRANTS = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO app_web, app_worker, app_backup;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app_web, app_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO app_web, app_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app_backup;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO app_backup;
"""


class Command(BaseCommand):
    help = "Create or update the database and its roles; needs DATABASE_ADMIN_URL."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("DATABASE_ADMIN_URL", "DATABASE_OWNER_URL"):
            if not os.environ.get(name):
                raise CommandError(f"{name} is not set.")
        admin_url = os.environ["DATABASE_ADMIN_URL"]
        database = urlsplit(os.environ["DATABASE_OWNER_URL"]).path.lstrip("/")
        with psycopg.connect(admin_url, autocommit=True) as admin:
            for role, (attributes, variable) in ROLES.items():
                make_role(admin, role, attributes, password_of(role, variable))
            make_database(admin, database)
        with psycopg.connect(admin_url, dbname=database, autocommit=True) as admin:
            admin.execute("SET ROLE app_owner")
            admin.execute(GRANTS)


def password_of(role: str, variable: str) -> str | None:
    """The password in the variable's URL; None without one: that role may not log in."""
    url = urlsplit(os.environ.get(variable, ""))
    return unquote(url.password) if url.username == role and url.password else None


def make_role(
    admin: psycopg.Connection[Any], role: str, attributes: str, password: str | None
) -> None:
    known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    login = "NOLOGIN PASSWORD NULL"
    if password:
        # Hashed here, so that the password itself appears in no log of the server.
        secret = admin.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
        login = f"LOGIN PASSWORD {sql.Literal(secret.decode()).as_string(admin)}"
    admin.execute(
        f"{'ALTER' if known else 'CREATE'} ROLE {role} {attributes} {login}"
        " NOSUPERUSER NOCREATEROLE NOREPLICATION"
    )


def make_database(admin: psycopg.Connection[Any], name: str) -> None:
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER app_owner").format(sql.Identifier(name)))
