"""What the database itself says about every table that a host owns."""

import pytest
from django.apps import apps
from django.db import connection, models

from tenancy.models import HostManager, HostModel

pytestmark = pytest.mark.django_db

# Tables without a host, each with its reason.
GLOBAL = {
    "tenancy_host": "the hosts themselves",
    "tenancy_link": "the host is found by the link",
    "accounts_user": "one account serves in every host",
    "accounts_startcode": "a code is asked for before any host is known",
    "messaging_globalmessage": "sign-in mail belongs to the person, not to a host",
    "account_emailaddress": "allauth: a person's addresses",
    "account_emailconfirmation": "allauth",
    "mfa_authenticator": "allauth: a person's second factor",
    "usersessions_usersession": "allauth: a person's login sessions",
    "django_session": "login sessions",
    "django_content_type": "Django",
    "django_migrations": "Django",
    "auth_group": "Django; not used",
    "auth_group_permissions": "Django; not used",
    "auth_permission": "Django; not used",
    "config_cache": "limits and other cached values; nothing of a host",
}


def rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def host_tables() -> set[str]:
    return {
        table
        for (table,) in rows(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'host_id'"
        )
    }


def test_every_table_is_a_hosts_or_global_with_a_reason():
    tables = {t for (t,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert tables - host_tables() - set(GLOBAL) == set()
    assert host_tables() & set(GLOBAL) == set()


def test_every_host_table_has_forced_row_security_and_the_policy():
    secured = {
        t
        for (t,) in rows(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        )
    }
    assert host_tables() - secured == set()
    policy = "(host_id = ( SELECT (NULLIF(current_setting('app.host_id'::text, true), ''::text))"
    whole = {
        table
        for table, using, check in rows(
            "SELECT tablename, qual, with_check FROM pg_policies"
            " WHERE policyname = 'host' AND cmd = 'ALL' AND roles = '{public}'"
        )
        if using.startswith(policy) and check.startswith(policy)
    }
    assert host_tables() - whole == set()


def test_other_policies_are_the_few_that_are_known():
    others = rows("SELECT tablename, policyname FROM pg_policies WHERE policyname <> 'host'")
    assert {table for table, _ in others} <= {
        "accounts_membership",  # one's own memberships
        "messaging_outboundmessage",  # app_worker claims due mail
        "messaging_deliveryattempt",
        "documents_job",  # app_worker claims due jobs
    }


def test_every_key_between_host_tables_carries_the_host():
    keys = rows(
        """
        SELECT c.conname, t.relname, f.relname, array_agg(a.attname::text ORDER BY k.ord)
        FROM pg_constraint c
        JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid
        CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY k(attnum, ord)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
        WHERE c.contype = 'f' GROUP BY 1, 2, 3
        """
    )
    tables = host_tables()
    simple = [
        name
        for name, table, target, columns in keys
        if table in tables and target in tables and columns[0] != "host_id"
    ]
    assert simple == []


def test_every_unique_of_a_host_table_begins_with_the_host():
    """A unique over all hosts would tell one of them what another one uses."""
    uniques = rows(
        """
        SELECT t.relname, i.relname, a.attname::text, x.indisprimary
        FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid
        JOIN pg_class i ON i.oid = x.indexrelid
        LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
        WHERE x.indisunique
        """
    )
    tables = host_tables()
    wide = [
        (table, index)
        for table, index, first, primary in uniques
        if table in tables and not primary and first != "host_id"
    ]
    assert wide == []


def test_no_view_no_definer_function_goes_round_the_wall():
    assert rows("SELECT viewname FROM pg_views WHERE schemaname = 'public'") == []
    assert rows("SELECT matviewname FROM pg_matviews WHERE schemaname = 'public'") == []
    assert (
        rows(
            "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = 'public' AND p.prosecdef"
        )
        == []
    )


def test_the_role_of_the_tests_is_bound_by_the_policies():
    assert rows(
        "SELECT current_user::text, rolsuper, rolbypassrls FROM pg_roles"
        " WHERE rolname = current_user"
    ) == [("app_web", False, False)]
    assert (
        rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = 'app_web'"
        )
        == []
    )


def own_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if issubclass(m, HostModel)]


def test_every_host_model_reads_through_the_hosts_manager():
    wrong = [
        m._meta.label
        for m in own_models()
        if not isinstance(m._default_manager, HostManager)
        or not isinstance(m._base_manager, HostManager)
    ]
    assert wrong == []
    assert {m._meta.db_table for m in own_models()} == host_tables()


def test_no_hidden_many_to_many():
    hidden = [f"{m._meta.label}" for m in apps.get_models() for _ in m._meta.local_many_to_many]
    assert hidden == ["auth.Group"]
